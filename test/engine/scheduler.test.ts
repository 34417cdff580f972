import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fifo,
  Scheduler,
  SPIN_LIMIT,
  STALL,
  Trace,
  VirtualClock,
  Wake,
  type Strategy,
  type Task,
} from '../../src/engine/index.js'

const world = (strategy?: Strategy, threads = 1) => {
  const clock = new VirtualClock()
  const trace = new Trace(clock)
  const scheduler = new Scheduler({ clock, trace, ...(strategy && { strategy }) })
  return { clock, trace, scheduler, group: scheduler.threads('p', threads) }
}

/** A task that notes each of its steps. */
const noting = (log: string[], name: string, more: (task: Task) => void = () => {}) => ({
  name,
  run: (task: Task) => {
    log.push(name)
    more(task)
  },
})

describe('scheduler', () => {
  it('runs tasks in the order in which they were woken', () => {
    const { scheduler, group } = world()
    const log: string[] = []
    const tasks = ['a', 'b', 'c'].map((name) => group.spawn(noting(log, name)))
    for (const i of [2, 0, 1]) tasks[i]!.wake(Wake.OTHER)
    scheduler.runUntil(0)
    expect(log).toEqual(['c', 'a', 'b'])
  })

  it('delays nice tasks and advances urgent ones, in turns', () => {
    const { scheduler, group } = world()
    const log: string[] = []
    const nice = group.spawn({ ...noting(log, 'nice'), nice: 1 })
    const urgent = group.spawn({ ...noting(log, 'urgent'), nice: -1 })
    const plain = group.spawn(noting(log, 'plain'))
    for (const task of [nice, plain, urgent]) task.wake(Wake.OTHER)
    scheduler.runUntil(0)
    expect(log).toEqual(['urgent', 'plain', 'nice'])
  })

  it('runs a task once for all wakeups while it waited', () => {
    const { scheduler, group } = world()
    const reasons: number[] = []
    const task = group.spawn({ name: 't', run: (t) => reasons.push(t.reasons) })
    task.wake(Wake.IO)
    task.wake(Wake.MESSAGE)
    task.wake(Wake.IO)
    scheduler.runUntil(0)
    expect(reasons).toEqual([Wake.IO | Wake.MESSAGE])
  })

  it('runs a task again that was woken during its own step', () => {
    const { scheduler, group } = world()
    const log: string[] = []
    const task = group.spawn(noting(log, 't', (t) => log.length < 3 && t.wake(Wake.OTHER)))
    task.wake(Wake.OTHER)
    scheduler.runUntil(0)
    expect(log).toEqual(['t', 't', 't'])
  })

  it('jumps to the next timer if nothing is runnable, up to the requested time', () => {
    const { clock, scheduler, group } = world()
    const times: number[] = []
    const task = group.spawn({
      name: 't',
      run: (t) => {
        times.push(clock.now)
        t.wakeAt(clock.now + 400)
      },
    })
    task.wakeAt(100)
    scheduler.runUntil(1000)
    expect(times).toEqual([100, 500, 900])
    expect(clock.now).toBe(1000)
    expect(task.expires).toBe(1300)
  })

  it('replaces a timer that is set again, and drops a cancelled one', () => {
    const { clock, scheduler, group } = world()
    const times: number[] = []
    const moved = group.spawn({ name: 'moved', run: () => times.push(clock.now) })
    const cancelled = group.spawn({ name: 'cancelled', run: () => times.push(-1) })
    moved.wakeAt(100)
    moved.wakeAt(50)
    moved.wakeAt(70)
    cancelled.wakeAt(60)
    cancelled.cancelTimer()
    scheduler.runUntil(200)
    expect(times).toEqual([70])
  })

  it('does not run a task that was killed, regardless of wakeups', () => {
    const { scheduler, group } = world()
    const log: string[] = []
    const task = group.spawn(noting(log, 't'))
    task.wake(Wake.OTHER)
    task.wakeAt(10)
    task.kill()
    task.wake(Wake.OTHER)
    scheduler.runUntil(100)
    expect(log).toEqual([])
  })

  it('lets time pass although a task always wakes itself', () => {
    const { clock, scheduler, group } = world()
    let steps = 0
    const spinner = group.spawn({
      name: 'spinner',
      run: (t) => {
        steps++
        t.wake(Wake.OTHER)
      },
    })
    spinner.wake(Wake.OTHER)
    const times: number[] = []
    scheduler.at(500, () => times.push(clock.now))
    scheduler.runUntil(1000)
    expect(times).toEqual([500])
    expect(clock.now).toBe(1000)
    expect(steps).toBe(2 * SPIN_LIMIT)
  })

  it('distributes unbound tasks over the threads, and keeps bound ones on theirs', () => {
    const { scheduler, group } = world(undefined, 3)
    const threads: number[] = []
    const note = () => void threads.push(scheduler.current!.thread)
    const any = group.spawn({ name: 'any', run: note })
    const second = group.spawn({ name: 'second', thread: 2, run: note })
    for (let i = 1; i <= 4; i++) {
      any.wake(Wake.OTHER)
      second.wake(Wake.OTHER)
      scheduler.runUntil(i)
    }
    expect(threads).toEqual([1, 2, 2, 2, 3, 2, 1, 2])
    expect(() => group.spawn({ name: 'x', thread: 4, run: note })).toThrow(RangeError)
  })

  it('rejects advancing time from within a step', () => {
    const { scheduler, group } = world()
    const task = group.spawn({ name: 't', run: () => scheduler.runUntil(10) })
    task.wake(Wake.OTHER)
    expect(() => scheduler.runUntil(5)).toThrow('within a step')
  })

  it('ends as soon as the condition is true', () => {
    const { clock, scheduler } = world()
    for (const at of [10, 20, 30]) scheduler.at(at, () => {})
    expect(scheduler.runWhile(100, () => clock.now < 20)).toBe(true)
    expect(clock.now).toBe(20)
    expect(scheduler.runWhile(100, () => true)).toBe(false)
    expect(clock.now).toBe(100)
  })

  it('removes the threads of a process with everything that waits on them', () => {
    const { scheduler, group } = world()
    const other = scheduler.threads('q', 1)
    const log: string[] = []
    group.spawn(noting(log, 'gone')).wake(Wake.OTHER)
    other.spawn(noting(log, 'stays')).wake(Wake.OTHER)
    scheduler.removeThreads(group)
    scheduler.runUntil(10)
    expect(log).toEqual(['stays'])
  })
})

describe('strategy', () => {
  const last: Strategy = { name: 'last', next: (ready) => ready.at(ready.size - 1) }

  it('receives runnable tasks in the order in which fifo would run them', () => {
    const seen: string[][] = []
    const looking: Strategy = {
      name: 'looking',
      next: (ready) => {
        seen.push(Array.from({ length: ready.size }, (_, i) => ready.at(i).name))
        expect(() => ready.at(ready.size)).toThrow(RangeError)
        return fifo.next(ready)
      },
    }
    const { scheduler, group } = world(looking, 2)
    const log: string[] = []
    const tasks = [
      group.spawn({ ...noting(log, 'a'), thread: 1 }),
      group.spawn({ ...noting(log, 'b'), thread: 2 }),
      group.spawn(noting(log, 'c')),
      group.spawn({ ...noting(log, 'd'), thread: 2 }),
    ]
    for (const task of tasks) task.wake(Wake.OTHER)
    scheduler.runUntil(0)
    expect(seen[0]).toEqual(['a', 'b', 'c', 'd'])
    expect(log).toEqual(['a', 'b', 'c', 'd'])
  })

  it('decides the order of steps', () => {
    const { scheduler, group } = world(last)
    const log: string[] = []
    for (const name of ['a', 'b', 'c']) group.spawn(noting(log, name)).wake(Wake.OTHER)
    scheduler.runUntil(0)
    expect(log).toEqual(['c', 'b', 'a'])
  })

  it('can let time pass although a task is runnable, up to the bound', () => {
    const slow: Strategy = { name: 'slow', next: (ready) => (ready.canStall ? STALL : ready.first()) }
    const { clock, scheduler, group } = world(slow)
    const log: string[] = []
    group.spawn(noting(log, 'task', () => log.push(String(clock.now)))).wake(Wake.OTHER)
    for (const at of [4_000, 8_000, 12_000]) scheduler.at(at, () => log.push(`timer ${at}`))
    scheduler.runUntil(20_000)
    expect(log).toEqual(['timer 4000', 'timer 8000', 'task', '8000', 'timer 12000'])
  })
})

describe('determinism', () => {
  /** A small set of tasks that wake one another and set timers at random. */
  const play = (seed: number, steps: number[]) => {
    const { scheduler, group, trace } = world(undefined, 2)
    const log: string[] = []
    const tasks: Task[] = steps.map((step, i) =>
      group.spawn({
        name: `t${i}`,
        thread: i % 3,
        nice: (step % 5) - 2,
        run: (task) => {
          log.push(`${scheduler.clock.now} ${task.name}`)
          if (log.length < 200) {
            tasks[(i * 7 + step) % tasks.length]!.wake(Wake.MESSAGE)
            task.wakeAt(scheduler.clock.now + (step % 17) + seed)
          }
        },
      }),
    )
    for (const task of tasks) task.wake(Wake.INIT)
    scheduler.runUntil(10_000)
    return { log, hash: trace.hash }
  }

  it('same input, same trace; another input, another trace', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.array(fc.nat(100), { minLength: 1, maxLength: 20 }), (seed, steps) => {
        expect(play(seed + 1, steps)).toEqual(play(seed + 1, steps))
      }),
    )
    expect(play(1, [1, 2, 3]).hash).not.toBe(play(2, [1, 2, 3]).hash)
  })
})

describe('a step with a cost', () => {
  it('keeps its thread busy: tasks of the thread wait, other threads continue, time passes', () => {
    const { clock, scheduler, group } = world(undefined, 2)
    const log: string[] = []
    const note = (name: string) => () => log.push(`${name} at ${clock.now}`)
    const long = group.spawn({
      name: 'long',
      thread: 1,
      run: () => {
        note('long')()
        scheduler.occupy(300)
        scheduler.occupy(200)
      },
    })
    const same = group.spawn({ name: 'same', thread: 1, run: note('same') })
    const other = group.spawn({ name: 'other', thread: 2, run: note('other') })
    const any = group.spawn({ name: 'any', run: () => log.push(`any on ${scheduler.current!.thread}`) })
    for (const task of [long, same, other, any]) task.wake(Wake.OTHER)
    scheduler.runUntil(499)
    expect(log).toEqual(['long at 0', 'other at 0', 'any on 2'])
    expect([scheduler.runnable, scheduler.hasWork, group.isBusy(1)]).toEqual([0, true, true])
    scheduler.runUntil(1000)
    expect(log.slice(3)).toEqual(['same at 500'])
    expect(scheduler.hasWork).toBe(false)
  })

  it('delays unbound tasks while all threads are busy', () => {
    const { clock, scheduler, group } = world(undefined, 2)
    const busy = [300, 200].map((cost, i) =>
      group.spawn({ name: 'busy', thread: i + 1, run: () => scheduler.occupy(cost) }),
    )
    const log: string[] = []
    const any = group.spawn({ name: 'any', run: () => log.push(`${clock.now} on ${scheduler.current!.thread}`) })
    for (const task of [...busy, any]) task.wake(Wake.OTHER)
    scheduler.runUntil(1000)
    expect(log).toEqual(['200 on 2'])
  })

  it('ends with the process', () => {
    const { scheduler, group } = world()
    const task = group.spawn({ name: 'busy', run: () => scheduler.occupy(300) })
    task.wake(Wake.OTHER)
    scheduler.runUntil(0)
    scheduler.removeThreads(group)
    expect([scheduler.runnable, scheduler.timers.size, scheduler.hasWork]).toEqual([0, 0, false])
  })

  it('loses no wakeup while threads are busy', () => {
    const step = fc.record({ task: fc.nat(5), cost: fc.nat(50), after: fc.nat(60) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { scheduler, group } = world(undefined, 3)
        let [woken, ran] = [0, 0]
        const costs: number[] = []
        const tasks = Array.from({ length: 6 }, (_, i) =>
          group.spawn({
            name: 't',
            thread: i % 4,
            run: () => {
              expect(group.isBusy(scheduler.current!.thread)).toBe(false)
              ran++
              scheduler.occupy(costs.shift() ?? 0)
            },
          }),
        )
        let at = 0
        for (const { task, cost, after } of steps)
          scheduler.at((at += after), () => {
            if (tasks[task]!.runnable) return
            woken++
            costs.push(cost)
            tasks[task]!.wake(Wake.OTHER)
          })
        scheduler.runUntil(1_000_000)
        expect([ran, scheduler.runnable, scheduler.hasWork]).toEqual([woken, 0, false])
      }),
    )
  })
})
