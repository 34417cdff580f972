/** Generates mutated messages with a fixed seed. */
import { Random } from '../../../../src/engine/random.js'

const BYTES = [
  '\0',
  '\x01',
  '\t',
  '\n',
  '\r',
  ' ',
  ',',
  ':',
  ';',
  '"',
  '\\',
  '#',
  '/',
  '@',
  '[',
  '0',
  '9',
  'A',
  'z',
  '\x7f',
  '\x80',
  '\xff',
]

/** `count` messages, each a mutation of one of `texts` (except long ones). */
export const mutationsOf = (texts: readonly string[], count: number, seed = 1): string[] => {
  const random = new Random(seed)
  const short = texts.filter((text) => text.length < 1000 && text.length > 0)
  const pick = <T>(items: readonly T[]): T => items[random.integer(0, items.length - 1)]!
  const mutate = (text: string): string => {
    const at = random.integer(0, text.length - 1)
    const other = pick(short)
    switch (random.integer(0, 5)) {
      case 0:
        return text.slice(0, at) + text.slice(at + 1)
      case 1:
        return text.slice(0, at) + pick(BYTES) + text.slice(at)
      case 2:
        return text.slice(0, at) + pick(BYTES) + text.slice(at + 1)
      case 3: {
        // repeat a line
        const lines = text.split('\n')
        const index = random.integer(0, lines.length - 1)
        return [...lines.slice(0, index), lines[index]!, ...lines.slice(index)].join('\n')
      }
      case 4: {
        // insert a line of another message
        const lines = text.split('\n')
        const index = random.integer(0, lines.length - 1)
        return [...lines.slice(0, index), pick(other.split('\n')), ...lines.slice(index)].join('\n')
      }
      default: {
        const end = Math.min(text.length, at + 1 + random.integer(0, 9))
        return text.slice(0, at) + text.slice(end)
      }
    }
  }
  return Array.from({ length: count }, () => {
    const once = mutate(pick(short))
    const text = random.integer(0, 1) === 0 || once === '' ? once : mutate(once)
    return text === '' ? pick(short) : text
  })
}
