/** What does not come apart into a letter and its marks. */
const OTHER_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
  '’': "'",
  '‘': "'",
  '`': "'",
  ʻ: "'",
  ʼ: "'",
}

/** A name as people type it: lower case, no accents, so that `zurich` finds Zürich and `lodz` finds Łódź. */
export function foldName(name: string): string {
  const bare = name
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
  return bare.replace(/\P{ASCII}/gu, letter => OTHER_LETTERS[letter] ?? letter).trim()
}
