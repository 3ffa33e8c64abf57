import { templateDigest } from '../../lib/fragments/template-digest.js'

/** All that EJS begins and ends with; `<%%` is text. */
const TAG = /<%%|<%([-_=#]?)([^]*?)([-_]?)%>/g
const OPEN = /^\s*cache\s+(?=['"`])([^]*)$/
const CLOSE = /^\s*endcache\s*$/

/** What a block is rendered by, among the locals of a template. */
export const FRAGMENT = 'smartCacheFragment'

/** The rest of the function that a block becomes: what EJS writes into, for it alone. */
const OUTPUT = "let __output = ''; const __append = made => { if (made !== undefined && made !== null) __output += made };"

interface OpenBlock {
  /** Which piece its opening tag becomes. */
  readonly piece: number
  readonly tagAt: number
  readonly bodyAt: number
  readonly opening: (digest: string) => string
}

/**
 * A template with `<% cache 'name', { … } %> … <% endcache %>`, as EJS reads it. A block becomes a function with an output of its own, so that it can be
 * rendered at any time, by itself. All lines stay where they are.
 * @throws {SyntaxError} for a tag without its other
 */
export function withBlocks(text: string, file: string, localsName: string): string {
  const pieces: string[] = []
  const open: OpenBlock[] = []
  let at = 0
  for (const { 0: tag, 1: kind, 2: code = '', 3: trim = '', index } of text.matchAll(TAG)) {
    if (kind !== '' && kind !== '_') continue
    const args = OPEN.exec(code)?.[1]
    if (args === undefined && !CLOSE.test(code)) continue
    pieces.push(text.slice(at, index))
    at = index + tag.length
    if (args !== undefined) {
      const opening = (digest: string) =>
        `<%${kind} __append(await ${localsName}.${FRAGMENT}('${digest}', [${args}], async () => { ${OUTPUT} ${trim}%>`
      open.push({ piece: pieces.push('') - 1, tagAt: index, bodyAt: at, opening })
    } else {
      const block = open.pop()
      if (block === undefined) throw unpaired(text, file, index, '`endcache` without `cache`')
      pieces[block.piece] = block.opening(templateDigest(text.slice(block.bodyAt, index)))
      pieces.push(`<%${kind} return __output })) ${trim}%>`)
    }
  }
  const unclosed = open.pop()
  if (unclosed !== undefined) throw unpaired(text, file, unclosed.tagAt, '`cache` without `endcache`')
  return pieces.join('') + text.slice(at)
}

function unpaired(text: string, file: string, at: number, what: string): SyntaxError {
  return new SyntaxError(`${file}:${text.slice(0, at).split('\n').length}\n${what}`)
}
