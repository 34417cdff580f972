import { beforeAll, describe, expect, it } from 'vitest'
import { Simulation } from '../../src/index.js'
import '../../src/vitest/index.js'
import { runSuite, type ChildTest } from './child.js'
import { CONFIG, SCRIPT } from './world.js'

const world = () => {
  const sim = new Simulation()
  const smtp = sim.smtp('127.0.0.1:25', { name: 'mail1' })
  const web = sim.http('10.0.0.1:80')
  const haproxy = sim.haproxy({ config: CONFIG, files: { 'x.lua': SCRIPT }, directory: false }).start()
  return { sim, smtp, web, haproxy }
}

describe('a server that goes down and up', () => {
  const { sim, smtp, web, haproxy } = world()
  sim.advance('1s')
  it('nothing was sent before', () => {
    expect(smtp).not.toHaveSent()
    expect(haproxy.server('be/srv1')).toBeStatus('UP')
  })
  it('occurrences are found', () => {
    web.refuse()
    sim.advance('3s')
    web.accept()
    sim.advance('3s')
    expect(smtp).toHaveSent()
    expect(smtp).toHaveSentTimes(2)
    expect(smtp).toHaveSentOnce('is DOWN')
    expect(smtp).toHaveSentOnce({ from: 'from@example.com', subject: /^\[HAProxy Alert\] .* is UP/ })
    expect(smtp).toHaveSent({ headers: { to: 'to@example.com' }, body: 'Connection refused' })
    expect(smtp).toHaveSentInOrder([/DOWN/, /UP/])
    expect(smtp).not.toHaveSentInOrder([/UP/, /DOWN/])
    expect(smtp).not.toHaveSent({ to: 'somebody@example.com' })
    expect(haproxy).toHaveLogged('Server be/srv1 is DOWN', 'alert')
    expect(haproxy).toHaveLogged(/srv1 is UP/g)
    expect(haproxy).not.toHaveLogged('is DOWN', 'notice')
    expect(haproxy).toHaveSaid(/^Server be\/srv1 is DOWN/, 'warning')
    expect(haproxy).toHavePrinted('hello')
    expect(haproxy).toHavePublished('SERVER_DOWN')
    expect(haproxy).toHavePublished('SERVER_STATE', { server: 'be/srv1', data: { state: { newState: 'STOPPED' } } })
    expect(haproxy).not.toHavePublished('SERVER_DOWN', 'be/srv2')
    expect(haproxy.server('be/srv1')).toBeStatus(/^UP/)
    expect(haproxy).toHaveLuaErrors()
    expect(haproxy).toHaveStuckTasks()
  })
  it('subscriptions of scripts are known', () => {
    expect(haproxy).toHandle('SERVER_DOWN', 'be/srv1')
    expect(haproxy).not.toHandle('SERVER_ADMIN')
    expect(() => expect(haproxy).toHandle('SERVER_DOWN', 'be/none')).toThrow(/unknown server 'be\/none'/)
  })
})

describe('what vitest says about a failing', () => {
  let tests: Readonly<Record<string, ChildTest>> = {}
  beforeAll(() => {
    tests = runSuite('matchers').tests
  })
  const down = 'is DOWN, reason: Layer4 connection problem, info: "Connection refused"'

  it.each([
    [
      'toHaveSent',
      [
        'expected a mail like /is UP/ to be sent to mail1',
        'The mails:\n',
        's to to@example.com: [HAProxy Alert]',
        down,
      ],
    ],
    ['not toHaveSent', ['expected a mail like { to "to@example.com" } not to be sent to mail1', down]],
    [
      'toHaveSentOnce',
      ['expected 1 mail like { subject /no such/, headers { from "nobody" } } to be sent to mail1, there were 0', down],
    ],
    ['toHaveSentTimes', ['expected 3 mails like "DOWN" to be sent to mail1, there was 1', down]],
    ['toHaveSentInOrder', ['in this order: "DOWN", then "UP"', 'Not found after those: "UP"', down]],
    [
      'toHaveLogged',
      ['expected haproxy to have logged "is DOWN" at level notice', 'The log lines:\n', `alert Server be/srv1 ${down}`],
    ],
    [
      'toHaveSaid',
      [
        'expected haproxy to have said "nothing of the kind" as alert',
        'The messages:\n',
        'warning Server be/srv1 is DOWN',
      ],
    ],
    ['toHavePrinted', ['expected a script of haproxy to have printed "goodbye"', 'The printed lines:\n  hello']],
    ['toHavePublished', ['expected haproxy to have published SERVER_UP of be/srv1', 'SERVER_DOWN be/srv1']],
    [
      'toHandle',
      [
        'expected a script of haproxy to handle SERVER_ADMIN of be/srv1',
        'No subscription receives that event at present.',
      ],
    ],
    ['not toHaveLuaErrors', ['expected scripts of haproxy not to have failed', 'boom at srv1']],
    [
      'not toHaveStuckTasks',
      ['expected scripts of haproxy not to be stuck', 'Lua task x.lua:2, at x.lua:2: waits without a timeout'],
    ],
    ['toBeStatus', ['expected the status of be/srv1 to be "UP"', 'It is "DOWN".']],
    ['of something else', ['toHaveLogged expects a process, as returned by sim.haproxy(…)']],
  ])('%s', (name, messages) => {
    expect(tests[name]?.status).toBe('failed')
    for (const each of messages) expect(tests[name]?.failure).toContain(each)
  })
})
