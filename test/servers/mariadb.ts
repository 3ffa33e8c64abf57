import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createConnection } from 'mysql2/promise'
import { findBinary } from './find-binary.js'
import { serverOrSkip } from './server-or-skip.js'
import { startServer, type ServerProcess } from './server-process.js'
import { outsideServer, type TestServer } from './test-server.js'

const WANTED = {
  name: 'mariadb',
  commands: ['mariadbd'],
  folders: ['/usr/sbin'],
  packages: ['mariadb-server-core', 'mariadb-server-core-10.11'],
}

/** What a new server consists of, in the order of need. */
const SYSTEM_TABLES = ['mysql_system_tables.sql', 'mysql_performance_tables.sql', 'mysql_system_tables_data.sql']

/**
 * Starts a MariaDB, or takes the server at `TEST_MYSQL_URL` (MySQL will do), whose user must be allowed to make databases: use one of your own there.
 * @throws {ServerUnavailable} when there is none to be had.
 */
export async function startMariadb(): Promise<TestServer> {
  const url = process.env['TEST_MYSQL_URL'] ?? ''
  return url === '' ? startOwnMariadb() : outsideServer(url, 3306)
}

/** For mocha's `before`: `server = await mariadbOrSkip(this)`. */
export function mariadbOrSkip(context: Mocha.Context): Promise<TestServer> {
  return serverOrSkip(context, 'MariaDB', startMariadb)
}

async function startOwnMariadb(): Promise<ServerProcess> {
  const binary = await findBinary(WANTED)
  const share = join(dirname(await realpath(binary.path)), '..', 'share', 'mysql')
  const common = (data: string): readonly string[] => [
    '--no-defaults',
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    `--datadir=${data}`,
    `--lc-messages-dir=${share}`,
    `--character-sets-dir=${join(share, 'charsets')}`,
    '--innodb-flush-log-at-trx-commit=0',
  ]
  const url = (port: number): string => `mysql://root@127.0.0.1:${port}/`
  return startServer({
    name: 'MariaDB',
    binary,
    url,
    prepare: async (folder, port) => {
      const data = join(folder, 'databases')
      await mkdir(join(data, 'mysql'), { recursive: true })
      const tables = await Promise.all(SYSTEM_TABLES.map(file => readFile(join(share, file), 'utf8')))
      const child = spawn(binary.path, [...common(data), '--bootstrap', '--skip-networking'], {
        env: binary.env,
        stdio: ['pipe', 'ignore', 'pipe'],
      })
      child.stdin.end(['use mysql;', ...tables].join('\n'))
      const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
      if (code !== 0) throw new Error(`MariaDB could not be set up:\n${said.slice(-2000)}`)
      return [
        ...common(data),
        '--skip-grant-tables',
        '--bind-address=127.0.0.1',
        `--port=${port}`,
        `--socket=${join(folder, 'socket')}`,
        `--pid-file=${join(folder, 'pid')}`,
      ]
    },
    answers: async (port, pid) => (await pidOf(port)) === pid,
  })
}

/** The process of the server that answers there, if one does. */
async function pidOf(port: number): Promise<number | undefined> {
  try {
    const connection = await createConnection({ host: '127.0.0.1', port, user: 'root', connectTimeout: 1000 })
    const [rows] = await connection.query('select @@pid_file as file')
    connection.destroy()
    return Number(await readFile((rows as unknown as readonly { file: string }[])[0]?.file ?? '', 'utf8'))
  } catch {
    return undefined
  }
}
