/** Where two runs part. */
import { describe, expect, it } from 'vitest'
import { compareTimelines } from '../../src/report/timeline-difference.js'
import type { Item, Timeline } from '../../src/report/timeline.js'
import { startupRace } from './startup-race.js'

/** A timeline of steps (`a`) and log lines (`"text"`), one each millisecond. */
const timeline = (...what: string[]): Timeline => {
  const tasks = [...new Set(what.filter((each) => !each.startsWith('"')))]
  const lanes: Timeline['lanes'] = [
    { kind: 'log', name: 'log', process: 'p' },
    ...tasks.map((name) => ({ kind: 'task' as const, name, process: 'p' })),
  ]
  const items = what.map((each, i): Item => {
    const log = each.startsWith('"')
    const at = i * 1000
    return { kind: log ? 'log' : 'step', lane: log ? 0 : 1 + tasks.indexOf(each), at, order: i, text: each }
  })
  return { end: 1e6, lanes, items, omitted: 0 }
}

describe('two timelines', () => {
  it('that are equal have no difference', () => {
    expect(compareTimelines(timeline('a', '"x"'), timeline('a', '"x"'))).toEqual({
      first: undefined,
      onlyLeft: [],
      onlyRight: [],
      tasksOnlyLeft: [],
      tasksOnlyRight: [],
    })
  })

  it('differ from the first different step on', () => {
    const { first, onlyLeft, onlyRight } = compareTimelines(timeline('a', 'b', 'c'), timeline('a', 'c', 'b'))
    expect(first).toEqual({ left: 1, right: 1 })
    expect([onlyLeft, onlyRight]).toEqual([[], []])
  })

  it('differ where one of them ends', () => {
    expect(compareTimelines(timeline('a', 'b'), timeline('a')).first).toEqual({ left: 1, right: undefined })
  })

  it('do not differ in times, durations and dates', () => {
    const left = timeline('"down, check duration: 3ms"', '"took 1.5 s"', '"on Mon, 01 Jan 2024 00:00:05 +0000"')
    const right = timeline('"down, check duration: 12ms"', '"took 2 s"', '"on Mon, 01 Jan 2024 00:00:06 +0000"')
    expect(compareTimelines(left, right).first).toBeUndefined()
  })

  it('list items that only one of them has, including additional repetitions', () => {
    const { onlyLeft, onlyRight } = compareTimelines(timeline('"x"', '"y"', '"y"'), timeline('"y"', '"z"'))
    expect(onlyLeft).toEqual([0, 2])
    expect(onlyRight).toEqual([1])
  })

  it('list tasks that never ran in one of them', () => {
    expect(compareTimelines(timeline('a', 'b'), timeline('a', 'c'))).toMatchObject({
      tasksOnlyLeft: ['b'],
      tasksOnlyRight: ['c'],
    })
  })

  it('of the startup race differ from the step of the task that subscribes', () => {
    const { baseline, failing } = startupRace()
    const { first, onlyLeft, tasksOnlyLeft } = compareTimelines(baseline, failing)
    expect(baseline.items[first!.left!]!.text).toBe('Lua task task.lua:24')
    expect(onlyLeft.map((index) => baseline.items[index]!.kind)).toEqual(['event', 'mail'])
    expect(tasksOnlyLeft).toEqual(['Lua event task.lua:25'])
  })
})
