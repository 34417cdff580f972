/** Splits a file into lines and words, and applies conditions, scopes and prefixes (`parse_cfg` in src/cfgparse.c). */
import { fromByteString } from '../bytes/text.js'
import type { LineResult } from './parse-context.js'
import type { ConditionContext } from './syntax/condition.js'
import type { Diagnostics } from './syntax/diagnostics.js'
import { Conditions } from './syntax/directives.js'
import { lexLine } from './syntax/lexer.js'
import { Line } from './syntax/line.js'
import { markPosition } from './syntax/marker.js'

/** Number of fatal errors after which HAProxy stops parsing a file. */
const MAX_FATAL = 50

/** Keywords that accept the prefixes `no` and `default`. */
const NEGATABLE: readonly string[] = [
  'option',
  'log',
  'busy-polling',
  'set-dumpable',
  'strict-limits',
  'insecure-fork-wanted',
  'numa-cpu-mapping',
]

/** Handles the lines of a file in one of the passes. */
export interface Pass {
  readonly diagnostics: Diagnostics
  /** name of the current section */
  readonly section: string
  /** whether to warn about empty words, which end the argument list */
  readonly warnsOfEmptyWords: boolean
  /** Whether this pass can skip a line (without leading blanks). */
  ignores(text: string): boolean
  /** Handles a directive that is not a condition. */
  directive(line: Line): LineResult | 'stop'
  /** The following lines have this scope (`[name]`). */
  scope?(name: string): void
  /** Handles any other line. */
  keyword(line: Line): LineResult
  /** Ends the last section. */
  end(): LineResult
}

/** Reads a file for one pass. */
export class FileReader {
  private line = 0
  private outcome: LineResult = 'ok'
  private fatal = 0
  /** a directive has ended the pass */
  private stopped = false
  private readonly conditions: Conditions
  private readonly diagnostics: Diagnostics

  constructor(
    private readonly file: string,
    /** byte string */
    private readonly text: string,
    private readonly conditionContext: ConditionContext,
    private readonly pass: Pass,
  ) {
    this.diagnostics = pass.diagnostics
    this.conditions = new Conditions(pass.diagnostics, conditionContext)
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
      this.parseRaw(nul < 0 ? raw : raw.slice(0, nul))
      if (this.stopped || this.outcome === 'abort') break
      if (end < 0 || nul >= 0) {
        this.reportTruncated(nul < 0 ? raw.length : nul, end >= 0 && end + 1 < text.length)
        break
      }
      from = end + 1
    }
    if (this.outcome !== 'abort' && !this.stopped) this.record(this.pass.end())
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

  /** Reports a line that has no line feed or contains a NUL. */
  private reportTruncated(length: number, more: boolean): void {
    this.alert(
      more
        ? `Stray NUL character at position ${length + 1}.`
        : `Missing LF on last line, file might have been truncated at position ${length + 1}.`,
    )
  }

  private parseRaw(raw: string): void {
    const first = /[^ \t\v\f\r]/.exec(raw)
    if (!first || first[0] === '#') return
    const body = first.index === 0 ? raw : raw.slice(first.index)
    if (first[0] === '[') {
      this.parseScope(body)
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
      this.parseLine(new Line(this.file, this.line, lexed.words))
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
    return this.conditionContext.env.get(name)
  }

  /** Parses a scope declaration (`[name]`), which is only used in SPOE configuration files. */
  private parseScope(body: string): void {
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
      return alert(`character '${fromByteString(after)}' is not permitted after scope declaration.`, 'abort')
    this.pass.scope?.(fromByteString(body.slice(1, end)))
  }

  private parseLine(line: Line): void {
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
      this.record(this.pass.keyword(line))
      return
    }
    const outcome = this.pass.directive(line)
    if (outcome === 'stop') this.stopped = true
    this.record(outcome === 'stop' ? 'fatal' : outcome)
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

  private record(outcome: LineResult): void {
    if (outcome === 'ok') return
    this.outcome = outcome
    this.fatal++
  }
}
