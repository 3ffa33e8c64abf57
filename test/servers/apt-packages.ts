import { execFile } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Fetches a Debian or Ubuntu package with all that it needs and the system lacks, and unpacks them under `folder`. Needs no rights, changes nothing else. */
export async function unpackPackage(name: string, folder: string): Promise<void> {
  const debs = join(folder, 'debs')
  await mkdir(debs, { recursive: true })
  try {
    await download(name, debs, [])
  } catch {
    // No lists of packages, as in most images, or lists that are out of date.
    await download(name, debs, await freshLists(join(folder, 'apt')))
  }
  for (const deb of await readdir(debs)) await run('dpkg', ['-x', join(debs, deb), join(folder, 'root')])
}

async function download(name: string, into: string, options: readonly string[]): Promise<void> {
  const plan = await apt(['-s', 'install', '--no-install-recommends', name], into, options)
  const names = [...plan.matchAll(/^Inst (\S+)/gm)].map(([, found = '']) => found)
  await apt(['download', ...new Set([name, ...names])], into, options)
}

/** Reads the lists of packages anew, beside those of the system. Returns the options that make apt use them. */
async function freshLists(folder: string): Promise<readonly string[]> {
  const options = ['-o', `Dir::State::Lists=${folder}/lists`, '-o', `Dir::Cache=${folder}/cache`]
  for (const part of ['lists/partial', 'cache/archives/partial']) await mkdir(join(folder, part), { recursive: true })
  await apt(['update'], folder, options)
  return options
}

async function apt(args: readonly string[], cwd: string, options: readonly string[]): Promise<string> {
  const common = [
    '-q',
    '-o',
    'APT::Sandbox::User=root',
    '-o',
    'Acquire::Retries=1',
    '-o',
    'Acquire::http::Timeout=15',
    '-o',
    'Acquire::https::Timeout=15',
  ]
  const env = { ...process.env, LC_ALL: 'C' }
  const { stdout } = await run('apt-get', [...common, ...options, ...args], { cwd, env, timeout: 120_000, maxBuffer: 2 ** 26 })
  return stdout
}
