/** Observers of servers, whose state machine (state.ts) and checks (`checks/result.ts`) know none of them by name. */
import type { Check } from '../checks/check.js'
import type { Server } from './server.js'
import type { ServerChange, Transition } from './transition.js'

/** Observes the servers of a process. */
export interface ServerObserver {
  /** A change has been committed: acts on it before it is reported. Returns how many connections were requeued. */
  apply?(server: Server, change: ServerChange): number
  /** A change is reported. */
  stateChanged?(server: Server, transition: Transition): void
  /** A check has ended, and its status or the health has changed. */
  checkCompleted?(server: Server, check: Check): void
}

type With<Method extends keyof ServerObserver> = Required<Pick<ServerObserver, Method>>

/** Observers in their order. Each is called for what it has a method for. */
export class ServerObservers {
  readonly #apply: readonly With<'apply'>[]
  readonly #stateChanged: readonly With<'stateChanged'>[]
  readonly #checkCompleted: readonly With<'checkCompleted'>[]

  constructor(observers: readonly ServerObserver[]) {
    const having = <Method extends keyof ServerObserver>(method: Method): With<Method>[] =>
      observers.filter((observer): observer is With<Method> => observer[method] !== undefined)
    this.#apply = having('apply')
    this.#stateChanged = having('stateChanged')
    this.#checkCompleted = having('checkCompleted')
  }

  /** Returns how many connections were requeued. */
  apply(server: Server, change: ServerChange): number {
    let requeued = 0
    for (const observer of this.#apply) requeued += observer.apply(server, change)
    return requeued
  }

  stateChanged(server: Server, transition: Transition): void {
    for (const observer of this.#stateChanged) observer.stateChanged(server, transition)
  }

  checkCompleted(server: Server, check: Check): void {
    for (const observer of this.#checkCompleted) observer.checkCompleted(server, check)
  }
}
