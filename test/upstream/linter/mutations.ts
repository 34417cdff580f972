/** One-line mutations of configurations, as mistakes of users: words and lines are lost, doubled, misspelt or misplaced. */
import type { Random } from '../../../src/engine/index.js'
import type { LinterCase } from './corpus.js'

/** Returns `count` mutations of `cases`; the same for the same random numbers. */
export const mutate = (cases: readonly LinterCase[], count: number, random: Random): LinterCase[] => {
  const words = collectWords(cases)
  const mutations: LinterCase[] = []
  while (mutations.length < count) {
    const base = pick(random, cases)
    const mutated = mutateText(base.text, random, words)
    if (mutated !== undefined)
      mutations.push({ ...base, name: `mutation ${mutations.length + 1} of ${base.name}`, ...mutated })
  }
  return mutations
}

/** Words by {@link kindOf}. */
type WordsByKind = ReadonlyMap<string, readonly string[]>

const collectWords = (cases: readonly LinterCase[]): WordsByKind => {
  const all = new Map<string, Set<string>>()
  for (const { text } of cases)
    for (const line of text.split('\n').filter(isStatement))
      for (const [index, word] of splitWords(line).words.entries()) {
        const kind = kindOf(word, index)
        all.set(kind, (all.get(kind) ?? new Set()).add(word))
      }
  return new Map([...all].map(([kind, words]) => [kind, [...words]]))
}

/** What can replace a word: keywords, numbers and times, addresses and paths, other words. */
const kindOf = (word: string, index: number): string => {
  if (index === 0) return 'keyword'
  if (/^\d+\w{0,2}$/.test(word)) return 'number'
  if (/[/@:]/.test(word)) return 'address'
  if (/[()%[\]]/.test(word)) return 'expression'
  return 'word'
}

const isStatement = (line: string): boolean => /^\s*[^\s#]/.test(line)

const mutateText = (
  text: string,
  random: Random,
  words: WordsByKind,
): Pick<LinterCase, 'text' | 'mutation'> | undefined => {
  const lines = text.split('\n')
  const statements = lines.flatMap((line, index) => (isStatement(line) ? [index] : []))
  if (statements.length === 0) return undefined
  const at = pick(random, statements)
  const line = lines[at]!
  const mutated = pick(random, KINDS)(line, { lines, at, random, words, statements })
  if (mutated === undefined) return undefined
  const result = [...lines.slice(0, at), ...mutated, ...lines.slice(at + 1)].join('\n')
  if (result === text) return undefined
  return {
    text: result,
    mutation: `line ${at + 1}: ${line.trim()} => ${mutated.map((each) => each.trim()).join(' | ')}`,
  }
}

interface Surroundings {
  readonly lines: string[]
  readonly at: number
  readonly random: Random
  readonly words: WordsByKind
  /** indexes of lines that are not empty */
  readonly statements: readonly number[]
}

/** Returns the lines that replace a line; undefined if it cannot be mutated this way. */
type Mutation = (line: string, surroundings: Surroundings) => string[] | undefined

const dropWord: Mutation = (line, { random }) => changeWord(line, random, () => [])
const doubleWord: Mutation = (line, { random }) => changeWord(line, random, (word) => [word, word])
const doubleLine: Mutation = (line) => [line, line]
const dropLine: Mutation = () => []

const changeLetter: Mutation = (line, { random }) =>
  changeWord(line, random, (word) => {
    const at = random.integer(0, word.length - 1)
    const letter = String.fromCharCode(0x61 + random.integer(0, 25))
    return [pick(random, [word.slice(0, at), word.slice(0, at) + letter, word.slice(0, at + 1)]) + word.slice(at + 1)]
  })

const swapWords: Mutation = (line, { random }) => {
  const { indent, words } = splitWords(line)
  if (words.length < 2) return undefined
  const at = random.integer(0, words.length - 2)
  const [first, second] = [words[at]!, words[at + 1]!]
  return [indent + [...words.slice(0, at), second, first, ...words.slice(at + 2)].join(' ')]
}

const NUMBERS = [
  '0',
  '1',
  '-1',
  '2',
  '00',
  '65536',
  '99999999999',
  '4294967296',
  '10ms',
  '1h',
  '3k',
  '1.5',
  'x',
  '0x10',
]

const changeNumber: Mutation = (line, { random }) => {
  const numbers = [...line.matchAll(/\d+/g)]
  if (numbers.length === 0) return undefined
  const { 0: number, index } = pick(random, numbers)
  return [line.slice(0, index) + pick(random, NUMBERS) + line.slice(index + number.length)]
}

const moveLine: Mutation = (_, { lines, at, random, statements }) => {
  const target = pick(random, statements)
  if (target === at) return undefined
  const [moved] = lines.splice(at, 1, '')
  lines[target] = `${lines[target]!}\n${moved!}`
  return [lines[at]!]
}

const replaceWord: Mutation = (line, { random, words }) =>
  changeWord(line, random, (word, index) => [pick(random, words.get(kindOf(word, index))!)])

const addWord: Mutation = (line, { random, words }) =>
  changeWord(line, random, (word) => [word, pick(random, words.get(pick(random, [...words.keys()]))!)])

const KINDS: readonly Mutation[] = [
  dropWord,
  doubleWord,
  doubleLine,
  dropLine,
  changeLetter,
  changeLetter,
  swapWords,
  changeNumber,
  moveLine,
  replaceWord,
  replaceWord,
  addWord,
]

const changeWord = (line: string, random: Random, change: (word: string, index: number) => string[]): string[] => {
  const { indent, words } = splitWords(line)
  const at = random.integer(0, words.length - 1)
  return [indent + words.flatMap((word, index) => (index === at ? change(word, index) : [word])).join(' ')]
}

const splitWords = (line: string): { readonly indent: string; readonly words: string[] } => ({
  indent: /^\s*/.exec(line)![0],
  words: line.trim().split(/\s+/),
})

const pick = <T>(random: Random, from: readonly T[]): T => from[random.integer(0, from.length - 1)]!
