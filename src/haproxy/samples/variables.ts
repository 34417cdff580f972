/**
 * Variables (src/vars.c): a store per scope, the limits of their memory (`tune.vars.*-max-size`), and the visibility of stores. Memory is
 * counted as in HAProxy, and only while a limit is set.
 */
import type { SetCondition, VariableName, VariableScope } from '../../config/samples/variables.js'
import { duplicate, type Sample } from './sample.js'

/** `sizeof(struct var)` */
const VARIABLE_SIZE = 80

/** Methods with a number in HAProxy, whose names take no memory. */
const NUMBERED_METHODS: ReadonlySet<string> = new Set('OPTIONS GET HEAD POST PUT DELETE TRACE CONNECT'.split(' '))

/** The bytes that a value takes in addition to the variable itself; undefined for types of fixed size. */
const dataSize = (sample: Sample | undefined): number | undefined => {
  switch (sample?.type) {
    case 'str':
    case 'bin':
      return sample.bytes.length
    case 'meth':
      return NUMBERED_METHODS.has(sample.bytes) ? undefined : sample.bytes.length
    default:
      return undefined
  }
}

/** `HTTP_METH_OTHER` */
const OTHER_METHOD = 8n

/** The value of a variable whose new value does not fit: a boolean, which takes no memory, from the integer in the same union. */
const remainder = (former: Sample | undefined, sample: Sample): Sample => {
  if (sample.type === 'meth') return { type: 'bool', value: OTHER_METHOD }
  return { type: 'bool', value: former && 'value' in former ? former.value : 0n }
}

/** Limits in bytes; 0: none. */
export interface VariableLimits {
  global: number
  proc: number
  sess: number
  txn: number
  reqres: number
  check: number
}

interface Variable {
  /** undefined: declared, or unset (`SMP_T_ANY`) */
  value: Sample | undefined
  /** named in the configuration, so that it is never removed (`VF_PERMANENT`) */
  readonly isPermanent: boolean
}

/** The variables of one scope (`struct vars`). */
export class VariableStore {
  /**
   * Bytes of these variables and those of the scopes within, an unsigned integer of 32 bits. Nothing is counted before a limit is set, so
   * it wraps around when variables that were set before are unset.
   */
  size = 0
  readonly variables = new Map<string, Variable>()

  constructor(
    /** the store of a request is reused for its response */
    public scope: VariableScope,
  ) {}
}

/** The variables of the process, and the limits of all. */
export class ProcessVariables {
  readonly store = new VariableStore('proc')
  readonly limits: VariableLimits = { global: 0, proc: 0, sess: 0, txn: 0, reqres: 0, check: 0 }
}

/** The stores in scope where an expression is evaluated, except that of the process. */
export interface ScopedStores {
  readonly sess?: VariableStore | undefined
  readonly check?: VariableStore | undefined
  readonly txn?: VariableStore | undefined
  /** of the request, then of the response */
  readonly reqres?: VariableStore | undefined
  /** those of the parent stream */
  readonly parent?: ScopedStores | undefined
}

/** Conditions for setting a variable, all of which must be met. */
type Conditions = readonly SetCondition[]

const NONE: Conditions = []

/** The variables that are visible at one place. */
export class Variables {
  constructor(
    readonly process: ProcessVariables,
    private readonly stores: ScopedStores = {},
  ) {}

  /** The value of a variable; undefined if it is not set or its scope does not exist here. */
  get({ scope, ofParent, name }: VariableName): Sample | undefined {
    const value = this.#store(scope, ofParent)?.variables.get(name)?.value
    return value && duplicate(value)
  }

  /** Whether the scope of a variable exists here. */
  isInScope({ scope, ofParent }: VariableName): boolean {
    return this.#store(scope, ofParent) !== undefined
  }

  /** Whether a variable exists, with or without a value. */
  exists({ scope, ofParent, name }: VariableName): boolean {
    return this.#store(scope, ofParent)?.variables.has(name) === true
  }

  /** Creates a variable of the process without a value, which is never removed (`VF_CREATEONLY`). Returns false if the limits do not allow it. */
  declare({ scope, name }: VariableName): boolean {
    if (scope !== 'proc') return true
    const { store } = this.process
    if (store.variables.has(name)) return true
    if (!this.#reserve('proc', VARIABLE_SIZE)) return false
    store.variables.set(name, { value: undefined, isPermanent: true })
    return true
  }

  /** Sets a variable (`var_set`). Returns false if it was not set. */
  set({ scope, ofParent, name }: VariableName, sample: Sample, conditions: Conditions = NONE): boolean {
    const store = ofParent ? undefined : this.#store(scope, false)
    if (!store) return false
    const has = (condition: SetCondition): boolean => conditions.includes(condition)
    let variable = store.variables.get(name)
    if (has(variable ? 'ifnotexists' : 'ifexists')) return false
    if (!variable) {
      if (!this.#reserve(scope, VARIABLE_SIZE)) return false
      variable = { value: undefined, isPermanent: false }
      store.variables.set(name, variable)
    }
    const { value } = variable
    if (has(value === undefined ? 'ifset' : 'ifnotset')) return false
    const isText = sample.type === 'str' || sample.type === 'bin'
    if (isText ? has(sample.bytes === '' ? 'ifnotempty' : 'ifempty') : has('ifempty')) return false
    if (sample.type === 'sint' && value?.type === 'sint') {
      if (has('ifgt') && !(value.value > sample.value)) return false
      if (has('iflt') && !(value.value < sample.value)) return false
    }
    this.#account(scope, -(dataSize(value) ?? 0))
    const size = dataSize(sample)
    if (size !== undefined && !this.#reserve(scope, size)) {
      variable.value = remainder(value, sample)
      return false
    }
    variable.value = sample
    return true
  }

  /** Unsets a variable (`var_unset`). Returns false if its scope does not exist here. */
  unset({ scope, ofParent, name }: VariableName): boolean {
    const store = ofParent ? undefined : this.#store(scope, false)
    if (!store) return false
    const variable = store.variables.get(name)
    if (!variable) return true
    this.#account(scope, -(dataSize(variable.value) ?? 0) - (variable.isPermanent ? 0 : VARIABLE_SIZE))
    variable.value = undefined
    if (!variable.isPermanent) store.variables.delete(name)
    return true
  }

  /** Removes all variables of a scope that ends (`vars_prune`). */
  prune(scope: Exclude<VariableScope, 'proc'>): void {
    const store = this.#store(scope, false)
    if (!store) return
    let size = 0
    for (const { value } of store.variables.values()) size += (dataSize(value) ?? 0) + VARIABLE_SIZE
    store.variables.clear()
    this.#account(scope, -size)
  }

  /** The store of a scope; those of `req` and `res` exclude each other. */
  #store(scope: VariableScope, ofParent: boolean): VariableStore | undefined {
    if (scope === 'proc') return this.process.store
    const stores = ofParent ? this.stores.parent : this.stores
    const store = stores?.[scope === 'req' || scope === 'res' ? 'reqres' : scope]
    return store?.scope === scope ? store : undefined
  }

  /** The stores that the memory of a variable counts for, with their limits. */
  #counted(scope: VariableScope): readonly (readonly [VariableStore | undefined, limit: number])[] {
    const { limits, store } = this.process
    const { sess, check, txn, reqres } = this.stores
    const process = [
      store,
      limits.proc && limits.global ? Math.min(limits.proc, limits.global) : limits.proc || limits.global,
    ] as const
    switch (scope) {
      case 'proc':
        return [process]
      case 'sess':
        return [[sess, limits.sess], process]
      case 'check':
        return [[check, limits.check], [sess, limits.sess], process]
      case 'txn':
        return [[txn, limits.txn], [sess, limits.sess], process]
      default:
        return [[reqres, limits.reqres], [txn, limits.txn], [sess, limits.sess], process]
    }
  }

  /** Counts memory if it is available everywhere (`var_accounting_add`). */
  #reserve(scope: VariableScope, size: number): boolean {
    if (this.#counted(scope).some(([store, limit]) => limit > 0 && store && (store.size + size) >>> 0 > limit))
      return false
    this.#account(scope, size)
    return true
  }

  /** `var_accounting_diff` */
  #account(scope: VariableScope, size: number): void {
    for (const [store, limit] of this.#counted(scope)) if (limit > 0 && store) store.size = (store.size + size) >>> 0
  }
}
