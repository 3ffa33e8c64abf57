import type { Dialect } from '../../lib/queries/tokens.js'

/** What knex.raw() resolves with is what the driver brings: on PostgreSQL and MySQL rows with a description, in classes of the driver's own. */
export interface RawAnswers {
  /** As plain data. */
  plain(answer: unknown): unknown
  /** As the driver would bring it; what describes the columns stays plain. */
  restored(kept: unknown): unknown
}

export function rawAnswers(dialect: Dialect, driver: unknown): RawAnswers {
  switch (dialect) {
    case 'sqlite':
      return { plain: answer => answer, restored: kept => kept }
    case 'postgresql':
      return { plain: plainResult, restored: kept => Object.assign(Object.create(resultPrototype(driver)) as object, kept) }
    case 'mysql':
      return { plain: plainPair, restored: kept => kept }
  }
}

function plainResult(answer: unknown): unknown {
  if (!isObject(answer) || !Array.isArray(answer['fields'])) return answer
  const { command, rowCount, oid, rows, fields } = answer
  return { command, rowCount, oid, rows, fields: fields.map(plainFields) }
}

function resultPrototype(driver: unknown): object {
  const result = isObject(driver) ? driver['Result'] : undefined
  return typeof result === 'function' ? (result.prototype as object) : Object.prototype
}

function plainPair(answer: unknown): unknown {
  if (!Array.isArray(answer) || answer.length !== 2) return answer
  const [rows, fields] = answer as readonly unknown[]
  return [rows, Array.isArray(fields) ? fields.map(plainFields) : fields]
}

const FIELDS =
  `name orgName table orgTable schema db columnID tableID dataTypeID dataTypeSize dataTypeModifier format columnType type typeName
  columnLength length characterSet encoding flags decimals catalog`.split(/\s+/)

function plainFields(field: unknown): unknown {
  if (!isObject(field)) return field
  return Object.fromEntries(FIELDS.flatMap(name => (isObject(field[name]) || field[name] === undefined ? [] : [[name, field[name]]])))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
