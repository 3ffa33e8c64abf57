import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findBinary } from './find-binary.js'
import { serverOrSkip } from './server-or-skip.js'
import { startServer } from './server-process.js'
import type { TestServer } from './test-server.js'

const WANTED = { name: 'prometheus', commands: ['prometheus'], packages: ['prometheus'] }

/** For mocha's `before`: a Prometheus that reads these URLs every second. */
export function prometheusOrSkip(context: Mocha.Context, read: readonly URL[]): Promise<TestServer> {
  return serverOrSkip(context, 'Prometheus', () => startPrometheus(read))
}

async function startPrometheus(read: readonly URL[]): Promise<TestServer> {
  const url = (port: number): string => `http://127.0.0.1:${port}`
  return startServer({
    name: 'Prometheus',
    binary: await findBinary(WANTED),
    url,
    prepare: async (folder, port) => {
      const file = join(folder, 'prometheus.yml')
      const jobs = read.map(({ host, pathname }, at) => ({
        job_name: `job${at}`,
        metrics_path: pathname,
        static_configs: [{ targets: [host] }],
      }))
      // Its configuration is YAML, of which JSON is a part.
      await writeFile(file, JSON.stringify({ global: { scrape_interval: '1s', scrape_timeout: '1s' }, scrape_configs: jobs }))
      return [`--config.file=${file}`, `--storage.tsdb.path=${join(folder, 'series')}`, `--web.listen-address=127.0.0.1:${port}`]
    },
    answers: port =>
      fetch(`${url(port)}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
  })
}
