import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** The folder of the package. */
export const ROOT = join(import.meta.dirname, '..', '..')

/** A file of TypeScript as a reader of architecture sees it. */
export interface SourceFile {
  /** From the package's folder, with `/`. */
  readonly path: string
  readonly lines: number
  /** What it imports or hands on, as written. */
  readonly imports: readonly string[]
  /** The text without comments, and with the contents of strings and regular expressions left out. */
  readonly code: string
}

export function sourceFiles(folder: string): readonly SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter(file => file.isFile() && file.name.endsWith('.ts'))
    .map(file => join(file.parentPath, file.name))
    .toSorted()
    .map(path => sourceFile(relative(ROOT, path).replaceAll(sep, '/'), readFileSync(path, 'utf8')))
}

export function sourceFile(path: string, text: string): SourceFile {
  const parts = partsOf(text)
  const uncommented = parts.map(part => (part.kind === 'comment' ? ' ' : part.text)).join('')
  return {
    path,
    lines: text.split('\n').filter(line => !/^\s*(?:\/\/|\/?\*|$)/.test(line)).length,
    imports: Array.from(uncommented.matchAll(IMPORT), ([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? ''),
    code: parts.map(part => (part.kind === 'code' ? part.text : part.kind === 'comment' ? ' ' : "''")).join(''),
  }
}

const IMPORT =
  /\b(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*['"]([^'"]+)['"]|\b(?:import|require)\s*\(\s*['"]([^'"]+)['"]/g

interface Part {
  readonly kind: 'code' | 'comment' | 'literal'
  readonly text: string
}

/** After one of these a `/` begins a regular expression; after anything else it divides. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of))\s*$/

/** Cuts a text into code, comments and literals. What stands in `${}` of a template is code. */
function partsOf(text: string): readonly Part[] {
  const parts: Part[] = []
  const templates: number[] = []
  let [at, code, depth] = [0, '', 0]
  const literal = (kind: 'comment' | 'literal', pattern: RegExp) => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? text.slice(at)
    parts.push({ kind: 'code', text: code }, { kind, text: found })
    code = ''
    at += found.length
    if (found.endsWith('${')) templates.push(depth++)
  }
  while (at < text.length) {
    const [one, two] = [text[at] ?? '', text.slice(at, at + 2)]
    if (two === '//') literal('comment', /\/\/[^\n]*/y)
    else if (two === '/*') literal('comment', /\/\*[^]*?\*\//y)
    else if (one === "'" || one === '"') literal('literal', /(['"])(?:\\[^]|(?!\1)[^\\\n])*\1/y)
    else if (one === '`') literal('literal', /`(?:\\[^]|\$(?!\{)|[^\\`$])*(?:`|\$\{)/y)
    else if (one === '/' && BEFORE_REGEX.test(code)) literal('literal', /\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[\n])+\/\w*/y)
    else if (one === '}' && templates.at(-1) === depth - 1) {
      depth = templates.pop() ?? 0
      literal('literal', /\}(?:\\[^]|\$(?!\{)|[^\\`$])*(?:`|\$\{)/y)
    } else {
      if (one === '{') depth++
      if (one === '}') depth--
      code += one
      at++
    }
  }
  return [...parts, { kind: 'code', text: code }]
}
