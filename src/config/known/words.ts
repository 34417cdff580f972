/** Lists of words as the files beside this one write them: one text, words apart by spaces. */

export const words = (text: string): string[] => text.trim().split(/\s+/)

/** Words with a number: `name:2`; without one it is 0. */
export const countedWords = (text: string): Map<string, number> =>
  new Map(
    words(text).map((word) => {
      const [name, count] = word.split(':')
      return [name!, Number(count ?? 0)]
    }),
  )
