// Packs the package as it would be published and has it judged from outside: publint, attw, and an import of every door from a fresh folder.
import { execFileSync, spawnSync } from 'node:child_process'
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
    // Maps lead to sources that are not in the package.
    .filter(name => name.endsWith('.map') || !/^(?:dist\/(?:lib|adapters)\/|package\.json$|README\.md$|CHANGELOG\.md$|LICENSE$)/.test(name))
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

  // The same in TypeScript, which looks into all declarations. Only these doors speak of the types of their peers.
  const PEERS = { express: ['express', '@types/express'], koa: ['koa', '@types/koa'], knex: ['knex'] }
  const typed = doors.map(door => `smart-cache${door.slice(1)}`).filter(name => !Object.keys(PEERS).some(peer => name.endsWith(`/${peer}`)))
  const programs = { strangers: typed, ...Object.fromEntries(Object.keys(PEERS).map(peer => [peer, [`smart-cache/${peer}`]])) }
  const compilerOptions = { target: 'es2023', module: 'nodenext', strict: true, skipLibCheck: false, noEmit: true, types: ['node'] }
  for (const [who, names] of Object.entries(programs)) {
    run('npm', ['install', '--no-audit', '--no-fund', '@types/node@20', ...(PEERS[who] ?? [])], { cwd: folder })
    writeFileSync(
      path.join(folder, 'program.ts'),
      names.map((name, at) => `import * as door${at} from '${name}'\nvoid door${at}\n`).join(''),
    )
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }))
    const errors = spawnSync('npx', ['--no-install', 'tsc', '-p', folder], { encoding: 'utf8' }).stdout
    // What is wrong with the declarations of others is not ours to mend.
    const own = errors.split('\n').filter(line => line.includes('node_modules/smart-cache/') || line.includes('program.ts('))
    if (own.length > 0) throw new Error(`TypeScript refuses ${names.join(', ')}:\n${own.join('\n')}`)
    console.log(`TypeScript accepts ${names.join(', ')}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
