/**
 * Goes through files line by line (parse_cfg in src/cfgparse.c). HAProxy does that twice: a first pass evaluates conditions and
 * heeds the keywords that decide how the process starts, among them those that change the environment; a second one, made when
 * the first has found no errors, reads everything.
 */
import { fromByteString, toByteString } from '../bytes/text.js'
import type { ConditionContext } from './syntax/condition.js'
import type { Diagnostics } from './syntax/diagnostics.js'
import { Conditions, emitMessage } from './syntax/directives.js'
import { readDiscoveryLine, readEnvironmentLine } from './global/early-keywords.js'
import { isPlain, lexLine, MAX_WORDS } from './syntax/lexer.js'
import { Line } from './syntax/line.js'
import { markPosition } from './syntax/marker.js'
import type { LineResult, Reading } from './reading.js'
import { sectionReader } from './sections.js'

/** After so many broken lines HAProxy gives up on a file. */
const MAX_FATAL = 50

/** Keywords that `no` and `default` may stand before. */
const NEGATABLE: readonly string[] = [
  'option',
  'log',
  'busy-polling',
  'set-dumpable',
  'strict-limits',
  'insecure-fork-wanted',
  'numa-cpu-mapping',
]

/** The first pass over a file: how the process starts. */
export const discoverFile = (reading: Reading, name: string, text: string, world: ConditionContext): LineResult =>
  new FileReader(reading, name, toByteString(text), world, new DiscoveryPass(reading)).run()

/** The second pass over a file: everything. */
export const readFile = (reading: Reading, name: string, text: string, world: ConditionContext): LineResult => {
  enterFolder(reading, name)
  return new FileReader(reading, name, toByteString(text), world, new MainPass(reading)).run()
}

/** What cannot be had is read where the process was started. */
const enterFolder = (reading: Reading, file: string): void => {
  const problem = reading.defaultPath.enter(file)
  if (problem !== undefined) reading.main.add('alert', `config : parsing ${file} : ${problem}`)
  reading.options.certificates?.setBaseDirectory?.(reading.defaultPath.directory)
}

/** What a pass does with the lines of a file. */
interface Pass {
  readonly diagnostics: Diagnostics
  /** the section being read, as it calls itself */
  readonly section: string
  /** whether empty words, which end a line for most keywords, are warned of */
  readonly warnsOfEmptyWords: boolean
  /** Whether a line, without the spaces before it, says nothing to this pass. */
  ignores(text: string): boolean
  /** A line that begins with a dot and is no condition. */
  directive(line: Line): LineResult | 'stop'
  /** Any other line. */
  keyword(line: Line): LineResult
}

class DiscoveryPass implements Pass {
  readonly diagnostics: Diagnostics
  readonly warnsOfEmptyWords = true
  section = ''
  private sectionKeyword = ''

  constructor(private readonly reading: Reading) {
    this.diagnostics = reading.early
  }

  /** Nearly every line outside of `global`: a short one that begins no section and has nothing that could be wrong in it. */
  ignores(text: string): boolean {
    if (this.sectionKeyword === 'global' || text.length > 2 * MAX_WORDS || !isPlain(text)) return false
    const [word] = /^[^ \t\v\f]+/.exec(text)!
    return !word.startsWith('.') && word !== 'no' && word !== 'default' && !sectionReader(word)
  }

  directive(): LineResult {
    return 'ok'
  }

  keyword(line: Line): LineResult {
    const keyword = line.at(0)
    if (sectionReader(keyword)) {
      this.sectionKeyword = keyword
      this.section = line.at(1) || keyword
      return 'ok'
    }
    return this.sectionKeyword === 'global' ? readDiscoveryLine(this.reading, line) : 'ok'
  }
}

class MainPass implements Pass {
  readonly diagnostics: Diagnostics
  readonly warnsOfEmptyWords = false

  constructor(private readonly reading: Reading) {
    this.diagnostics = reading.main
    reading.section = ''
    reading.currentReader = undefined
  }

  get section(): string {
    return this.reading.section
  }

  ignores(): boolean {
    return false
  }

  directive(line: Line): LineResult | 'stop' {
    return emitMessage(this.reading, line)
  }

  keyword(line: Line): LineResult {
    const { reading } = this
    const keyword = line.at(0)
    const begins = sectionReader(keyword)
    if (begins) {
      reading.currentReader = begins
      reading.sectionKeyword = keyword
      reading.section = line.at(1) || keyword
      if (keyword !== 'global') reading.pastGlobal = true
    }
    const reader = reading.currentReader
    if (!reader) return reading.alertWithoutSpace(line, `unknown keyword '${keyword}' out of section.`)
    if (reading.sectionKeyword === 'global' && !begins) {
      const outcome = readEnvironmentLine(reading, line)
      if (outcome) return outcome
    }
    return reader(reading, line)
  }
}

class FileReader {
  private line = 0
  private outcome: LineResult = 'ok'
  private fatal = 0
  /** a directive has ended this pass */
  private stopped = false
  private readonly conditions: Conditions
  private readonly diagnostics: Diagnostics

  constructor(
    private readonly reading: Reading,
    private readonly file: string,
    /** a character for each byte */
    private readonly text: string,
    world: ConditionContext,
    private readonly pass: Pass,
  ) {
    this.diagnostics = pass.diagnostics
    this.conditions = new Conditions(pass.diagnostics, world)
  }

  run(): LineResult {
    const { text } = this
    let from = 0
    while (from < text.length) {
      const end = text.indexOf('\n', from)
      const raw = text.slice(from, end < 0 ? text.length : end)
      this.line++
      if (this.fatal >= MAX_FATAL) {
        this.alert(`too many fatal errors (${this.fatal}), stopping now.`)
        break
      }
      const nul = raw.indexOf('\0')
      this.readRaw(nul < 0 ? raw : raw.slice(0, nul))
      if (this.stopped || this.outcome === 'abort') break
      if (end < 0 || nul >= 0) {
        this.cutShort(nul < 0 ? raw.length : nul, end >= 0 && end + 1 < text.length)
        break
      }
      from = end + 1
    }
    if (this.conditions.nested && (this.outcome !== 'abort' || this.stopped)) {
      this.alert("non-terminated '.if' block.")
      this.outcome = 'abort'
    }
    return this.outcome
  }

  private place() {
    return { file: this.file, line: this.line }
  }

  private alert(message: string): void {
    this.diagnostics.add('alert', `config : parsing [${this.file}:${this.line}]: ${message}`, this.place())
    if (this.outcome === 'ok') this.outcome = 'fatal'
  }

  /** The line has no line feed, or a NUL within. */
  private cutShort(length: number, more: boolean): void {
    this.alert(
      more
        ? `Stray NUL character at position ${length + 1}.`
        : `Missing LF on last line, file might have been truncated at position ${length + 1}.`,
    )
  }

  private readRaw(raw: string): void {
    const first = /[^ \t\v\f\r]/.exec(raw)
    if (!first || first[0] === '#') return
    const body = first.index === 0 ? raw : raw.slice(first.index)
    if (first[0] === '[') {
      this.readScope(body)
      return
    }
    if (this.pass.ignores(body)) return
    const lexed = lexLine(body, (name) => this.lookup(name))
    if (lexed.error) {
      const marked = markPosition(body.slice(0, lexed.error.shownTo), lexed.error.at, 80)
      const position = first.index + lexed.error.at + 1
      this.alert(`${lexed.error.kind} at position ${position}:\n  ${marked.text}\n${' '.repeat(marked.at + 2)}^`)
      this.fatal++
    } else if (lexed.tooMany !== undefined) {
      const last = lexed.words.at(-1)!
      this.alert(`too many words, truncating after word 64, position ${lexed.tooMany}: <${last}>.`)
      this.fatal++
    } else if (lexed.words.length > 0) {
      if (lexed.empty && this.pass.warnsOfEmptyWords) this.warnOfEmptyWord(body, first.index, lexed.empty)
      this.readLine(new Line(this.file, this.line, lexed.words))
    }
  }

  private warnOfEmptyWord(body: string, indent: number, empty: { word: number; at: number }): void {
    const marked = markPosition(body, empty.at, 80)
    const message =
      `argument number ${empty.word} at position ${indent + empty.at + 1} is empty and marks the end of the ` +
      `argument list; all subsequent arguments will be ignored:\n  ${marked.text}\n${' '.repeat(marked.at + 2)}^`
    this.diagnostics.add('warning', `config : parsing [${this.file}:${this.line}]: ${message}`, this.place())
  }

  private lookup(name: string): string | undefined {
    if (name === '.LINE') return String(this.line)
    if (name === '.FILE') return this.file
    if (name === '.SECTION') return this.pass.section
    return this.reading.env.get(name)
  }

  /** `[name]` opens a scope, which only files of engines (SPOE) care about. */
  private readScope(body: string): void {
    const end = body.indexOf(']')
    const alert = (message: string, outcome: 'fatal' | 'abort'): void => {
      this.diagnostics.parsing('alert', this.place(), message)
      this.outcome = outcome
    }
    if (end < 2) return alert('empty scope name is forbidden.', 'fatal')
    const bad = /[^\w.:-]/.exec(body.slice(1, end))
    if (bad) return alert(`character '${fromByteString(bad[0])}' is not permitted in a scope name.`, 'abort')
    const after = /[^ \t\v\f\r]/.exec(body.slice(end + 1))?.[0]
    if (after !== undefined && after !== '#')
      alert(`character '${fromByteString(after)}' is not permitted after scope declaration.`, 'abort')
  }

  private readLine(line: Line): void {
    const dotted = line.words[0]!.charCodeAt(0) === 46
    if (dotted) {
      const outcome = this.conditions.handle(line)
      if (outcome) {
        if (outcome === 'stop') this.stopped = true
        if (outcome !== 'ok') this.outcome = 'abort'
        return
      }
    }
    if (!this.conditions.active || line.words[0] === '') return
    if (!dotted) {
      this.takeModifier(line)
      this.note(this.pass.keyword(line))
      return
    }
    const outcome = this.pass.directive(line)
    if (outcome === 'stop') this.stopped = true
    this.note(outcome === 'stop' ? 'fatal' : outcome)
  }

  private takeModifier(line: Line): void {
    const word = line.words[0]
    if (word !== 'no' && word !== 'default') return
    line.modifier = word
    line.words.shift()
    if (line.words.length === 0) line.words.push('')
    if (NEGATABLE.includes(line.at(0))) return
    this.alert(
      'negation/default currently supported only for options, log, busy-polling, set-dumpable, strict-limits, ' +
        'insecure-fork-wanted and numa-cpu-mapping.',
    )
    this.fatal++
  }

  private note(outcome: LineResult): void {
    if (outcome === 'ok') return
    this.outcome = outcome
    this.fatal++
  }
}
