/**
 * Sample expressions: `fetch(args),converter(args),…` (`sample_parse_expr`, src/sample.c). Text is a byte string. Names, numbers and types of
 * arguments, casts between fetch and converters, and what the emulated ones check are all looked at here; what an argument refers to is not.
 */
import { parseArguments, type Argument } from './arguments.js'
import {
  converterSignature,
  declareVariables,
  fetchSignature,
  type SampleKeyword,
  type SampleKeywords,
  LUA_PREFIX,
} from './keywords.js'
import { isCastable, isFreeCast, type SampleType } from './types.js'

export interface SampleCall {
  readonly name: string
  readonly args: readonly Argument[]
}

export interface SampleExpression {
  readonly fetch: SampleCall
  readonly converters: readonly SampleCall[]
  /** what the last of them returns */
  readonly output: SampleType
  /** where the fetch is valid: a bit for each place of {@link PLACES} */
  readonly places: number
  /** what the fetch extracts its value from: a bit for each of {@link SOURCES}; 0: a constant */
  readonly sources: number
  /** fetches and converters that HAProxy has and hapsim does not emulate: the expression has no value then */
  readonly gaps: readonly string[]
}

export type ParsedExpression =
  | {
      readonly expression: SampleExpression
      /** the word in which the expression ends, and where in it */
      readonly word: number
      readonly end: number
    }
  | { readonly error: string }

/** Whether the name is one of HAProxy's own, or a script registers it, or may register it. */
const isRegistered = (kind: 'fetch' | 'converter', name: string, { scope }: SampleKeywords): boolean =>
  !name.startsWith(LUA_PREFIX) || !scope || scope.useLua(kind, name.slice(LUA_PREFIX.length))

const NAME = /[A-Za-z0-9._+:-]*/y

const nameAt = (text: string, at: number): string => {
  NAME.lastIndex = at
  return NAME.exec(text)![0]
}

/**
 * @param words the words of a line, of which further ones may be converters, too (`src lower`), or one text
 * @param first the word that the expression begins with
 * @param from where in that word
 * @param isPart whether the expression is part of a longer text, so that anything may follow it; further words are not read then
 */
export const parseExpression = (
  words: readonly string[],
  first: number,
  from: number,
  isPart: boolean,
  keywords: SampleKeywords,
): ParsedExpression => {
  const text = words[first] ?? ''
  const name = nameAt(text, from)
  if (name === '') return { error: 'missing fetch method' }
  const known = fetchSignature(name)
  if (!known || !isRegistered('fetch', name, keywords)) return { error: `unknown fetch method '${name}'` }
  const parsed = parseArguments(text, from + name.length, known.signature, keywords.noReferences)
  if ('error' in parsed) return { error: `fetch method '${name}' : ${parsed.error}` }
  const isChecked = parsed.arguments.length > 0 || text[from + name.length] === '('
  const checked = isChecked ? checkArguments(keywords.fetches.get(name), parsed.arguments, keywords) : parsed.arguments
  if (typeof checked === 'string') return { error: `invalid args in fetch method '${name}' : ${checked}` }

  declareVariables(keywords, keywords.fetches.get(name), parsed.arguments)
  const gaps = name.startsWith(LUA_PREFIX) || keywords.fetches.has(name) ? [] : [`the sample fetch '${name}'`]
  const fetch = { name, args: checked }
  const rest = parseConverters(words, first, parsed.end, isPart, known.output, keywords)
  if ('error' in rest) return rest
  const { converters, output, word, end } = rest
  return {
    expression: {
      fetch,
      converters,
      output,
      places: known.places,
      sources: known.sources,
      gaps: [...gaps, ...rest.gaps],
    },
    word,
    end,
  }
}

type ParsedConverters =
  | {
      readonly converters: readonly SampleCall[]
      readonly output: SampleType
      readonly gaps: readonly string[]
      readonly word: number
      readonly end: number
    }
  | { readonly error: string }

/** Converters after a fetch that returns `type`, or after a variable (`sample_parse_expr_cnv`). */
export const parseConverters = (
  words: readonly string[],
  first: number,
  from: number,
  isPart: boolean,
  type: SampleType,
  keywords: SampleKeywords,
): ParsedConverters => {
  const converters: SampleCall[] = []
  const gaps: string[] = []
  let output = type
  let word = first
  let end = from
  let last = ''
  for (;;) {
    let text = words[word] ?? ''
    if (end < text.length && text[end] !== ',') {
      if (isPart) break
      return { error: last === '' ? 'missing comma after fetch keyword' : `missing comma after converter '${last}'` }
    }
    while (text[end] === ',') end++
    let begin = end
    const isNewWord = begin >= text.length
    if (isNewWord) {
      if (isPart) break
      word++
      text = words[word] ?? ''
      begin = 0
      end = 0
      if (text === '') break
    }
    const name = nameAt(text, begin)
    const known = converterSignature(name)
    if (!known || !isRegistered('converter', name, keywords)) {
      // a word that is not a converter ends the expression
      if (isNewWord) break
      return { error: `unknown converter '${name}'` }
    }
    last = name
    if (!isCastable(output, known.input)) return { error: `converter '${name}' cannot be applied` }
    if (known.output !== 'same') output = known.output
    else if (!isFreeCast(output, known.input)) output = known.input

    const parsed = parseArguments(text, begin + name.length, known.signature, keywords.noReferences)
    if ('error' in parsed)
      return { error: `invalid arg ${parsed.position + 1} in converter '${name}' : ${parsed.error}` }
    if (!name.startsWith(LUA_PREFIX) && !keywords.converters.has(name)) gaps.push(`the converter '${name}'`)
    const converter = keywords.converters.get(name)
    const checked = checkArguments(converter, parsed.arguments, keywords)
    if (typeof checked === 'string') return { error: `invalid args in converter '${name}' : ${checked}` }
    declareVariables(keywords, converter, parsed.arguments)
    converters.push({ name, args: checked })
    end = parsed.end
  }
  return { converters, output, gaps, word, end }
}

/** The arguments as they are evaluated, or what is wrong with them. */
export const checkArguments = (
  keyword: SampleKeyword | undefined,
  args: readonly Argument[],
  { scope }: SampleKeywords,
): readonly Argument[] | string => {
  const checked = keyword?.check?.(args, scope)
  return checked === undefined ? args : typeof checked === 'string' ? checked : checked.args
}
