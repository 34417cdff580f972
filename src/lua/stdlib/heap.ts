/**
 * Finds the reachable objects of a Lua state from its registry and its coroutines, like the mark phase of Lua's collector, so that nothing
 * depends on that of the host. It measures them in PUC Lua's sizes and removes from weak tables what is not referenced elsewhere. Registers
 * of running functions are JavaScript variables, which cannot be examined: a collection is exact between steps, when all coroutines are
 * suspended.
 */
import { Op } from '../vm/opcodes.js'
import { LuaThread, PROTECTED, type Call, type GlobalState } from '../vm/state.js'
import { LuaTable } from '../vm/table.js'
import { LuaClosure, NativeClosure, Userdata, type LuaValue, type UpValue } from '../vm/value.js'

/** Sizes in bytes on 64-bit machines. */
const SIZES = {
  table: 56,
  slot: 16,
  node: 40,
  closure: 32,
  pointer: 8,
  upvalue: 40,
  userdata: 40,
  thread: 1000,
  call: 64,
}
const STRING_HEADER = 25
/** Equal strings up to this length are counted once; longer ones are counted each time. */
const LONGEST_KNOWN = 65_536
const SHORTEST_KNOWN = 1024

export interface HeapSize {
  readonly bytes: number
  readonly objects: number
}

/**
 * Marks reachable objects.
 *
 * @param limit size in bytes at which the search stops
 * @param collect whether to remove unreachable objects from weak tables
 */
export const markHeap = (G: GlobalState, limit: number, collect: boolean): HeapSize => {
  const heap = new Heap(limit)
  heap.value(G.registry)
  heap.value(G.mainthread)
  for (const mt of G.mt) heap.value(mt ?? undefined)
  for (const table of G.dying) heap.value(table)
  heap.finish()
  if (collect && heap.bytes <= limit) {
    heap.clearValues()
    heap.separate(G)
    heap.clearKeys()
    heap.clearValues()
  }
  return { bytes: heap.bytes, objects: heap.objects }
}

/** Whether a value of a state is reachable. */
export const aliveValues = (G: GlobalState): ((value: object) => boolean) => {
  const heap = new Heap(Infinity)
  heap.value(G.registry)
  heap.value(G.mainthread)
  for (const mt of G.mt) heap.value(mt ?? undefined)
  heap.finish()
  return (value) => heap.knows(value)
}

/** Returns a function that tells whether an object of the host is reachable from scripts. */
export const aliveObjects = (G: GlobalState): ((object: object) => boolean) => {
  const alive = aliveValues(G)
  return (object) => alive(G.light(object))
}

/** The objects that can be reached in a state without passing through `barred` objects, unless these are added. */
export class Reach {
  readonly #heap: Heap
  readonly #barred: Set<object>

  /** @param from undefined: all roots of the state */
  constructor(
    readonly G: GlobalState,
    barred: Iterable<object>,
    from?: LuaValue,
  ) {
    this.#barred = new Set(barred)
    this.#heap = new Heap(Infinity, this.#barred)
    for (const root of from === undefined ? [G.registry, G.mainthread, ...G.mt] : [from])
      this.#heap.value(root ?? undefined)
    this.#heap.finish()
  }

  /** Whether a reference to an object of the host was reached. */
  knows(object: object): boolean {
    return this.#heap.knows(this.G.light(object))
  }

  add(value: LuaValue & object): void {
    this.#barred.delete(value)
    this.#heap.value(value)
    this.#heap.finish()
  }
}

/** A function that waits for the return of a call no longer needs the registers from that of the called function on. */
const liveRegisters = ({ p }: LuaClosure, pc: number): number => {
  const { opcode, A } = p.code[pc]!
  if (opcode === Op.CALL) return A
  return opcode === Op.TFORCALL ? A + 3 : Infinity
}

const NOTHING: ReadonlySet<object> = new Set()

class Heap {
  bytes = 0
  objects = 0
  readonly #seen = new Set<object>()
  readonly #texts = new Set<string>()
  readonly #waiting: object[] = []
  readonly #weakKeys: LuaTable[] = []
  readonly #weakValues: LuaTable[] = []

  /** @param barred objects that are treated as unreachable */
  constructor(
    readonly limit: number,
    readonly barred: ReadonlySet<object> = NOTHING,
  ) {}

  /** Marks a value; {@link finish} marks what it references. */
  value(value: LuaValue): void {
    if (typeof value === 'string') return this.#text(value)
    if (typeof value === 'function') {
      if (value.holds !== undefined) this.value(value.holds)
      return
    }
    if (typeof value !== 'object' || value === null || this.#seen.has(value) || this.barred.has(value)) return
    this.#seen.add(value)
    this.objects++
    this.#waiting.push(value)
  }

  knows(object: object): boolean {
    return this.#seen.has(object)
  }

  /** Removes the unreachable tables from those to be finalized; they are kept alive until their finalizers have run. */
  separate(G: GlobalState): void {
    const dead = [...G.finalizable].filter((table) => !this.#seen.has(table))
    for (const table of dead) {
      G.finalizable.delete(table)
      this.value(table)
    }
    G.dying.unshift(...dead.reverse())
    this.finish()
  }

  #text(text: string): void {
    const { length } = text
    if (length >= SHORTEST_KNOWN && length <= LONGEST_KNOWN) {
      if (this.#texts.has(text)) return
      this.#texts.add(text)
    }
    this.bytes += length + STRING_HEADER
  }

  finish(): void {
    do this.#drain()
    while (this.#ephemerons())
  }

  #drain(): void {
    for (
      let object = this.#waiting.pop();
      object !== undefined && this.bytes <= this.limit;
      object = this.#waiting.pop()
    ) {
      if (object instanceof LuaTable) this.#table(object)
      else if (object instanceof LuaClosure) {
        this.bytes += SIZES.closure + SIZES.pointer * object.upvalues.length
        for (const upvalue of object.upvalues) this.#upvalue(upvalue)
      } else if (object instanceof NativeClosure) {
        this.bytes += SIZES.closure + SIZES.slot * object.upvalues.length
        for (const value of object.upvalues) this.value(value)
      } else if (object instanceof Userdata) {
        this.bytes += SIZES.userdata + object.len
        this.value(object.metatable ?? undefined)
        this.value(object.uservalue)
      } else if (object instanceof LuaThread) this.#thread(object)
    }
  }

  #upvalue(upvalue: UpValue): void {
    if (this.#seen.has(upvalue)) return
    this.#seen.add(upvalue)
    this.bytes += SIZES.upvalue
    this.value(upvalue.v)
  }

  #table(table: LuaTable): void {
    const { elements: arr, keys, vals, metatable } = table
    this.bytes += SIZES.table + SIZES.slot * arr.length + SIZES.node * keys.length
    this.value(metatable ?? undefined)
    const mode = metatable?.getKey('__mode')
    const [weakKeys, weakValues] = typeof mode === 'string' ? [mode.includes('k'), mode.includes('v')] : [false, false]
    if (weakKeys) this.#weakKeys.push(table)
    if (weakValues) this.#weakValues.push(table)
    if (!weakValues) for (let i = 0; i < arr.length; i++) this.value(arr[i])
    for (let i = 0; i < keys.length; i++) {
      if (vals[i] === undefined) continue
      if (!weakKeys) this.value(keys[i])
      if (!weakKeys && !weakValues) this.value(vals[i])
    }
  }

  #thread(thread: LuaThread): void {
    this.bytes += SIZES.thread + SIZES.slot * thread.top
    for (let i = 0; i < thread.top; i++) this.value(thread.stack[i])
    for (const { value } of thread.toClose) this.value(value)
    if (thread.tailArguments !== null) {
      this.value(thread.tailFunction)
      for (const value of thread.tailArguments) this.value(value)
    }
    this.value(thread.errorHandler)
    for (let ci: Call | null = thread.ci; ci !== null; ci = ci.previous) this.#call(ci)
  }

  #call(ci: Call): void {
    const { func, regs } = ci
    this.bytes += SIZES.call
    this.value(func)
    if (ci.callstatus & PROTECTED) this.value(ci.oldErrorHandler)
    this.value(ci.failure?.value)
    for (const { value } of ci.pending ?? []) this.value(value)
    // in a native function, other fields of the record are left over from a Lua function
    if (!(func instanceof LuaClosure)) return
    if (func.p.code[ci.pc]!.opcode === Op.RETURN) for (const value of ci.kept ?? []) this.value(value)
    for (const value of ci.va ?? []) this.value(value)
    if (regs === null) return
    const live = Math.min(regs.length, liveRegisters(func, ci.pc))
    for (let i = 0; i < live; i++) this.#register(regs[i])
  }

  /** Registers shared with closures are kept as their variables. */
  #register(register: unknown): void {
    if (typeof register === 'object' && register !== null && 'v' in register) this.#upvalue(register as UpValue)
    else this.value(register as LuaValue)
  }

  /** Marks the values of reachable weak keys. Returns whether there were new ones. */
  #ephemerons(): boolean {
    const before = this.objects
    for (const table of this.#weakKeys) {
      if (this.#weakValues.includes(table)) continue
      table.keys.forEach((key, i) => {
        if (this.#alive(key)) this.value(table.vals[i])
      })
    }
    return this.objects > before
  }

  #alive(value: LuaValue): boolean {
    const collectable =
      value instanceof LuaTable ||
      value instanceof LuaClosure ||
      value instanceof NativeClosure ||
      value instanceof Userdata ||
      value instanceof LuaThread
    return !collectable || this.#seen.has(value)
  }

  /** Removes entries with unreachable values from weak tables. */
  clearValues(): void {
    for (const table of this.#weakValues) {
      const { elements } = table
      for (let i = elements.length; i >= 1; i--) if (!this.#alive(elements[i - 1])) table.setInt(i, undefined)
      this.#clear(table, (_, value) => this.#alive(value))
    }
  }

  /** Removes entries with unreachable keys from weak tables. */
  clearKeys(): void {
    for (const table of this.#weakKeys) this.#clear(table, (key) => this.#alive(key))
  }

  #clear(table: LuaTable, stays: (key: LuaValue, value: LuaValue) => boolean): void {
    table.keys.forEach((key, i) => {
      const value = table.vals[i]
      if (value !== undefined && !stays(key, value)) table.setKey(key, undefined)
    })
  }
}
