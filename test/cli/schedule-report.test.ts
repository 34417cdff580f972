/** The report of a schedule that a search has found. */
import { describe, expect, it } from 'vitest'
import { explore, ExploreError, TokenError } from '../../src/explore/index.js'
import { compareTimelines } from '../../src/report/timeline-difference.js'
import { scheduleReport } from '../../src/cli/schedule-report.js'
import type { Simulation } from '../../src/sim/index.js'

/** Two tasks that become runnable together; it matters which of them is first. */
const scenario = (simulation: Simulation): void => {
  const order: string[] = []
  const threads = simulation.scheduler.threads('p', 2)
  for (const name of ['first', 'second']) threads.spawn({ name, run: () => void order.push(name) }).wakeAt(1000)
  simulation.advance('5ms')
  if (order[0] !== 'first') throw new Error('the second came first')
}

const found = (): ExploreError => {
  try {
    explore(scenario, { name: 'order' })
  } catch (error) {
    if (error instanceof ExploreError) return error
    throw error
  }
  throw new Error('nothing was found')
}

describe('the report of a schedule', () => {
  it('shows the default order beside it, and describes the deviations', () => {
    const { token, deviations } = found()
    const report = scheduleReport({ name: 'order', play: scenario }, token, { title: 'order', command: 'again' })
    expect(report.runs.map(({ name }) => name)).toEqual(['default order', 'this schedule: the second came first'])
    const [baseline, other] = report.runs
    expect(other).toMatchObject({ deviations, token })
    const { first } = compareTimelines(baseline!.timeline, other!.timeline)
    expect(baseline!.timeline.items[first!.left!]).toMatchObject({ text: 'first', at: 1000 })
    expect(other!.timeline.items[first!.right!]).toMatchObject({ text: 'second', at: 1000 })
  })

  it('rejects a token of another scenario', () => {
    const { token } = found()
    expect(() => scheduleReport({ name: 'another', play: scenario }, token, { title: 'x' })).toThrow(TokenError)
  })
})
