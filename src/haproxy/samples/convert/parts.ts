/** Converters that extract a part of a text: fields and words between separators, a parameter by its name. */
import { integerArgument, textArgument, type Converter } from '../keyword.js'
import { bytesOf, type BytesSample, type Sample } from '../sample.js'
import type { Argument } from '../../../config/samples/arguments.js'

const part = (sample: Sample, text: string): Sample => ({ ...(sample as BytesSample), bytes: text })

const check = (args: readonly Argument[]): string | undefined => {
  if (integerArgument(args, 0) === 0n) return 'Unexpected value 0 for index'
  return textArgument(args, 1) === '' ? 'Empty separators list' : undefined
}

/** The start and end of a part of a text between separators. */
type Piece = readonly [begin: number, end: number]

/** Fields are the parts between two separators, even empty ones. */
const fieldsOf = (text: string, separators: string): Piece[] => {
  const fields: Piece[] = []
  let begin = 0
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && !separators.includes(text[at]!)) continue
    fields.push([begin, at])
    begin = at + 1
  }
  return fields
}

const wordsOf = (text: string, separators: string): Piece[] =>
  fieldsOf(text, separators).filter(([begin, end]) => begin < end)

/** `count` parts from a numbered one on; negative numbers count from the end; a count of 0 means all. */
const taking = (name: string, divide: (text: string, separators: string) => Piece[]): Converter => ({
  name,
  check,
  bind: (args) => {
    const index = Number(integerArgument(args, 0))
    const separators = textArgument(args, 1)
    const count = Number(BigInt.asIntN(32, integerArgument(args, 2, 1n)))
    return (sample) => {
      const text = bytesOf(sample)
      const pieces = divide(text, separators)
      const first = index > 0 ? index - 1 : pieces.length + index
      if (first < 0 || first >= pieces.length) return undefined
      const others = count >= 1 ? count - 1 : Infinity
      if (index > 0) {
        const last = first + others
        return part(sample, text.slice(pieces[first]![0], last < pieces.length ? pieces[last]![1] : text.length))
      }
      const last = first - others
      return part(sample, text.slice(last >= 0 ? pieces[last]![0] : 0, pieces[first]![1]))
    }
  },
})

const param: Converter = {
  name: 'param',
  check: (args) =>
    args.length > 1 && textArgument(args, 1).length !== 1 ? 'Delimiter must be exactly 1 character.' : undefined,
  bind: (args) => {
    const name = textArgument(args, 0)
    const delimiter = args.length > 1 ? textArgument(args, 1) : '&'
    return (sample) => {
      const text = bytesOf(sample)
      let at = 0
      while (at < text.length) {
        const after = at + name.length
        if (after > text.length) break
        const isNamed = text.startsWith(name, at)
        if (after === text.length || text[after] === delimiter) {
          if (isNamed) return part(sample, '')
          at = after + 1
          continue
        }
        if (text[after] === '=' && isNamed) {
          const end = text.indexOf(delimiter, after + 1)
          return part(sample, text.slice(after + 1, end < 0 ? text.length : end))
        }
        const next = text.indexOf(delimiter, at)
        at = next < 0 ? text.length : next + 1
      }
      return undefined
    }
  },
}

export const PART_CONVERTERS: readonly Converter[] = [taking('field', fieldsOf), taking('word', wordsOf), param]
