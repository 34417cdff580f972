import { describe, expect, it } from 'vitest'
import { addToWindow, FrequencyCounter, windowAverage } from '../../../src/haproxy/counters/frequency.js'

const MS = 1000

describe('a frequency counter', () => {
  it('counts the events of the current second', () => {
    const counter = new FrequencyCounter()
    for (let i = 1; i <= 5; i++) expect(counter.add(2000 * MS + i * MS)).toBe(i)
    expect(counter.read(2010 * MS)).toBe(5)
  })

  it('reduces the share of the previous second as the current one passes', () => {
    const counter = new FrequencyCounter()
    for (let i = 0; i < 10; i++) counter.add(2000 * MS)
    counter.add(3000 * MS)
    expect([3000, 3250, 3500, 3900].map((ms) => counter.read(ms * MS))).toEqual([11, 8, 6, 2])
    expect(counter.readFraction(3250 * MS)).toBe(8.5)
  })

  it('is 0 two seconds after the last events', () => {
    const counter = new FrequencyCounter()
    counter.add(2000 * MS, 10)
    expect([2999, 3000, 3500, 4000, 4001].map((ms) => counter.read(ms * MS))).toEqual([10, 10, 5, 0, 0])
  })

  it('counts a single event as one per second until it is too old', () => {
    const counter = new FrequencyCounter()
    counter.add(2000 * MS)
    expect([2500, 3500, 3999, 4001].map((ms) => counter.read(ms * MS))).toEqual([1, 1, 1, 0])
  })

  it('drops the previous second if one was skipped', () => {
    const counter = new FrequencyCounter()
    counter.add(2000 * MS, 10)
    counter.add(4500 * MS)
    expect(counter.read(4500 * MS)).toBe(1)
  })
})

describe('a sliding window', () => {
  it('approaches the average of its samples', () => {
    let sum = 0
    for (let i = 0; i < 512; i++) sum = addToWindow(sum, 512, 100)
    expect(windowAverage(sum, 512)).toBeGreaterThan(60)
    for (let i = 0; i < 5120; i++) sum = addToWindow(sum, 512, 100)
    expect(windowAverage(sum, 512)).toBe(100)
  })
})
