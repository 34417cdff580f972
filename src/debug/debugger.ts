/**
 * Stops Lua code for an editor: at breakpoints, after steps, on errors and on request. While it is stopped, the thread of the simulation waits for
 * the editor, and virtual time does not advance. The debugger has no effect on a run unless the editor sets variables.
 */
import { fromByteString } from '../bytes/text.js'
import { CATCHING } from '../lua/stdlib/lua-base.js'
import { RESUMING } from '../lua/stdlib/lua-coroutine.js'
import { showValue } from '../lua/host/show-value.js'
import type { Call, Inspector, LuaThread } from '../lua/vm/state.js'
import { LuaTable } from '../lua/vm/table.js'
import type { LuaClosure, LuaValue } from '../lua/vm/value.js'
import type { Simulation } from '../sim/index.js'
import { Breakpoints, isHit, type ActiveBreakpoint } from './breakpoints.js'
import type { EditorConnection } from './connection.js'
import { evaluateInFrame } from './evaluate.js'
import { framesOf, isHidden } from './frame.js'
import { PausedRun } from './paused-run.js'
import type { DebuggerCommand, Query } from './messages.js'
import { Step } from './stepping.js'
import { hasEnded, simulationVariables, threadName } from './world.js'

/** Options of a debugger. */
export interface DebuggerOptions {
  /** relative file names start from here */
  readonly directory: string
  /** returns real time, in milliseconds */
  readonly clock: () => number
  /** ends the program at the request of the editor */
  readonly terminate: () => never
}

/** The debugger of a run. */
export class Debugger implements Inspector {
  /** the real time for which the run has been stopped, in milliseconds */
  stoppedFor = 0
  readonly #breakpoints: Breakpoints
  readonly #numbers = new Map<LuaThread, number>()
  readonly #parents = new WeakMap<LuaThread, LuaThread>()
  /** the last simulation of the test file, whose time is shown while no script runs */
  #simulation: Simulation | undefined
  #filters: readonly string[] = []
  #step: Step | undefined
  #pausing: 'pause' | 'entry' | undefined
  #started = false
  /** the editor has disconnected, or the run has ended */
  #detached = false
  #evaluating = false
  #nextNumber = 1

  constructor(
    readonly connection: EditorConnection,
    readonly options: DebuggerOptions,
  ) {
    this.#breakpoints = new Breakpoints(options.directory)
  }

  /** Waits until editors can connect. Returns where; throws an Error if listening fails. */
  listen(): string {
    for (;;) {
      this.connection.wait()
      for (const command of this.connection.receive()) {
        if (command.command === 'listening') return command.where
        if (command.command === 'failed') throw new Error(command.message)
      }
    }
  }

  /** Waits until an editor has connected and set its breakpoints. */
  waitForEditor(): void {
    while (!this.#started && !this.#detached) {
      this.connection.wait()
      for (const command of this.connection.receive()) this.#handle(command)
    }
  }

  line(L: LuaThread, ci: Call): void {
    if (this.#detached || this.#evaluating) return
    if (this.connection.hasCommands) for (const command of this.connection.receive()) this.#handle(command)
    const { p } = ci.func as LuaClosure
    if (isHidden(p.source)) return
    const line = p.lineinfo[ci.pc]!
    const hit = this.#hit(L, this.#breakpoints.at(p.source, line))
    if (hit) this.#stop(L, 'breakpoint')
    else if (this.#pausing) this.#stop(L, this.#pausing)
    else if (this.#step?.endsAt(L, ci)) this.#stop(L, 'step')
  }

  thrown(L: LuaThread, value: LuaValue): void {
    if (this.#detached || this.#evaluating || this.#filters.length === 0 || isPending(value)) return
    if (!this.#filters.includes('all') && this.#isCaught(L)) return
    if (framesOf(L).length === 0) return
    const text = value instanceof LuaTable ? (value.getKey('message') ?? value) : value
    this.#stop(L, 'exception', typeof text === 'string' ? fromByteString(text) : showValue(text))
  }

  resumed(L: LuaThread, from: LuaThread | null): void {
    if (from) this.#parents.set(L, from)
    this.#number(L)
  }

  /** Called when a test has created a simulation. */
  show(simulation: Simulation): void {
    this.#simulation = simulation
  }

  /** Sends output of scripts and tests to the editor. */
  print(text: string, category: 'stdout' | 'stderr' = 'stdout'): void {
    this.connection.send({ event: 'output', text, category })
  }

  /** Reports the end of the run, and resolves once it has been sent. */
  async end(exitCode: number): Promise<void> {
    this.#detached = true
    this.connection.send({ event: 'end', exitCode })
    await this.connection.ended()
  }

  #number(L: LuaThread): number {
    const known = this.#numbers.get(L) ?? this.#nextNumber++
    this.#numbers.set(L, known)
    return known
  }

  /** Whether to stop at the breakpoints of a line. Log points write their messages instead. */
  #hit(L: LuaThread, reached: readonly ActiveBreakpoint[]): boolean {
    let stop = false
    for (const breakpoint of reached)
      if (this.#meetsConditions(L, breakpoint)) stop = this.#logOrStop(L, breakpoint) || stop
    return stop
  }

  #meetsConditions(L: LuaThread, breakpoint: ActiveBreakpoint): boolean {
    const { condition, hitCondition } = breakpoint
    if (condition) {
      try {
        const [value] = this.#evaluate(L, condition)
        if (value === undefined || value === false) return false
      } catch (error) {
        this.#writeConsole(`the condition of the breakpoint fails: ${(error as Error).message}`)
      }
    }
    breakpoint.hits++
    if (!hitCondition) return true
    const hit = isHit(hitCondition, breakpoint.hits)
    if (hit === undefined) this.#writeConsole(`invalid hit condition '${hitCondition}': expected 3, >= 3, > 3 or % 3`)
    return hit ?? true
  }

  #logOrStop(L: LuaThread, { logMessage }: ActiveBreakpoint): boolean {
    if (!logMessage) return true
    this.#writeConsole(
      logMessage.replace(/\{([^{}]*)\}/g, (_, expression: string) => {
        try {
          const values = this.#evaluate(L, expression)
          return values
            .map((value) => (typeof value === 'string' ? fromByteString(value) : showValue(value)))
            .join(', ')
        } catch (error) {
          return `{${(error as Error).message}}`
        }
      }),
    )
    return false
  }

  #evaluate(L: LuaThread, text: string): LuaValue[] {
    this.#evaluating = true
    try {
      return evaluateInFrame(L, framesOf(L)[0], text)
    } finally {
      this.#evaluating = false
    }
  }

  #writeConsole(text: string): void {
    this.connection.send({ event: 'output', text, category: 'console' })
  }

  #isCaught(L: LuaThread): boolean {
    for (let ci: Call | null = L.ci; ci !== null; ci = ci.previous) if (CATCHING.has(ci.func)) return true
    const parent = this.#parents.get(L)
    return parent !== undefined && (RESUMING.has(parent.ci.func) || this.#isCaught(parent))
  }

  #stop(L: LuaThread, reason: string, text?: string): void {
    this.#pausing = undefined
    this.#step = undefined
    const stoppedAt = this.options.clock()
    const paused = this.#pausedRun(L)
    this.connection.send({
      event: 'stopped',
      body: { reason, threadId: this.#number(L), allThreadsStopped: true, ...(text !== undefined && { text }) },
    })
    for (let resumed = false; !resumed;) {
      this.connection.wait()
      for (const command of this.connection.receive()) {
        if ('id' in command) this.#answer(command, paused)
        else resumed = this.#handleStopped(L, command) || resumed
      }
    }
    this.stoppedFor += this.options.clock() - stoppedAt
  }

  #pausedRun(running: LuaThread): PausedRun {
    this.#number(running)
    for (const L of this.#numbers.keys()) if (L !== running && hasEnded(L)) this.#numbers.delete(L)
    return new PausedRun({
      directory: this.options.directory,
      running,
      threads: new Map([...this.#numbers].map(([L, number]) => [number, L])),
      nameOf: threadName,
      simulation: (L) => simulationVariables(L, this.#simulation),
    })
  }

  /** Handles a command while the run is stopped. Returns whether to continue. */
  #handleStopped(L: LuaThread, command: Exclude<DebuggerCommand, Query>): boolean {
    switch (command.command) {
      case 'next':
      case 'stepIn':
      case 'stepOut': {
        const kind = ({ next: 'over', stepIn: 'in', stepOut: 'out' } as const)[command.command]
        this.#step = new Step(kind, L, (each) => this.#parents.get(each) ?? null)
        return true
      }
      case 'continue':
        return true
      case 'pause':
        return false
    }
    this.#handle(command)
    return this.#detached
  }

  /** Handles a command while Lua runs. */
  #handle(command: DebuggerCommand): void {
    switch (command.command) {
      case 'breakpoints':
        return this.#breakpoints.set(command.path, command.breakpoints)
      case 'exceptions':
        this.#filters = command.filters
        return
      case 'start':
        this.#started = true
        if (command.stopOnEntry) this.#pausing = 'entry'
        return
      case 'pause':
        this.#pausing = 'pause'
        return
      case 'detach':
        this.#detached = true
        return
      case 'terminate':
        return this.options.terminate()
    }
    if ('id' in command) this.#answer(command, undefined)
  }

  #answer(query: Query, paused: PausedRun | undefined): void {
    const { id, command } = query
    this.#evaluating = true
    try {
      if (!paused && command !== 'threads') throw new Error('the run is not paused')
      this.connection.send({ id, body: paused?.answer(query) ?? this.#runningThreads() })
    } catch (error) {
      this.connection.send({ id, error: (error as Error).message })
    } finally {
      this.#evaluating = false
    }
  }

  #runningThreads(): object {
    return { threads: [...this.#numbers].map(([L, id]) => ({ id, name: threadName(L) })) }
  }
}

/** The value that `pending` of a test throws, which is not an error. */
const isPending = (value: LuaValue): boolean => value instanceof LuaTable && value.getKey('kind') === 'pending'
