/**
 * Looks on while Lua runs and stops it for an editor: at breakpoints, after steps, on errors, when asked. While it is stopped the simulation
 * stands still, virtual time included, and the thread waits for the editor. It changes nothing by itself, so that a run in which nobody sets
 * a variable is the same as without it.
 */
import { fromByteString } from '../bytes/text.js'
import { CATCHING } from '../lua/stdlib/lua-base.js'
import { RESUMING } from '../lua/stdlib/lua-coroutine.js'
import { showValue } from '../lua/host/show-value.js'
import type { Call, Inspector, LuaThread } from '../lua/vm/state.js'
import { LuaTable } from '../lua/vm/table.js'
import type { LuaClosure, LuaValue } from '../lua/vm/value.js'
import type { Simulation } from '../sim/index.js'
import { Breakpoints, isHit, type Known } from './breakpoints.js'
import type { Connection } from './connection.js'
import { evaluate } from './evaluate.js'
import { framesOf, isHidden } from './frame.js'
import { Inspection } from './inspection.js'
import type { Command, Question } from './messages.js'
import { Step } from './stepping.js'
import { isOver, nameOfThread, worldAround } from './world.js'

export interface DebuggerOptions {
  /** from which names of files start */
  readonly directory: string
  /** the host's clock, in milliseconds */
  readonly clock: () => number
  /** ends the program: the editor has asked for that */
  readonly terminate: () => never
}

export class Debugger implements Inspector {
  /** milliseconds of the host for which the run was stopped */
  stoppedFor = 0
  readonly #breakpoints: Breakpoints
  readonly #numbers = new Map<LuaThread, number>()
  readonly #parents = new WeakMap<LuaThread, LuaThread>()
  /** the one that a test made last: whose time is shown while no script runs */
  #simulation: Simulation | undefined
  #filters: readonly string[] = []
  #step: Step | undefined
  #pausing: 'pause' | 'entry' | undefined
  #started = false
  /** nobody looks on any more */
  #left = false
  #evaluating = false
  #nextNumber = 1

  constructor(
    readonly connection: Connection,
    readonly options: DebuggerOptions,
  ) {
    this.#breakpoints = new Breakpoints(options.directory)
  }

  /** Waits until it is known where editors can connect; throws an Error if they cannot. */
  listen(): string {
    for (;;) {
      this.connection.wait()
      for (const command of this.connection.take()) {
        if (command.command === 'listening') return command.where
        if (command.command === 'failed') throw new Error(command.message)
      }
    }
  }

  /** Waits until an editor has said where to stop. */
  waitForEditor(): void {
    while (!this.#started && !this.#left) {
      this.connection.wait()
      for (const command of this.connection.take()) this.#take(command)
    }
  }

  line(L: LuaThread, ci: Call): void {
    if (this.#left || this.#evaluating) return
    if (this.connection.hasNews) for (const command of this.connection.take()) this.#take(command)
    const { p } = ci.func as LuaClosure
    if (isHidden(p.source)) return
    const line = p.lineinfo[ci.pc]!
    const hit = this.#hit(L, this.#breakpoints.at(p.source, line))
    if (hit) this.#stop(L, 'breakpoint')
    else if (this.#pausing) this.#stop(L, this.#pausing)
    else if (this.#step?.endsAt(L, ci)) this.#stop(L, 'step')
  }

  thrown(L: LuaThread, value: LuaValue): void {
    if (this.#left || this.#evaluating || this.#filters.length === 0 || isPending(value)) return
    if (!this.#filters.includes('all') && this.#isCaught(L)) return
    if (framesOf(L).length === 0) return
    const text = value instanceof LuaTable ? (value.getKey('message') ?? value) : value
    this.#stop(L, 'exception', typeof text === 'string' ? fromByteString(text) : showValue(text))
  }

  resumed(L: LuaThread, from: LuaThread | null): void {
    if (from) this.#parents.set(L, from)
    this.#number(L)
  }

  /** A test has made a simulation. */
  show(simulation: Simulation): void {
    this.#simulation = simulation
  }

  /** What scripts and tests print, for the editor. */
  print(text: string, category: 'stdout' | 'stderr' = 'stdout'): void {
    this.connection.tell({ event: 'output', text, category })
  }

  /** The run is over. */
  async end(exitCode: number): Promise<void> {
    this.#left = true
    this.connection.tell({ event: 'end', exitCode })
    await this.connection.ended()
  }

  #number(L: LuaThread): number {
    const known = this.#numbers.get(L) ?? this.#nextNumber++
    this.#numbers.set(L, known)
    return known
  }

  /** Whether to stop at breakpoints that were reached; those that only write something do so. */
  #hit(L: LuaThread, reached: readonly Known[]): boolean {
    let stop = false
    for (const breakpoint of reached) if (this.#holds(L, breakpoint)) stop = this.#act(L, breakpoint) || stop
    return stop
  }

  #holds(L: LuaThread, breakpoint: Known): boolean {
    const { condition, hitCondition } = breakpoint
    if (condition) {
      try {
        const [value] = this.#evaluate(L, condition)
        if (value === undefined || value === false) return false
      } catch (error) {
        this.#say(`the condition of the breakpoint fails: ${(error as Error).message}`)
      }
    }
    breakpoint.hits++
    if (!hitCondition) return true
    const hit = isHit(hitCondition, breakpoint.hits)
    if (hit === undefined) this.#say(`'${hitCondition}' is no number of hits: write 3, >= 3, > 3 or % 3`)
    return hit ?? true
  }

  #act(L: LuaThread, { logMessage }: Known): boolean {
    if (!logMessage) return true
    this.#say(
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
      return evaluate(L, framesOf(L)[0], text)
    } finally {
      this.#evaluating = false
    }
  }

  #say(text: string): void {
    this.connection.tell({ event: 'output', text, category: 'console' })
  }

  #isCaught(L: LuaThread): boolean {
    for (let ci: Call | null = L.ci; ci !== null; ci = ci.previous) if (CATCHING.has(ci.func)) return true
    const parent = this.#parents.get(L)
    return parent !== undefined && (RESUMING.has(parent.ci.func) || this.#isCaught(parent))
  }

  #stop(L: LuaThread, reason: string, text?: string): void {
    this.#pausing = undefined
    this.#step = undefined
    const began = this.options.clock()
    const inspection = this.#inspection(L)
    this.connection.tell({
      event: 'stopped',
      body: { reason, threadId: this.#number(L), allThreadsStopped: true, ...(text !== undefined && { text }) },
    })
    for (let going = false; !going;) {
      this.connection.wait()
      for (const command of this.connection.take()) {
        if ('id' in command) this.#answer(command, inspection)
        else going = this.#goOn(L, command) || going
      }
    }
    this.stoppedFor += this.options.clock() - began
  }

  #inspection(running: LuaThread): Inspection {
    this.#number(running)
    for (const L of this.#numbers.keys()) if (L !== running && isOver(L)) this.#numbers.delete(L)
    return new Inspection({
      directory: this.options.directory,
      running,
      threads: new Map([...this.#numbers].map(([L, number]) => [number, L])),
      nameOf: nameOfThread,
      world: (L) => worldAround(L, this.#simulation),
    })
  }

  /** A command while it is stopped. Returns whether to go on. */
  #goOn(L: LuaThread, command: Exclude<Command, Question>): boolean {
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
    this.#take(command)
    return this.#left
  }

  /** A command while it runs. */
  #take(command: Command): void {
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
      case 'gone':
        this.#left = true
        return
      case 'terminate':
        return this.options.terminate()
    }
    if ('id' in command) this.#answer(command, undefined)
  }

  #answer(question: Question, inspection: Inspection | undefined): void {
    const { id, command } = question
    this.#evaluating = true
    try {
      if (!inspection && command !== 'threads') throw new Error('the run is not paused')
      this.connection.tell({ id, body: inspection?.answer(question) ?? this.#runningThreads() })
    } catch (error) {
      this.connection.tell({ id, error: (error as Error).message })
    } finally {
      this.#evaluating = false
    }
  }

  #runningThreads(): object {
    return { threads: [...this.#numbers].map(([L, id]) => ({ id, name: nameOfThread(L) })) }
  }
}

/** What `pending` throws is no error. */
const isPending = (value: LuaValue): boolean => value instanceof LuaTable && value.getKey('kind') === 'pending'
