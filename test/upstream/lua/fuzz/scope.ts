/** What a generated program has in scope where the next statement is made. */
import type { Choices } from './choices.js'

export type Kind = 'integer' | 'float' | 'string' | 'table' | 'object' | 'function'
export const KINDS: readonly Kind[] = ['integer', 'string', 'float', 'table', 'object', 'function']

export interface Variable {
  readonly name: string
  readonly kind: Kind
  /** whether it may be assigned to */
  readonly constant: boolean
}

/** A block, within those around it. */
export class Scope {
  readonly variables: Variable[]

  constructor(
    readonly choices: Choices,
    readonly depth: number,
    around: readonly Variable[],
    readonly options: {
      /** within a loop: what leaves it */
      readonly loop?: 'any' | 'continue' | 'break'
      readonly varargs: boolean
      /** coroutines may be closed before they end */
      readonly closing: boolean
      readonly names: { next: number }
    },
  ) {
    this.variables = [...around]
  }

  inner(options: Partial<Scope['options']> = {}): Scope {
    return new Scope(this.choices, this.depth - 1, this.variables, { ...this.options, ...options })
  }

  /** The body of a function: loops around it cannot be left. */
  body(varargs: boolean, parameters: readonly Variable[] = []): Scope {
    const { closing, names } = this.options
    return new Scope(this.choices, this.depth - 1, [...this.variables, ...parameters], { varargs, closing, names })
  }

  name(prefix: string): string {
    return `${prefix}${this.options.names.next++}`
  }

  /** A variable of a kind, if there is any. */
  find(kind: Kind, assignable = false): Variable | undefined {
    const found = this.variables.filter((each) => each.kind === kind && !(assignable && each.constant))
    return found.length > 0 ? this.choices.pick(found.reverse()) : undefined
  }
}
