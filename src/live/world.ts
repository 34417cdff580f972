/** The world of a live process: the host's clock, network and randomness, with the same scheduler as in a simulation. */
import { Random, Scheduler, Trace } from '../engine/index.js'
import { NodeNetwork } from '../net/node/index.js'
import type { ProcessWorld } from '../sim/index.js'
import { RealClock } from './clock.js'
import { Driver } from './driver.js'

export class LiveWorld implements ProcessWorld {
  readonly clock: RealClock
  readonly trace: Trace
  readonly random: Random
  readonly scheduler: Scheduler
  readonly home: NodeNetwork
  readonly driver: Driver
  readonly instructionCost = 10
  readonly pairsSeed = undefined
  readonly live: { readonly waited: (text: string) => void }

  /**
   * @param waited called with a pipe or terminal that a read timed out on
   * @param failed called with an internal error, which stops everything
   */
  constructor(seed: number, waited: (text: string) => void, failed: (error: Error) => void) {
    this.live = { waited }
    this.clock = new RealClock()
    this.trace = new Trace(this.clock)
    this.random = new Random(seed)
    this.scheduler = new Scheduler({ clock: this.clock, trace: this.trace })
    this.driver = new Driver(this.scheduler, this.clock, failed)
    this.home = new NodeNetwork((action) => this.driver.enter(action))
  }

  resolve(name: string): readonly string[] {
    return this.home.resolve(name)
  }

  /** Exits the process. Writes to stdout and stderr are synchronous, so no output is lost. */
  exit(code: number): never {
    process.exit(code)
  }

  /** Real time cannot be advanced: only evaluates the condition. */
  runUntil(condition: () => boolean): boolean {
    return condition()
  }

  /** Closes everything at once. */
  close(): void {
    this.driver.stop()
    this.home.close()
  }
}
