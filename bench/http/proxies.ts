import { writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { findBinary, type Binary, type Wanted } from '../../test/servers/find-binary.js'
import { startServer, type Recipe, type ServerProcess } from '../../test/servers/server-process.js'

/** A program that caches what an origin behind it answers. */
export interface Proxy {
  readonly name: string
  readonly wanted: Wanted
  /** Starts it before the origin at this port. */
  start(binary: Binary, origin: number): Promise<ServerProcess>
}

export const nginx: Proxy = {
  name: 'nginx, proxy_cache, one worker',
  wanted: { name: 'nginx', commands: ['nginx'], packages: ['nginx'], versionFlag: '-v' },
  start: (binary, origin) =>
    startProxy('nginx', binary, async (folder, port) => {
      const file = join(folder, 'nginx.conf')
      await writeFile(file, nginxSettings(folder, port, origin))
      return ['-p', folder, '-c', file, '-e', 'stderr']
    }),
}

export const varnish: Proxy = {
  name: 'Varnish',
  wanted: { name: 'varnish', commands: ['varnishd'], packages: ['varnish'], versionFlag: '-V' },
  start: (binary, origin) =>
    startProxy('Varnish', binary, async (folder, port) => {
      const where = ['-n', join(folder, 'work'), '-a', `127.0.0.1:${port}`, '-b', `127.0.0.1:${origin}`]
      const settings = ['timeout_idle=600', 'thread_pools=1'].flatMap(setting => ['-p', setting])
      return ['-F', '-j', 'none', ...where, '-s', 'malloc,64m', '-t', '3600', ...settings]
    }),
}

/** @throws {ServerUnavailable} when it is neither here nor to be had */
export function binaryOf({ wanted }: Proxy): Promise<Binary> {
  return findBinary(wanted)
}

function startProxy(name: string, binary: Binary, prepare: Recipe['prepare']): Promise<ServerProcess> {
  return startServer({ name, binary, prepare, url: port => `http://127.0.0.1:${port}`, answers: port => answersAt(port) })
}

function answersAt(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const asked = get({ port, host: '127.0.0.1', path: '/page', agent: false }, response => {
      response.resume().once('close', () => resolve(response.statusCode === 200))
    })
    asked.on('error', () => resolve(false))
  })
}

function nginxSettings(folder: string, port: number, origin: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${join(folder, name)};`)
  // Started by root, its workers would be of a user who may not enter the folder.
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  // One process: whoever ends it leaves no worker behind.
  return `daemon off;
master_process off;
${user}
pid ${join(folder, 'pid')};
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_timeout 600s;
  keepalive_requests 1000000000;
  open_file_cache max=100 inactive=600s;
  ${temporary.join(' ')}
  proxy_cache_path ${join(folder, 'cache')} keys_zone=pages:10m;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${origin};
      proxy_cache pages;
      add_header X-Cache $upstream_cache_status;
    }
  }
}
`
}
