import { describe, expect, it } from 'vitest'
import { Trace, VirtualClock, type TraceRecord } from '../../src/engine/index.js'

const write = (...records: Parameters<Trace['write']>[]) => {
  const trace = new Trace(new VirtualClock())
  for (const record of records) trace.write(...record)
  return trace
}

describe('trace', () => {
  it('has the same hash for the same records', () => {
    const fields = { a: 1, b: [true, undefined, new Uint8Array([1, 2])], c: { d: 'x' } } as const
    expect(write(['log', fields]).hash).toBe(write(['log', { ...fields }]).hash)
    expect(write(['log', fields]).hash).toMatch(/^[0-9a-f]{16}$/)
  })

  it('has another hash for any difference', () => {
    const hashes = [
      write().hash,
      write(['log', {}]).hash,
      write(['log', {}], ['log', {}]).hash,
      write(['mail', {}]).hash,
      write(['log', { a: 1 }]).hash,
      write(['log', { a: 1.5 }]).hash,
      write(['log', { a: 4_294_967_297 }]).hash,
      write(['log', { a: '1' }]).hash,
      write(['log', { a: true }]).hash,
      write(['log', { a: false }]).hash,
      write(['log', { a: [1] }]).hash,
      write(['log', { a: [[1]] }]).hash,
      write(['log', { a: [], b: 1 }]).hash,
      write(['log', { a: { b: 1 } }]).hash,
      write(['log', { ab: 1 }]).hash,
      write(['log', { a: 'ab', b: 'c' }]).hash,
      write(['log', { a: 'a', b: 'bc' }]).hash,
    ]
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('does not depend on listeners', () => {
    const trace = new Trace(new VirtualClock())
    const seen: TraceRecord[] = []
    const stop = trace.listen((record) => seen.push(record))
    trace.write('log', { message: 'one' })
    stop()
    trace.write('log', { message: 'two' })
    expect(seen).toEqual([{ type: 'log', at: 0, message: 'one' }])
    expect(trace.hash).toBe(write(['log', { message: 'one' }], ['log', { message: 'two' }]).hash)
    expect(trace.count).toBe(2)
  })

  it('depends on the time of records', () => {
    const clock = new VirtualClock()
    const trace = new Trace(clock)
    clock.advanceTo(1)
    trace.write('log', {})
    expect(trace.hash).not.toBe(write(['log', {}]).hash)
    expect(() => clock.advanceTo(0)).toThrow(RangeError)
    expect(() => clock.advanceTo(1.5)).toThrow(RangeError)
  })
})
