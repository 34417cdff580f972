/** `\p{…}`: Unicode properties (`get_ucp` in pcre2_compile.c). Bytes are the first 256 code points. */
import { setOf, type ByteSet } from './byte-set.js'
import { PatternError } from './errors.js'
import { LATIN_AND_COMMON, PROPERTIES, SCRIPTS } from './property-table.js'

const LONGEST = 49

const has = (names: string, name: string): boolean => names.split(' ').includes(name)

/** Parses a set such as `41-5a 61`. */
const setOfRanges = (ranges: string): ByteSet => {
  const set = setOf(() => false)
  for (const range of ranges.split(' ').filter((each) => each !== '')) {
    const [from, to = from] = range.split('-').map((code) => parseInt(code, 16)) as [number, number?]
    set.fill(1, from, to + 1)
  }
  return set
}

const script = (name: string, extensions: boolean): ByteSet | undefined => {
  if (Object.hasOwn(LATIN_AND_COMMON, name)) return setOfRanges(LATIN_AND_COMMON[name]![extensions ? 1 : 0])
  if (has(SCRIPTS.middleDot, name)) return setOfRanges(extensions ? 'b7' : '')
  return has(SCRIPTS.none, name) ? setOfRanges('') : undefined
}

/** The set of a property name in lower case without separators. */
const lookUp = (name: string): ByteSet | undefined => {
  const property = PROPERTIES.find(([names]) => has(names, name))
  return property ? setOfRanges(property[1]) : script(name, true)
}

const qualified = (property: string, value: string): ByteSet | undefined => {
  switch (property) {
    case 'bidiclass':
    case 'bc':
      return lookUp(`bidi${value}`)
    case 'script':
    case 'sc':
      return script(value, false)
    case 'scriptextensions':
    case 'scx':
      return script(value, true)
  }
  return undefined
}

export interface PropertyRead {
  readonly set: ByteSet
  readonly negated: boolean
  readonly at: number
  /** `Lu`, `Ll` or `Lt`, which are equivalent in a class that ignores case */
  readonly cased: boolean
}

/**
 * Parses the property after `\p` or `\P`.
 *
 * @throws PatternError
 */
export const readProperty = (text: string, at: number): PropertyRead => {
  const malformed = (offset: number): never => {
    throw new PatternError(46, offset)
  }
  const first = text[at++] ?? malformed(at - 1)
  let name = ''
  let negated = false
  if (first === '{') {
    for (;;) {
      const char = text[at++] ?? malformed(at - 1)
      if (/[_\- \t-\r]/.test(char)) continue
      if (name === '' && !negated && char === '^') negated = true
      else if (char === '}') break
      else if (char < '&' || char > 'z' || name.length >= LONGEST) malformed(at)
      else name += char.toLowerCase()
    }
  } else if (/[A-Za-z]/.test(first)) name = first.toLowerCase()
  else malformed(at)
  const separator = name.search(/[:=]/)
  const set = separator < 0 ? lookUp(name) : qualified(name.slice(0, separator), name.slice(separator + 1))
  if (!set) throw new PatternError(47, at)
  return { set, negated, at, cased: ['lu', 'll', 'lt'].includes(name) }
}
