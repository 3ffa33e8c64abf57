import { execFile } from 'node:child_process'
import { access, constants, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { basename, delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { unpackPackage } from './apt-packages.js'
import { privateFolder } from './private-folder.js'
import { ServerUnavailable } from './server-unavailable.js'

const run = promisify(execFile)

/** Where a server's program may be had. */
export interface Wanted {
  /** What the server is called. */
  readonly name: string
  /**
   * What the program is run with, to see whether it runs.
   * @default '--version'
   */
  readonly versionFlag?: string
  /** Names of programs, any of which will do. */
  readonly commands: readonly string[]
  /** Folders to look into besides those of the PATH. */
  readonly folders?: readonly string[]
  /** Debian and Ubuntu packages, any of which will do. */
  readonly packages: readonly string[]
}

export interface Binary {
  readonly path: string
  readonly env: NodeJS.ProcessEnv
}

const found = new Map<string, Promise<Binary>>()

/**
 * Finds a program on the PATH, among the packages fetched earlier, or in packages fetched now. Looks once per process.
 * @throws {ServerUnavailable} when there is none.
 */
export function findBinary(wanted: Wanted): Promise<Binary> {
  const finding = found.get(wanted.name) ?? find(wanted)
  found.set(wanted.name, finding)
  return finding
}

async function find(wanted: Wanted): Promise<Binary> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...(wanted.folders ?? [])].filter(folder => folder !== '')
  const paths = folders.flatMap(folder => wanted.commands.map(command => join(folder, command)))
  return (await firstThatRuns(paths, wanted, process.env)) ?? (await fetched(wanted)) ?? (await fetchNow(wanted))
}

/** The program from packages that this or another process has fetched. */
async function fetched(wanted: Wanted): Promise<Binary | undefined> {
  return unpacked(join(await privateFolder(), wanted.name), wanted)
}

async function fetchNow(wanted: Wanted): Promise<Binary> {
  const reasons: string[] = []
  for (const name of wanted.packages) {
    const staging = await mkdtemp(join(await privateFolder(), `${wanted.name}-`))
    try {
      await unpackPackage(name, staging)
      await putInPlace(join(staging, 'root'), join(await privateFolder(), wanted.name), wanted)
    } catch (error) {
      reasons.push(reasonOf(error))
    } finally {
      await rm(staging, { recursive: true, force: true })
    }
    const binary = await fetched(wanted)
    if (binary !== undefined) return binary
  }
  throw new ServerUnavailable(`no ${wanted.commands.join(' or ')} on the PATH, and no package: ${reasons.join('; ')}`)
}

/** Moves what was unpacked to where all look for it, in one step. Of two processes that fetch at once, one is first and the other uses that. */
async function putInPlace(root: string, place: string, wanted: Wanted): Promise<void> {
  try {
    await rename(root, place)
  } catch (error) {
    if ((await unpacked(place, wanted)) !== undefined) return
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    // What is there does not run, or not any more.
    await rename(place, `${root}-broken`)
    await rename(root, place)
  }
}

async function unpacked(root: string, wanted: Wanted): Promise<Binary | undefined> {
  const files = await readdir(root, { recursive: true }).catch(() => [])
  const paths = files
    .filter(file => wanted.commands.includes(basename(file)) && dirname(file).endsWith('bin'))
    .map(file => join(root, file))
  const libraries = files.filter(file => /^(usr\/)?lib(\/[^/]+-linux-[^/]+)?$/.test(file)).map(folder => join(root, folder))
  const inherited = process.env['LD_LIBRARY_PATH'] ?? ''
  return firstThatRuns(paths, wanted, {
    ...process.env,
    LD_LIBRARY_PATH: [...libraries, inherited].filter(path => path !== '').join(delimiter),
  })
}

async function firstThatRuns(
  paths: readonly string[],
  { versionFlag = '--version' }: Wanted,
  env: NodeJS.ProcessEnv,
): Promise<Binary | undefined> {
  for (const path of paths) if (await runs(path, versionFlag, env)) return { path, env }
  return undefined
}

async function runs(path: string, versionFlag: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    await run(path, [versionFlag], { env, timeout: 10_000 })
    return true
  } catch {
    return false
  }
}

function reasonOf(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string }
  const complaint = stderr?.split('\n').find(line => line.startsWith('E: '))
  return complaint ?? message.split('\n')[0] ?? message
}
