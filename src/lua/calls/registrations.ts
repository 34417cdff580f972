/**
 * Functions that scripts register for HAProxy to call: actions, fetches, converters, services, filters, commands of the runtime API. A
 * function is registered either in the shared state or in the state of each thread (`struct hlua_function` in include/haproxy/hlua-t.h).
 */

import type { LuaNames } from '../../config/model/lua.js'

/** What a function is registered as. */
export type RegistrationKind = 'fetch' | 'converter' | 'action' | 'service' | 'filter' | 'cli'

/** A registered function. */
export interface Registration {
  readonly kind: RegistrationKind
  /** its name without `lua.`; the words of a command */
  readonly name: string
  /** references to the function, by the number of the state in whose registry they are */
  readonly functions: Map<number, number>
  /** references to the class table of a filter, likewise */
  readonly classes: Map<number, number>
  /** where an action can be used (`http-req` …), the mode of a service */
  readonly environment: string
  /** the number of arguments of an action */
  readonly arguments: number
  /** the help text of a command */
  readonly usage: string
}

/** The functions that the scripts of a process have registered. */
export class Registrations {
  readonly #all = new Map<string, Registration>()

  get all(): Iterable<Registration> {
    return this.#all.values()
  }

  /** Finds a function. @param environment of an action or service */
  find(kind: RegistrationKind, name: string, environment = ''): Registration | undefined {
    return this.#all.get(key(kind, name, environment))
  }

  /** Adds a function. */
  add(registration: Registration): void {
    this.#all.set(key(registration.kind, registration.name, registration.environment), registration)
  }

  /** HAProxy's errors about functions that are not registered by all threads, or both by threads and in the shared state. */
  errors(threads: number): string[] {
    const errors: string[] = []
    for (const { kind, name, functions } of this.#all.values()) {
      const what = `Lua ${kind === 'filter' ? 'filter' : 'function'} '${name}'`
      const perThread = [...functions.keys()].filter((state) => state > 0).length
      if (perThread !== 0 && perThread !== threads)
        errors.push(`${what} is not referenced in all thread. Expect function in all thread or in none thread.`)
      else if (functions.has(0) === perThread > 0)
        errors.push(
          `${what} is referenced both ins shared Lua context (through lua-load) and per-thread Lua context ` +
            '(through lua-load-per-thread). these two context exclusive.',
        )
    }
    return errors
  }
}

/** The names of what has been registered, as a configuration looks them up. */
export const registeredNames = (registrations: Registrations): LuaNames => ({
  isEmpty: [...registrations.all].length === 0,
  find(kind, name, environment) {
    const found =
      kind === 'service'
        ? (registrations.find(kind, name, 'tcp') ?? registrations.find(kind, name, 'http'))
        : registrations.find(kind, name, environment)
    return found && { environment: found.environment, argumentCount: found.arguments }
  },
  list: (kind, environment) =>
    [...registrations.all]
      .filter((each) => each.kind === kind && each.environment === environment)
      .map(({ name }) => `lua.${name}`),
})

const key = (kind: RegistrationKind, name: string, environment: string): string => `${kind} ${environment} ${name}`
