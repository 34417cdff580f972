/**
 * What scripts registered for others to call: actions, fetches, converters, services, filters, commands of the runtime
 * API. A function under one name is either in the shared state or in the state of every thread.
 */
export type RegistrationKind = 'fetch' | 'converter' | 'action' | 'service' | 'filter' | 'cli'

export interface Registration {
  readonly kind: RegistrationKind
  /** as the configuration names it: `lua.name`; for a command its words */
  readonly name: string
  /** references to the function in the registries of the states, by number of state */
  readonly functions: Map<number, number>
  /** a filter's class table, the same way */
  readonly classes: Map<number, number>
  /** an action's places (`http-req` …), a service's mode */
  readonly place: string
  /** arguments of an action */
  readonly arguments: number
  /** a command's line of help */
  readonly usage: string
}

export class Registrations {
  readonly #all = new Map<string, Registration>()

  get all(): Iterable<Registration> {
    return this.#all.values()
  }

  find(kind: RegistrationKind, name: string, place = ''): Registration | undefined {
    return this.#all.get(key(kind, name, place))
  }

  add(registration: Registration): void {
    this.#all.set(key(registration.kind, registration.name, registration.place), registration)
  }

  /** Functions that only some of the threads registered, or both kinds of state, in HAProxy's words. */
  complaints(threads: number): string[] {
    const complaints: string[] = []
    for (const { kind, name, functions } of this.#all.values()) {
      const what = `Lua ${kind === 'filter' ? 'filter' : 'function'} '${name}'`
      const perThread = [...functions.keys()].filter((state) => state > 0).length
      if (perThread !== 0 && perThread !== threads)
        complaints.push(`${what} is not referenced in all thread. Expect function in all thread or in none thread.`)
      else if (functions.has(0) === perThread > 0)
        complaints.push(
          `${what} is referenced both ins shared Lua context (through lua-load) and per-thread Lua context ` +
            '(through lua-load-per-thread). these two context exclusive.',
        )
    }
    return complaints
  }
}

const key = (kind: RegistrationKind, name: string, place: string): string => `${kind} ${place} ${name}`
