import { execFile } from 'node:child_process'
import { chmod, chown, cp, mkdir, readdir, realpath } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { findBinary, type Binary } from './find-binary.js'
import { privateFolder } from './private-folder.js'
import { serverOrSkip } from './server-or-skip.js'
import { startServer, type ServerProcess } from './server-process.js'
import { outsideServer, type TestServer } from './test-server.js'

const run = promisify(execFile)

/** Where Debian and Ubuntu put it: not on the PATH. */
const VERSIONS = '/usr/lib/postgresql'

/**
 * Starts a PostgreSQL, or takes the one at `TEST_POSTGRES_URL`, whose user must be allowed to make databases: use one of your own there.
 * @throws {ServerUnavailable} when there is none to be had.
 */
export async function startPostgresql(): Promise<TestServer> {
  const url = process.env['TEST_POSTGRES_URL'] ?? ''
  return url === '' ? startOwnPostgresql() : outsideServer(url, 5432)
}

/** For mocha's `before`: `server = await postgresqlOrSkip(this)`. */
export function postgresqlOrSkip(context: Mocha.Context): Promise<TestServer> {
  return serverOrSkip(context, 'PostgreSQL', startPostgresql)
}

async function startOwnPostgresql(): Promise<ServerProcess> {
  const installed = await readdir(VERSIONS).catch(() => [])
  const folders = installed.toSorted((a, b) => Number(b) - Number(a)).map(version => join(VERSIONS, version, 'bin'))
  const names = { name: 'postgresql', commands: ['initdb'], packages: ['postgresql-17', 'postgresql-16', 'postgresql-15', 'postgresql'] }
  const { as, binary: initdb } = await runnable(await findBinary({ ...names, folders }))
  const url = (port: number): string => `postgres://postgres@127.0.0.1:${port}/postgres`
  return startServer({
    name: 'PostgreSQL',
    binary: { ...initdb, path: join(dirname(initdb.path), 'postgres') },
    as,
    url,
    prepare: async (folder, port) => {
      const data = join(folder, 'cluster')
      await mkdir(data, { mode: 0o700 })
      if (as !== undefined) {
        await Promise.all([chmod(dirname(folder), 0o711), chmod(folder, 0o711), chown(data, as.uid, as.gid)])
      }
      const options = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
      await run(initdb.path, [`--pgdata=${data}`, ...options], { env: initdb.env, cwd: data, ...as })
      const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', max_connections: 200 }
      return ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
    },
    answers: async (port, pid) => (await pidOf(url(port))) === pid,
  })
}

/** PostgreSQL refuses to run as root: then it runs as nobody, out of a folder that nobody can read. */
async function runnable(binary: Binary): Promise<{ readonly binary: Binary; readonly as: { uid: number; gid: number } | undefined }> {
  const path = await realpath(binary.path)
  if (process.getuid?.() !== 0) return { binary: { ...binary, path }, as: undefined }
  const as = { uid: 65_534, gid: 65_534 }
  const ours = await privateFolder()
  if (!path.startsWith(ours + sep)) return { binary: { ...binary, path }, as }
  const readable = `${ours}-readable`
  const moved = (text: string): string => text.replaceAll(ours, readable)
  await mkdir(readable, { recursive: true, mode: 0o755 })
  await chmod(readable, 0o755)
  await cp(join(ours, 'postgresql'), join(readable, 'postgresql'), { recursive: true, force: false })
  return { binary: { path: moved(path), env: { ...binary.env, LD_LIBRARY_PATH: moved(binary.env['LD_LIBRARY_PATH'] ?? '') } }, as }
}

/** The process of the server that answers there, if one does. */
async function pidOf(url: string): Promise<number | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ file: string }>("select pg_read_file('postmaster.pid') as file")
    return Number(rows[0]?.file.split('\n', 1)[0])
  } catch {
    return undefined
  } finally {
    await client.end().catch(() => undefined)
  }
}
