/** Shows the stack frame of a Lua error below the message that reports it. */
import { Chalk } from 'chalk'
import { jsonText } from '../bytes/json-text.js'
import type { LuaFailure } from '../lua/host/failure.js'
import { describeFrame } from '../report/failed-frame.js'
import { textWidth, TEXT_COLUMN } from '../report/console.js'
import type { Occurrence } from '../report/occurrence.js'
import type { Haproxy } from '../sim/index.js'
import type { Terminal } from './terminal.js'

const INDENT = ' '.repeat(TEXT_COLUMN)

export class ScriptFailures {
  #pending: LuaFailure[] = []

  constructor(
    readonly terminal: Terminal,
    readonly json: boolean,
  ) {}

  watch({ lua }: Haproxy): void {
    lua.onFailure = (failure) => {
      if (failure.frames.length > 0) this.#pending.push(failure)
    }
  }

  /** Called after an occurrence was shown. */
  after(occurrence: Occurrence): void {
    if (this.#pending.length === 0 || (occurrence.type !== 'message' && occurrence.type !== 'log')) return
    const text = occurrence.type === 'log' ? occurrence.message : occurrence.text
    // two loads of one script fail with the same message: show each once
    const failure = this.#pending.find(({ message }) => text.includes(message))
    if (failure === undefined) return
    this.#pending = this.#pending.filter((each) => each !== failure)
    this.#show(failure)
  }

  #show({ message, frames }: LuaFailure): void {
    const { write, colours, columns } = this.terminal
    if (this.json) return write(jsonText({ type: 'lua failure', message, frames }))
    const { dim, bold } = new Chalk({ level: colours ? 1 : 0 })
    for (const line of describeFrame(frames[0]!, textWidth(columns)))
      write(INDENT + (line.startsWith('>') ? bold(line) : dim(line)))
  }
}
