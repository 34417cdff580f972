/** Which tasks of scripts are stuck, and which wait for work. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../src/sim/index.js'
import { upstream } from '../upstream/support/upstream.js'

const CONFIG = `global
  tune.lua.bool-sample-conversion normal
  nbthread 1
  lua-load s.lua
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
listen l
  bind :80
  server web 10.0.0.1:80 check inter 1s
`

/** Names, places and reasons after a second, in the order of the scripts' lines. */
const stuckIn = (script: string, config = CONFIG): string[] => {
  const sim = new Simulation()
  sim.http('10.0.0.1:80')
  const haproxy = sim.haproxy({ config, files: { 's.lua': script } }).start()
  sim.advance('1s')
  return haproxy.stuckTasks.map(({ name, place, reason }) => `${name} at ${place}: ${reason}`).sort()
}

const NO_ALARM = 'waits without a timeout, and nothing will wake it'
const CIRCLE = 'waits for a queue that only stuck tasks can push to'

describe('not stuck:', () => {
  it.each([
    ['a consumer of a queue that is empty', 'local q = core.queue() core.register_task(function() q:pop_wait() end)'],
    [
      'a consumer that has done all its work, the producer of which has ended',
      `local q = core.queue()
       core.register_task(function() while true do q:pop_wait() end end)
       core.register_task(function() for i = 1, 3 do q:push(i) end end)`,
    ],
    [
      'a consumer that events give work to',
      `local q = core.queue()
       core.register_task(function() while true do q:pop_wait() end end)
       core.event_sub({ 'SERVER_DOWN' }, function(event) q:push(event) end)`,
    ],
    [
      'an event loop that waits for several queues',
      `local a, b = core.queue(), core.queue()
       core.register_task(function() while true do a:alarm() b:alarm() core.wait() a:pop() b:pop() end end)
       a:push(1)`,
    ],
    [
      'a pool of workers',
      `local q = core.queue()
       for i = 1, 3 do core.register_task(function() while true do q:pop_wait() end end) end
       for i = 1, 9 do q:push(i) end`,
    ],
    [
      'a pipeline at rest',
      `local first, second = core.queue(), core.queue()
       core.register_task(function() while true do second:push(first:pop_wait()) end end)
       core.register_task(function() while true do second:pop_wait() end end)
       first:push(1)`,
    ],
    [
      'a worker whose clients wait for their answers while it sleeps',
      `local requests = core.queue()
       core.register_task(function() while true do local reply = requests:pop_wait() core.sleep(5) reply:push(1) end end)
       for i = 1, 2 do
         core.register_task(function() local reply = core.queue() requests:push(reply) reply:pop_wait() end)
       end`,
    ],
    ['a task that sleeps', 'core.register_task(function() core.sleep(100) end)'],
    ['a task that waits for a while', 'core.register_task(function() core.wait(100000) end)'],
    [
      'a task that waits for a server which says nothing',
      `core.register_task(function() local s = core.tcp() s:settimeout(100) s:connect('10.0.0.1', 80) s:receive('*l') end)`,
    ],
    [
      'a task that has ended, or failed',
      'core.register_task(function() end) core.register_task(function() error() end)',
    ],
    ['a subscription without events', `core.event_sub({ 'SERVER_DOWN' }, function() core.wait() end)`],
    [
      'a task of two that wait for one another through queues that are global, which others may push to',
      `a, b = core.queue(), core.queue()
       core.register_task(function() a:pop_wait() b:push(1) end)
       core.register_task(function() b:pop_wait() a:push(1) end)`,
    ],
  ])('%s', (_, script) => expect(stuckIn(script)).toEqual([]))

  it('a command of the runtime API whose client is idle', () => {
    const sim = new Simulation()
    const script = `core.register_cli({ 'ask' }, 'ask', function(applet) print('asked') applet:receive() end)`
    const config = CONFIG.replace('nbthread 1', 'stats socket /run/s.sock level admin')
    const haproxy = sim.haproxy({ config, files: { 's.lua': script } }).start()
    sim.client().connect({ family: 'unix', path: '/run/s.sock' }).send('ask\n')
    sim.advance('1s')
    expect(haproxy.output).toEqual(['asked'])
    expect(haproxy.stuckTasks).toEqual([])
  })

  const SCRIPTS = [['lua/mailers.lua'], [upstream('source/examples/lua/mailers.lua')]].filter(([file]) =>
    existsSync(file!),
  )
  it.each(SCRIPTS)('a script that has sent its mails, %s', (file) => {
    const sim = new Simulation()
    const smtp = sim.smtp('127.0.0.1:25')
    const config = `${CONFIG}mailers m
  mailer a 127.0.0.1:25
backend b
  email-alert mailers m
  email-alert from a@example.com
  email-alert to b@example.com
  server web 10.0.0.2:80 check inter 100ms
`
    const haproxy = sim.haproxy({ config, files: { 's.lua': readFileSync(file!, 'utf8') } }).start()
    sim.http('10.0.0.2:80').refuse()
    sim.advance('5s')
    expect(smtp.mails).toHaveLength(1)
    expect(haproxy.stuckTasks).toEqual([])
  })
})

describe('stuck:', () => {
  it.each<[string, string, string[]]>([
    [
      'a task that waits without an alarm',
      `core.register_task(function()
         core.wait()
       end)`,
      [`Lua task s.lua:1 at s.lua:2: ${NO_ALARM}`],
    ],
    [
      'a task whose alarm rang before it waited',
      `local q = core.queue()
       core.register_task(function()
         q:alarm()
         q:push(1)
         core.wait()
         core.wait()
       end)`,
      [`Lua task s.lua:2 at s.lua:6: ${NO_ALARM}`],
    ],
    [
      'each of two tasks that have what the other one waits for',
      readFileSync('fixtures/races/deadlock.lua', 'utf8').replace('work, 5, b', 'work, 1, b'),
      [`Lua task s.lua:6 at s.lua:10: ${CIRCLE}`, `Lua task s.lua:6 at s.lua:10: ${CIRCLE}`],
    ],
    [
      'a consumer of what a stuck task was to make',
      `local q = core.queue()
       core.register_task(function() q:pop_wait() end)
       core.register_task(function()
         core.wait()
         q:push(1)
       end)`,
      [`Lua task s.lua:2 at s.lua:2: ${CIRCLE}`, `Lua task s.lua:3 at s.lua:4: ${NO_ALARM}`],
    ],
    [
      'a ring of three tasks',
      `local q = { core.queue(), core.queue(), core.queue() }
       for i = 1, 3 do
         core.register_task(function()
           q[i]:pop_wait()
           q[i % 3 + 1]:push(1)
         end)
       end`,
      Array.from({ length: 3 }, () => `Lua task s.lua:3 at s.lua:4: ${CIRCLE}`),
    ],
    [
      'a handler that waits without a limit within an event',
      `core.event_sub({ 'SERVER_CHECK' }, function()
         core.wait()
       end)`,
      [`Lua event s.lua:1 at s.lua:2: ${NO_ALARM}`],
    ],
    [
      'a handler that waits for a queue of its own within an event',
      `local q = core.queue()
       core.event_sub({ 'SERVER_CHECK' }, function()
         q:pop_wait()
       end)`,
      ['Lua event s.lua:2 at s.lua:3: waits, while handling an event, for a queue that no other code can reach'],
    ],
  ])('%s', (_, script, expected) => expect(stuckIn(script)).toEqual(expected))

  it('a task of one of several threads', () => {
    const config = CONFIG.replace('nbthread 1', 'nbthread 2').replace('lua-load', 'lua-load-per-thread')
    expect(stuckIn(`core.register_task(function() core.wait() end)`, config)).toHaveLength(2)
  })
})
