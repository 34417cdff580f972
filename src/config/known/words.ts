/** Parsing of the word lists in this directory. */

/** Splits a list at white space. */
export const words = (text: string): string[] => text.trim().split(/\s+/)

/** Parses words with an optional number (default 0): `name:2`. */
export const countedWords = (text: string): Map<string, number> =>
  new Map(
    words(text).map((word) => {
      const [name, count] = word.split(':')
      return [name!, Number(count ?? 0)]
    }),
  )
