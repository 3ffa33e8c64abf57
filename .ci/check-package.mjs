// Packs the package as it would be published and has it judged from outside: publint, attw, and an import of every door from a fresh folder.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const run = (command, args, options = {}) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options })
const folder = mkdtempSync(path.join(tmpdir(), 'smart-cache-package-'))
try {
  const [{ filename, files }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder]).replace(/^[^[]*(?=\[)/s, ''))
  const stray = files
    .map(file => file.path)
    .filter(name => !/^(?:dist\/(?:lib|adapters)\/|package\.json$|README\.md$|CHANGELOG\.md$|LICENSE$)/.test(name))
  if (stray.length > 0) throw new Error(`Files that do not belong into the package: ${stray.join(', ')}`)
  const tarball = path.join(folder, filename)
  console.log(run('npx', ['--no-install', 'publint', 'run', tarball, '--strict']))
  console.log(run('npx', ['--no-install', 'attw', tarball, '--profile', 'esm-only', '--no-color', '--no-emoji']))

  // A stranger's project: the root door alone must not need any optional peer.
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module", "private": true }')
  run('npm', ['install', '--no-audit', '--no-fund', '--omit=peer', tarball], { cwd: folder })
  const doors = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).exports).filter(door => !door.endsWith('.json'))
  for (const door of doors) {
    const name = `smart-cache${door.slice(1)}`
    const names = run('node', ['--input-type=module', '-e', `console.log(Object.keys(await import('${name}')).join(', '))`], {
      cwd: folder,
    })
    console.log(`${name}: ${names.trim()}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
