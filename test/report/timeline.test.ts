/** What of a run a timeline keeps, and where. */
import { beforeAll, describe, expect, it } from 'vitest'
import { STALL, type Strategy } from '../../src/engine/index.js'
import { collectTimeline } from '../../src/report/timeline-recorder.js'
import type { Item, Timeline } from '../../src/report/timeline.js'
import { Simulation } from '../../src/sim/index.js'
import { startupRace } from './startup-race.js'

const on = ({ lanes, items }: Timeline, lane: string): Item[] =>
  items.filter(
    (item) => lanes[item.lane]!.name === lane || (item.also !== undefined && lanes[item.also]!.name === lane),
  )

/** A world with two tasks, `a` and `b`, on one thread. */
const twoTasks = (strategy?: Strategy) => {
  const simulation = new Simulation({ ...(strategy && { strategy }) })
  const timeline = collectTimeline(simulation)
  const threads = simulation.scheduler.threads('p', 1)
  const a = threads.spawn({ name: 'a', thread: 1, run: () => undefined })
  const b = threads.spawn({ name: 'b', thread: 1, run: () => undefined })
  return { simulation, timeline, a, b, threads }
}

describe('a timeline', () => {
  it('has every step on the lanes of its task and of its thread, in order, at its virtual time', () => {
    const { simulation, timeline, a, b } = twoTasks()
    a.wakeAt(5)
    b.wakeAt(5)
    simulation.at('1ms', () => a.wake(4))
    simulation.advance('2ms')
    expect(on(timeline, 'thread 1').map(({ text, at, more }) => [text, at, more])).toEqual([
      ['a', 5, 'woken by timer'],
      ['b', 5, 'woken by timer'],
      ['a', 1000, 'woken by io'],
    ])
    expect(on(timeline, 'a').map(({ at }) => at)).toEqual([5, 1000])
    const orders = timeline.items.map(({ order }) => order)
    expect(orders).toEqual([...orders].sort((x, y) => x - y))
    expect(timeline.end).toBe(2000)
  })

  it('has the requests of clients on a lane for each client, and their connections', () => {
    const simulation = new Simulation()
    const timeline = collectTimeline(simulation)
    simulation.http('10.0.0.1:80').respond(404)
    simulation.client('203.0.113.5', { name: 'curl', detailed: true }).get('http://10.0.0.1/x')
    simulation.client().send('GET', 'http://10.0.0.1:81/')
    simulation.advance('1s')
    expect(on(timeline, 'curl')).toMatchObject([
      {
        kind: 'request',
        text: expect.stringMatching(/^GET http:\/\/10\.0\.0\.1\/x: 404 Not Found, 0 bytes, /) as string,
        more: 'GET /x HTTP/1.1\nhost: 10.0.0.1\n\n\nHTTP/1.1 404 Not Found\ncontent-length: 0\n\n',
      },
    ])
    expect(on(timeline, 'client')).toMatchObject([{ text: expect.stringContaining('refused') as string, level: 'bad' }])
    expect(on(timeline, '→ 10.0.0.1:80')).toMatchObject([{ kind: 'connection', text: 'open' }])
    expect(on(timeline, '→ 10.0.0.1:81')).toMatchObject([{ kind: 'connection', text: 'refused' }])
  })

  it('shows how long a task was delayed, and what overtook it', () => {
    const { simulation, timeline, a, b } = twoTasks({ name: 'last', next: (ready) => ready.at(ready.size - 1) })
    a.wake(1)
    b.wake(1)
    simulation.advance('1ms')
    expect(on(timeline, 'a').map(({ kind, text }) => [kind, text])).toEqual([
      ['held', 'delayed, past b'],
      ['step', 'a'],
    ])
  })

  it('shows that all tasks waited while time passed', () => {
    let stalls = 1
    const { simulation, timeline, a, b } = twoTasks({
      name: 'late',
      next: (ready) => (ready.canStall && stalls-- > 0 ? STALL : ready.first()),
    })
    a.wake(1)
    b.wakeAt(300)
    simulation.advance('1ms')
    expect(on(timeline, 'a')[0]).toMatchObject({ kind: 'held', at: 0, end: 300, text: 'delayed 300 µs' })
  })

  it('gives simultaneous tasks of one name separate lanes, which later ones reuse', () => {
    const { simulation, timeline, a, threads } = twoTasks()
    const twin = threads.spawn({ name: 'a', thread: 1, run: () => undefined })
    a.wake(1)
    twin.wake(1)
    simulation.advance('1ms')
    expect(timeline.lanes.filter(({ kind }) => kind === 'task').map(({ name }) => name)).toEqual(['a', 'a #2'])
    a.kill()
    threads.spawn({ name: 'a', thread: 1, run: () => undefined }).wake(1)
    simulation.advance('1ms')
    expect(on(timeline, 'a')).toHaveLength(2)
    expect(timeline.lanes.filter(({ kind }) => kind === 'task')).toHaveLength(2)
  })

  it('reports how many items were omitted', () => {
    const simulation = new Simulation()
    const timeline = collectTimeline(simulation, { limit: 3 })
    const task = simulation.scheduler.threads('p', 1).spawn({ name: 'a', run: () => undefined })
    for (let i = 0; i < 10; i++) {
      task.wake(1)
      simulation.advance(1)
    }
    expect(timeline.items).toHaveLength(3)
    expect(timeline.omitted).toBe(7)
  })

  it('truncates long texts, and reports it', () => {
    const simulation = new Simulation()
    const timeline = collectTimeline(simulation)
    simulation.trace.write('print', { process: 'p', stream: 'stdout', text: `${'x'.repeat(20_000)}` })
    const [item] = timeline.items
    expect(item!.text).toMatch(/^x{400}… \(19600 more characters\)$/)
    expect(item!.more!.length).toBeLessThan(10_000)
  })

  it('does not replace other listeners of steps and choices', () => {
    const simulation = new Simulation()
    const steps: string[] = []
    simulation.scheduler.onStep = (task) => void steps.push(task.name)
    const timeline = collectTimeline(simulation)
    simulation.scheduler
      .threads('p', 1)
      .spawn({ name: 'a', run: () => undefined })
      .wake(1)
    simulation.advance(1)
    expect(steps).toEqual(['a'])
    expect(timeline.items).toHaveLength(1)
  })
})

describe('the timeline of a connection', () => {
  it('is a span from the connection attempt until both sides have closed it, at the times of the trace', () => {
    const simulation = new Simulation()
    const timeline = collectTimeline(simulation)
    const times: Record<string, number[]> = {}
    simulation.trace.listen(({ type, at }) => void (times[type] ??= []).push(at))
    simulation.tcp('127.0.0.1:80')
    const connection = simulation.home.connect({ family: 'ipv4', ip: '127.0.0.1', port: 80 }, {})
    simulation.advance('5ms')
    connection.close()
    simulation.advance('5ms')
    expect(on(timeline, '→ 127.0.0.1:80')).toMatchObject([
      { kind: 'connection', at: times['connect']![0], end: times['close']!.at(-1), text: 'closed' },
    ])
  })

  it('shows that it was refused', () => {
    const simulation = new Simulation()
    const timeline = collectTimeline(simulation)
    simulation.home.connect({ family: 'ipv4', ip: '127.0.0.1', port: 80 }, {})
    simulation.advance('5ms')
    expect(on(timeline, '→ 127.0.0.1:80')).toMatchObject([{ text: 'refused', level: 'bad' }])
  })

  it('has no end while it is open, and a separate lane beside others to the same address', () => {
    const simulation = new Simulation()
    const timeline = collectTimeline(simulation)
    simulation.tcp('127.0.0.1:80')
    const connect = () => simulation.home.connect({ family: 'ipv4', ip: '127.0.0.1', port: 80 }, {})
    const first = connect()
    connect()
    simulation.advance('5ms')
    first.close()
    simulation.advance('5ms')
    connect()
    simulation.advance('5ms')
    expect(timeline.lanes.map(({ name }) => name)).toEqual(['→ 127.0.0.1:80', '→ 127.0.0.1:80 #2'])
    expect(on(timeline, '→ 127.0.0.1:80').map(({ text }) => text)).toEqual(['closed', 'open'])
    expect(on(timeline, '→ 127.0.0.1:80 #2').map(({ text, end }) => [text, end])).toEqual([['open', undefined]])
  })
})

describe('the timeline of the startup race', () => {
  let baseline: Timeline
  let failing: Timeline
  beforeAll(() => ({ baseline, failing } = startupRace()))

  it('shows that the event had a subscriber in the default order, and none in the failing one', () => {
    expect(on(baseline, 'SERVER_DOWN').map(({ text }) => text)).toEqual(['SERVER_DOWN be1/srv1 · 1 subscriber'])
    expect(on(failing, 'SERVER_DOWN').map(({ text }) => text)).toEqual(['SERVER_DOWN be1/srv1 · no subscriber'])
  })

  it('shows the mail in the mailbox, and that the subscribing task was delayed past the check', () => {
    expect(on(baseline, 'mail1')).toMatchObject([{ kind: 'mail', text: 'SERVER_DOWN be1/srv1' }])
    expect(on(failing, 'mail1')).toEqual([])
    const [held] = failing.items.filter(({ kind }) => kind === 'held')
    expect(failing.lanes[held!.lane]!.name).toBe('Lua task task.lua:24')
    expect(held!.text).toContain('check be1/srv1')
    expect(baseline.items.filter(({ kind }) => kind === 'held')).toEqual([])
  })

  it('assigns an event to the step in which it was published', () => {
    const [event] = on(baseline, 'SERVER_DOWN')
    expect(baseline.items[event!.step!]).toMatchObject({ kind: 'step', text: 'check be1/srv1', at: event!.at })
  })

  it('is plain data', () => {
    const { end, lanes, items, omitted } = baseline
    expect(JSON.parse(JSON.stringify(baseline))).toEqual({ end, lanes, items, omitted })
  })

  it('shows a report that HAProxy sends both to the operator and to the log only once', () => {
    const texts = baseline.items.filter(({ kind }) => kind === 'log' || kind === 'message').map(({ text }) => text)
    expect(texts.filter((text) => text.includes('be1/srv1 is DOWN'))).toHaveLength(1)
  })
})
