/** The tokens of a valid Lua source text with their positions; coverage identifies statements and operands by them. */

export interface Token {
  readonly text: string
  readonly kind: 'name' | 'keyword' | 'other'
  /** offsets of the first character and of the end */
  readonly start: number
  readonly end: number
}

/** A position as in istanbul: lines from 1, columns from 0. */
export interface Position {
  readonly line: number
  readonly column: number
}

const KEYWORDS = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
)

const BLANK = /(?:[ \t\r\n\f\v]+|--(?!\[=*\[)[^\n\r]*)+/y
const LONG = /(?:--)?\[(=*)\[/y
const NAME = /[A-Za-z_]\w*/y
const NUMBER = /0[xX](?:[pP][+-]?|[\da-fA-F.])*|\.?\d(?:[eE][+-]?|[\w.])*/y
const TEXT = /"(?:\\(?:z\s*|\r\n|\n\r|[^])|[^"\\])*"|'(?:\\(?:z\s*|\r\n|\n\r|[^])|[^'\\])*'/y
const SIGN = /\.\.\.|\.\.|==|~=|<=|>=|<<|>>|\/\/|::|[^]/y

const at = (pattern: RegExp, text: string, place: number): RegExpExecArray | null => {
  pattern.lastIndex = place
  return pattern.exec(text)
}

export const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = []
  let place = 0
  while (place < text.length) {
    const blank = at(BLANK, text, place)
    if (blank) {
      place = BLANK.lastIndex
      continue
    }
    const long = at(LONG, text, place)
    if (long) {
      const close = text.indexOf(`]${long[1]}]`, LONG.lastIndex)
      const end = close < 0 ? text.length : close + long[1]!.length + 2
      if (!long[0].startsWith('--')) tokens.push({ text: '[[', kind: 'other', start: place, end })
      place = end
      continue
    }
    const name = at(NAME, text, place)
    const found = name ?? at(NUMBER, text, place) ?? at(TEXT, text, place) ?? at(SIGN, text, place)!
    const end = place + found[0].length
    tokens.push({
      text: found[0],
      kind: name ? (KEYWORDS.has(found[0]) ? 'keyword' : 'name') : 'other',
      start: place,
      end,
    })
    place = end
  }
  return tokens
}

/** Converts offsets to positions by the offsets of line ends. */
export class Lines {
  readonly #starts: number[] = [0]

  constructor(text: string) {
    for (const { index, 0: end } of text.matchAll(/\r\n|\n\r|\n|\r/g)) this.#starts.push(index + end.length)
  }

  position(offset: number): Position {
    let [low, high] = [0, this.#starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#starts[middle]! <= offset) low = middle
      else high = middle
    }
    return { line: low + 1, column: offset - this.#starts[low]! }
  }
}
