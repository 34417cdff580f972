/** Goes through the files line by line and hands each line to the reader of its section (parse_cfg in src/cfgparse.c). */
import { fromByteString, toByteString } from '../bytes/text.js'
import type { ConditionWorld } from './syntax/condition.js'
import { Conditions, sayMessage } from './syntax/directives.js'
import { readEarlyGlobalLine } from './global/early-keywords.js'
import { lexLine } from './syntax/lexer.js'
import { Line } from './syntax/line.js'
import { markPosition } from './syntax/marker.js'
import type { Outcome, Reading } from './reading.js'
import { sectionReader } from './sections.js'

/** After so many broken lines HAProxy gives up on a file. */
const MAX_FATAL = 50

/** How the reading of a file went, for both of HAProxy's readings. */
export interface FileOutcome {
  readonly early: Outcome
  readonly main: Outcome
}

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

/** Reads one file; what it says goes to `reading`. */
export const readFile = (reading: Reading, name: string, text: string, world: ConditionWorld): FileOutcome =>
  new FileReader(reading, name, toByteString(text), world).run()

/** What cannot be had is read where the process was started. */
const enterFolder = (reading: Reading, file: string): void => {
  const problem = reading.defaultPath.enter(file)
  if (problem !== undefined) reading.early.add('alert', `config : parsing ${file} : ${problem}`)
  reading.options.certificates?.lieIn?.(reading.defaultPath.folder)
}

class FileReader {
  private line = 0
  private early: Outcome = 'ok'
  private main: Outcome = 'ok'
  private earlyFatal = 0
  private mainFatal = 0
  /** the main reading goes on */
  private goesOn = true
  /** a directive ended the first reading */
  private stopped = false
  private readonly conditions: Conditions

  constructor(
    private readonly reading: Reading,
    private readonly file: string,
    /** a character for each byte */
    private readonly text: string,
    world: ConditionWorld,
  ) {
    this.conditions = new Conditions(reading, world)
    reading.section = ''
    enterFolder(reading, file)
    reading.currentReader = undefined
  }

  run(): FileOutcome {
    const { text } = this
    let from = 0
    while (from < text.length && this.early !== 'abort') {
      const end = text.indexOf('\n', from)
      const raw = text.slice(from, end < 0 ? text.length : end)
      this.line++
      if (this.givesUp()) break
      const nul = raw.indexOf('\0')
      this.readRaw(nul < 0 ? raw : raw.slice(0, nul))
      if (end < 0 || nul >= 0) {
        this.cutShort(nul < 0 ? raw.length : nul, end >= 0 && end + 1 < text.length)
        break
      }
      from = end + 1
    }
    if (this.conditions.nested && (this.early !== 'abort' || this.stopped)) {
      this.earlyAlert("non-terminated '.if' block.")
      this.early = 'abort'
    }
    return { early: this.early, main: this.main }
  }

  /** Too many fatal errors stop both readings, each by its own count. */
  private givesUp(): boolean {
    if (this.goesOn && this.mainFatal >= MAX_FATAL) {
      this.goesOn = false
      const message = `too many fatal errors (${this.mainFatal}), stopping now.`
      this.reading.main.add('alert', `config : parsing [${this.file}:${this.line}]: ${message}`, this.place())
    }
    if (this.earlyFatal < MAX_FATAL) return false
    this.earlyAlert(`too many fatal errors (${this.earlyFatal}), stopping now.`)
    return true
  }

  private place() {
    return { file: this.file, line: this.line }
  }

  private earlyAlert(message: string): void {
    this.reading.early.add('alert', `config : parsing [${this.file}:${this.line}]: ${message}`, this.place())
    if (this.early === 'ok') this.early = 'fatal'
  }

  /** The line has no line feed, or a NUL within. */
  private cutShort(length: number, more: boolean): void {
    if (this.early === 'abort') return
    this.earlyAlert(
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
    const lexed = lexLine(body, (name) => this.lookup(name))
    if (lexed.error) {
      const marked = markPosition(body.slice(0, lexed.error.shownTo), lexed.error.at, 80)
      const position = first.index + lexed.error.at + 1
      this.earlyAlert(`${lexed.error.kind} at position ${position}:\n  ${marked.text}\n${' '.repeat(marked.at + 2)}^`)
      this.earlyFatal++
    } else if (lexed.tooMany !== undefined) {
      const last = lexed.words.at(-1)!
      this.earlyAlert(`too many words, truncating after word 64, position ${lexed.tooMany}: <${last}>.`)
      this.earlyFatal++
    } else if (lexed.words.length > 0) {
      if (lexed.empty) this.warnOfEmptyWord(body, first.index, lexed.empty)
      this.readLine(new Line(this.file, this.line, lexed.words))
    }
  }

  private warnOfEmptyWord(body: string, indent: number, empty: { word: number; at: number }): void {
    const marked = markPosition(body, empty.at, 80)
    const message =
      `argument number ${empty.word} at position ${indent + empty.at + 1} is empty and marks the end of the ` +
      `argument list; all subsequent arguments will be ignored:\n  ${marked.text}\n${' '.repeat(marked.at + 2)}^`
    this.reading.early.add('warning', `config : parsing [${this.file}:${this.line}]: ${message}`, this.place())
  }

  private lookup(name: string): string | undefined {
    if (name === '.LINE') return String(this.line)
    if (name === '.FILE') return this.file
    if (name === '.SECTION') return this.reading.section
    return this.reading.env.get(name)
  }

  /** `[name]` opens a scope, which only files of engines (SPOE) care about. */
  private readScope(body: string): void {
    const end = body.indexOf(']')
    const alert = (message: string, outcome: 'fatal' | 'abort'): void => {
      this.reading.early.parsing('alert', this.place(), message)
      this.early = outcome
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
      const outcome = this.conditions.follow(line)
      if (outcome === 'stop') this.stopped = true
      if (outcome === 'abort' || outcome === 'stop') this.early = 'abort'
      if (outcome) return
    }
    if (!this.conditions.active || line.words[0] === '') return
    if (!dotted) this.readKeyword(line)
    else if (this.goesOn) this.noteMessage(sayMessage(this.reading, line))
  }

  private readKeyword(line: Line): void {
    this.takeModifier(line)
    const keyword = line.at(0)
    const begins = sectionReader(keyword)
    if (begins) {
      this.reading.currentReader = begins
      this.reading.sectionKeyword = keyword
      this.reading.section = line.at(1) || keyword
      if (keyword !== 'global') this.reading.pastGlobal = true
    }
    const reader = this.reading.currentReader
    if (!reader) {
      if (this.goesOn) this.note(this.reading.tightAlert(line, `unknown keyword '${keyword}' out of section.`))
      return
    }
    if (this.reading.sectionKeyword === 'global' && !begins) {
      const outcome = readEarlyGlobalLine(this.reading, line)
      if (outcome) {
        this.noteEarly(outcome)
        return
      }
    }
    if (this.goesOn) this.note(reader(this.reading, line))
  }

  private takeModifier(line: Line): void {
    const word = line.words[0]
    if (word !== 'no' && word !== 'default') return
    line.modifier = word
    line.words.shift()
    if (line.words.length === 0) line.words.push('')
    if (NEGATABLE.includes(line.at(0))) return
    this.earlyAlert(
      'negation/default currently supported only for options, log, busy-polling, set-dumpable, strict-limits, ' +
        'insecure-fork-wanted and numa-cpu-mapping.',
    )
    this.earlyFatal++
  }

  /** An unknown directive ends the second reading like the end of the file. */
  private noteMessage(outcome: Outcome | 'stop'): void {
    this.note(outcome === 'stop' ? 'fatal' : outcome)
    if (outcome === 'stop') this.goesOn = false
  }

  private noteEarly(outcome: Outcome): void {
    if (outcome === 'ok') return
    this.early = outcome
    this.earlyFatal++
  }

  private note(outcome: Outcome): void {
    if (outcome === 'ok') return
    this.main = outcome
    this.mainFatal++
    if (outcome === 'abort') this.goesOn = false
  }
}
