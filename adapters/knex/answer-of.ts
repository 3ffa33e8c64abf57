import type { Answer } from '../../lib/queries/row-tags.js'

/** What the driver has brought for a statement that writes: each has a shape of its own. */
export function answerOf(result: unknown): Answer {
  const { response, context } = (isObject(result) ? result : {}) as { readonly response?: unknown; readonly context?: unknown }
  // pg: { rows }; SQLite: rows, or a context; mysql2: [rows or header, fields].
  const [first]: readonly unknown[] = Array.isArray(response) ? response : []
  const rows = isObject(response) && 'rows' in response ? response['rows'] : Array.isArray(first) ? first : response
  const generated = isObject(context) ? context['lastID'] : isObject(first) ? first['insertId'] : undefined
  return { rows: Array.isArray(rows) && rows.every(isObject) ? rows : undefined, generated }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
