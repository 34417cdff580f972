/** Services that use more time or memory than they may. */
import { connect, end, send, until, wait } from '../harness/case.js'
import type { TrafficCase } from '../harness/case.js'
import { get } from './http-builder.js'
import { httpService, tcpService } from './service-builder.js'

/** What a function does without an end. */
const ENDLESS = {
  'a loop': 'while true do end',
  'a loop in a callback that cannot yield': 'string.gsub("a", "a", function() while true do end end)',
}

const GREEDY = {
  'a long string': 'local s = string.rep("a", 20000000)',
  'a table that grows': 'local t = {} for i = 1, 1e9 do t[i] = { i } end',
}

/** Settings with a comment, so that the case has a separate process: others are not to wait for it. */
const alone = (name: string, settings: string): string => `  # ${name}\n  ${settings}`

/** A call fails, and the process continues with the next one. */
const http = (name: string, settings: string, body: string): TrafficCase => ({
  ...httpService(name, `if applet.path == "/bad" then ${body} end\napplet:start_response() applet:send("good")`, {
    global: alone(name, settings),
    clients: [
      [send(get('/bad', 'Connection: close')), end],
      [wait(1500), send(get('/good', 'Connection: close')), end],
    ],
  }),
  ignoresTimes: true,
})

const tcp = (name: string, settings: string, body: string): TrafficCase => ({
  ...tcpService(name, `applet:getline() ${body}`, { global: alone(name, settings), clients: [[send('bad\n'), end]] }),
  ignoresTimes: true,
})

const TIMEOUT = 'tune.lua.service-timeout 100ms'

const lateAndSlow = alone('pauses', TIMEOUT)

export const HOSTILE_SERVICES: readonly TrafficCase[] = [
  ...Object.entries(ENDLESS).flatMap(([name, body]) => [
    http(`a service with ${name}`, TIMEOUT, body),
    http(`a service with ${name} after the head`, TIMEOUT, `applet:start_response() applet:send("data") ${body}`),
  ]),
  tcp('a TCP service with a loop', TIMEOUT, ENDLESS['a loop']),
  ...Object.entries(GREEDY).flatMap(([name, body]) => [
    http(`a service with ${name} and a limit of memory`, 'tune.lua.maxmem 4', body),
    tcp(`a TCP service with ${name} and a limit of memory`, 'tune.lua.maxmem 4', body),
  ]),
  http(
    'a service that blocks its thread',
    'tune.lua.burst-timeout 100ms',
    ENDLESS['a loop in a callback that cannot yield'],
  ),
  httpService(
    'a pause that is longer than the service may run',
    'core.msleep(600) applet:start_response() applet:send("late")',
    { global: lateAndSlow },
  ),
  tcpService('waiting for longer than the service may run', 'applet:send(applet:getline())', {
    global: lateAndSlow,
    clients: [[connect('listen'), wait(700), send('late\n'), until('late\n'), end]],
  }),
]
