/** Directives, i.e. lines starting with a dot: conditional blocks and messages (configuration manual, section 2.4). */
import { byteLength, toByteString } from '../../bytes/text.js'
import { evaluateCondition, type ConditionContext } from './condition.js'
import type { Diagnostics, Severity } from './diagnostics.js'
import type { Line } from './line.js'
import { markPosition } from './marker.js'
import type { LineResult, ParseContext } from '../parse-context.js'

/** Maximum nesting depth of blocks. */
const MAX_NESTED = 1024

/** `take`: active. `drop`: inactive, a later branch may be active. `skip`: inactive, and so are the remaining branches. */
type Branch = { kind: 'if' | 'else'; state: 'take' | 'drop' | 'skip' }

/** The stack of conditional blocks. */
export class Conditions {
  private readonly open: Branch[] = []

  constructor(
    private readonly diagnostics: Diagnostics,
    private readonly conditionContext: ConditionContext,
  ) {}

  get nested(): boolean {
    return this.open.length > 0
  }

  /** Whether lines are processed here. */
  get active(): boolean {
    const branch = this.open.at(-1)
    return branch === undefined || branch.state === 'take'
  }

  /** Processes a conditional directive; undefined if `line` is not one. */
  handle(line: Line): LineResult | 'stop' | undefined {
    switch (line.at(0)) {
      case '.if':
        return this.begin(line)
      case '.elif':
        return this.elif(line)
      case '.else':
        return this.else(line)
      case '.endif':
        return this.end(line)
      default:
        return undefined
    }
  }

  private abort(line: Line, message: string): 'abort' {
    this.diagnostics.add('alert', `config : parsing [${line.file}:${line.line}]: ${message}`, line.place)
    return 'abort'
  }

  /** Stops parsing; HAProxy then also reports the unterminated block. */
  private stop(line: Line, message: string): 'stop' {
    this.abort(line, message)
    return 'stop'
  }

  private begin(line: Line): LineResult {
    if (this.open.length + 1 >= MAX_NESTED) return this.abort(line, `too many nested '.if', max is ${MAX_NESTED}.`)
    if (!this.active) {
      this.open.push({ kind: 'if', state: 'skip' })
      return 'ok'
    }
    const branch: Branch = { kind: 'if', state: 'drop' }
    this.open.push(branch)
    return this.evaluate(line, branch)
  }

  private elif(line: Line): LineResult {
    const branch = this.open.at(-1)
    if (!branch) return this.abort(line, "lone '.elif' with no matching '.if'.")
    if (branch.kind === 'else') return this.abort(line, "'.elif' after '.else' is not permitted.")
    if (branch.state !== 'drop') {
      branch.state = 'skip'
      return 'ok'
    }
    return this.evaluate(line, branch)
  }

  private else(line: Line): LineResult | 'stop' {
    if (line.at(1) !== '') return this.stop(line, `Unexpected argument '${line.at(1)}' for '.else'.`)
    const branch = this.open.at(-1)
    if (!branch) return this.abort(line, "lone '.else' with no matching '.if'.")
    if (branch.kind === 'else') return this.abort(line, "'.else' after '.else' is not permitted.")
    branch.kind = 'else'
    branch.state = branch.state === 'drop' ? 'take' : 'skip'
    return 'ok'
  }

  private end(line: Line): LineResult | 'stop' {
    if (line.at(1) !== '') return this.stop(line, `Unexpected argument '${line.at(1)}' for '.endif'.`)
    return this.open.pop() ? 'ok' : this.stop(line, "lone '.endif' with no matching '.if'.")
  }

  private evaluate(line: Line, branch: Branch): LineResult {
    const text = line.words.slice(1).join(' ')
    const value = evaluateCondition(text, this.conditionContext)
    if (typeof value === 'boolean') {
      branch.state = value ? 'take' : 'drop'
      return 'ok'
    }
    const name = line.at(0)
    const at = byteLength(text.slice(0, value.at))
    const marked = markPosition(toByteString(text), at, 79 - name.length)
    const caret = `${' '.repeat(marked.at + name.length + 3)}^`
    return this.abort(line, `${value.message} in '${name}' at position ${at + 1}:\n  ${name} ${marked.text}\n${caret}`)
  }
}

const MESSAGES: Readonly<Record<string, Severity>> = {
  '.alert': 'alert',
  '.warning': 'warning',
  '.notice': 'notice',
  '.diag': 'diag',
}

/** Processes `.alert`, `.warning`, `.notice` and `.diag`; any other directive is unknown. */
export const emitMessage = (context: ParseContext, line: Line): LineResult | 'stop' => {
  const severity = MESSAGES[line.at(0)]
  if (!severity) {
    context.alertWithoutSpace(line, `unknown directive '${line.at(0)}'.`)
    return 'stop'
  }
  if (line.at(2) !== '')
    return context.alertWithoutSpace(
      line,
      `Unexpected argument '${line.at(2)}' for '${line.at(0)}'. Use quotes if the message should contain spaces.`,
    )
  context.main.add(severity, `config : parsing [${line.file}:${line.line}]: '${line.at(1)}'.`, line.place)
  return severity === 'alert' ? 'abort' : 'ok'
}
