/**
 * Does `text` match `pattern`, in which `*` stands for any run of characters and everything else for itself? Takes time in proportion to
 * the product of the lengths at worst, so a hostile pattern cannot stall the process.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let at = 0
  let star = -1
  let retry = 0
  let place = 0
  while (place < text.length) {
    if (pattern[at] === '*') {
      star = at++
      retry = place
    } else if (pattern[at] === text[place]) {
      at++
      place++
    } else if (star !== -1) {
      at = star + 1
      place = ++retry
    } else {
      return false
    }
  }
  while (pattern[at] === '*') at++
  return at === pattern.length
}
