/** The rules are those of the "Trace Event Format" document of the Chromium project. */
import { beforeAll, describe, expect, it } from 'vitest'
import { chromeTrace, type ChromeTrace, type TraceEvent } from '../../src/report/chrome-trace.js'
import type { Timeline } from '../../src/report/timeline.js'
import { startupRace } from './startup-race.js'

let baseline: Timeline
let trace: ChromeTrace
beforeAll(() => {
  baseline = startupRace().baseline
  trace = JSON.parse(JSON.stringify(chromeTrace(baseline))) as ChromeTrace
})

const events = (ph: TraceEvent['ph']) => trace.traceEvents.filter((event) => event.ph === ph)

const threadOf = ({ pid, tid }: TraceEvent): string | undefined =>
  events('M').find((each) => each.name === 'thread_name' && each.pid === pid && each.tid === tid)?.args?.['name'] as
    string | undefined

describe('a trace for viewers', () => {
  it('has the required fields of each phase', () => {
    for (const event of trace.traceEvents) {
      expect(event).toMatchObject({ name: expect.any(String), pid: expect.any(Number), tid: expect.any(Number) })
      expect(Number.isFinite(event.ts)).toBe(true)
      if (event.ph === 'X') expect(event.dur).toBeGreaterThan(0)
      if (event.ph === 'i') expect(event.s).toBe('t')
    }
  })

  it('names every process and thread', () => {
    for (const event of trace.traceEvents) if (event.ph !== 'M') expect(threadOf(event)).toBeDefined()
    const processes = events('M').filter(({ name }) => name === 'process_name')
    expect(processes.map(({ args }) => args?.['name'])).toContain('haproxy')
  })

  it('has a slice for every step, on its thread and on its task', () => {
    const steps = baseline.items.filter(({ kind }) => kind === 'step')
    const slices = events('X').filter(({ cat }) => cat === 'step')
    expect(slices.filter((each) => threadOf(each)?.startsWith('thread '))).toHaveLength(steps.length)
    expect(slices.filter((each) => threadOf(each) === each.name)).toHaveLength(steps.length)
  })

  it('nests the slices of a thread without partial overlaps', () => {
    const byThread = new Map<string, TraceEvent[]>()
    for (const event of events('X')) {
      const key = `${event.pid}/${event.tid}`
      byThread.set(key, [...(byThread.get(key) ?? []), event])
    }
    for (const slices of byThread.values()) {
      const open: number[] = []
      for (const { ts, dur = 0 } of slices.sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))) {
        while (open.length > 0 && open.at(-1)! <= ts + 1e-9) open.pop()
        if (open.length > 0) expect(ts + dur).toBeLessThanOrEqual(open.at(-1)! + 1e-9)
        open.push(ts + dur)
      }
    }
  })

  it('has a flow from the step that connects to the connection', () => {
    const starts = events('s')
    expect(starts.length).toBeGreaterThan(0)
    for (const start of starts) {
      const end = events('f').find(({ id }) => id === start.id)
      expect(end).toMatchObject({ bp: 'e', name: start.name })
      expect(end!.ts).toBeGreaterThanOrEqual(start.ts)
    }
    expect(starts.map(threadOf)).toContain('check be1/srv1')
  })

  it('has instants at their virtual times', () => {
    const down = events('i').find(({ name }) => name.startsWith('SERVER_DOWN'))!
    const item = baseline.items.find(({ text }) => text.startsWith('SERVER_DOWN'))!
    expect(Math.floor(down.ts)).toBe(item.at)
  })

  it('reports that it is truncated', () => {
    expect(chromeTrace({ ...baseline, omitted: 5 }).otherData['omitted']).toContain('5 more items')
  })
})
