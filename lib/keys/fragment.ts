import { canonical } from './canonical.js'
import { checkName, OWN, versionSuffix } from './names.js'

/**
 * The tag of all fragments of one name, and so of what was made of them.
 * @throws {KeyError} for a name that cannot be
 */
export function fragmentTag(name: unknown): string {
  checkName(name, 'fragment')
  return `${OWN}fragment ${name}`
}

/**
 * The key of one fragment: of its name, its version, the digest of its template, and what it differs by.
 * @throws {KeyError} for a name, or for what it differs by; {ConfigError} for a version
 */
export function fragmentKey(name: unknown, version: unknown, template: string, differsBy: readonly unknown[]): string {
  checkName(name, 'fragment')
  return `${OWN}fragment ${JSON.stringify(name)}${versionSuffix(version)}.${template}(${differsBy.map(canonical).join()})`
}
