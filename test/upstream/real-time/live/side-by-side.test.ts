/**
 * One configuration and one script in the real HAProxy and in `hapsim-haproxy` as it is shipped, on real sockets: real servers that go
 * away, come back, hang and reset, real mail servers. What both log, say, mail and answer is the same.
 */
import { readFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { OURS } from '../../support/programs.js'
import { RealHaproxy, sleep } from '../../support/real-haproxy.js'
import { answering, RealMailServer, RealServer } from '../../support/real-servers.js'
import { describeUpstream, upstream } from '../../support/upstream.js'

/** Two of everything: each process has separate servers, so that neither sees the other's checks. */
class Stage {
  readonly servers = [new RealServer(), new RealServer()]
  readonly mailServer = new RealMailServer()

  async open(): Promise<void> {
    await this.mailServer.start()
    for (const each of this.servers) await each.up()
  }

  async close(): Promise<void> {
    for (const each of this.servers) await each.down()
    await this.mailServer.stop()
  }

  config(text: string): string {
    return text
      .replaceAll('%1', String(this.servers[0]!.port))
      .replaceAll('%2', String(this.servers[1]!.port))
      .replaceAll('%m', String(this.mailServer.port))
  }
}

const config = (global: string, backend: string) => `
global
    log stdout format raw local0
    stats socket unix@@DIR@/sock level admin
    tune.lua.bool-sample-conversion normal
    nbthread 1
${global}
defaults
    mode tcp
    log global
    timeout connect 5s
    timeout client 5s
    timeout server 5s
    default-server inter 200ms fall 2 rise 2
mailers m
    mailer first 127.0.0.1:%m
    timeout mail 10s
backend be1
    email-alert mailers m
    email-alert from haproxy@example.com
    email-alert to admin@example.com
    email-alert level info
    option log-health-checks
${backend}
`

/** Prints what it hears of one server and of all, with all data but times. */
const EVENTS = `
local function text(value)
  if type(value) ~= "table" then return tostring(value) end
  local fields = {}
  for key, field in pairs(value) do
    if key ~= "duration" and key ~= "reference" and not tostring(key):find("time") then fields[#fields + 1] = key .. "=" .. text(field) end
  end
  table.sort(fields)
  return "{" .. table.concat(fields, " ") .. "}"
end
local function tell(who)
  return function(event, data, subscription, when)
    print(who, event, text(data), math.type(when))
    if event == "SERVER_ADMIN" then subscription:unsub() end
  end
end
core.register_init(function()
  local server = core.backends.be1.servers.s1
  server:event_sub({"SERVER_DOWN", "SERVER_UP", "SERVER_ADMIN"}, tell("s1"))
end)
core.event_sub({"SERVER_STATE", "SERVER_ADMIN"}, tell("all"))
`

interface Process {
  readonly output: readonly string[]
  readonly messages: readonly string[]
  cli(command: string): Promise<string>
}

type Step = (servers: readonly RealServer[], process: Process) => unknown

const OK = answering('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
const BROKEN = answering('HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n')

/** Each step, and what must be logged before the next. */
const STORIES: Readonly<
  Record<string, { global: string; backend: string; steps: readonly (readonly [Step, string])[] }>
> = {
  'a listener that stops and starts again': {
    global: '    lua-load @DIR@/mailers.lua',
    backend: '    server s1 127.0.0.1:%1 check\n    server s2 127.0.0.1:%2',
    steps: [
      [([one]) => one!.down(), 'Server be1/s1 is DOWN'],
      [([one]) => one!.up(), 'Server be1/s1 is UP'],
    ],
  },
  'an answer that changes, resets and hangs': {
    global: '    lua-load @DIR@/mailers.lua',
    backend:
      '    option httpchk\n    timeout check 1500ms\n    server s1 127.0.0.1:%1 check\n    server s2 127.0.0.1:%2',
    steps: [
      [([one]) => (one!.serve = BROKEN), 'Server be1/s1 is DOWN'],
      [([one]) => (one!.serve = OK), 'Server be1/s1 is UP'],
      [
        ([one]) => (one!.serve = (socket) => socket.once('data', () => socket.resetAndDestroy())),
        'Server be1/s1 is DOWN',
      ],
      [([one]) => (one!.serve = OK), 'Server be1/s1 is UP'],
      [([one]) => (one!.serve = () => undefined), 'Server be1/s1 is DOWN'],
    ],
  },
  'a server that goes and comes, as a script hears of it': {
    global: '    lua-load @DIR@/mailers.lua\n    lua-load @DIR@/events.lua',
    backend: '    server s1 127.0.0.1:%1 check\n    server s2 127.0.0.1:%2 track be1/s1',
    steps: [
      [([one]) => one!.down(), 'Server be1/s1 is DOWN'],
      [([one]) => one!.up(), 'Server be1/s1 is UP'],
      [(_, process) => process.cli('set server be1/s1 state drain'), 'Server be1/s1 '],
      [(_, process) => process.cli('set server be1/s1 state ready'), 'Server be1/s1 '],
    ],
  },
  'an operator who drains and maintains': {
    global: '    lua-load @DIR@/mailers.lua',
    backend: '    server s1 127.0.0.1:%1 check\n    server s2 127.0.0.1:%2 track be1/s1',
    steps: [
      [(_, process) => process.cli('set server be1/s1 state drain'), 'Server be1/s1 '],
      [(_, process) => process.cli('set server be1/s1 state maint'), 'Server be1/s1 '],
      [(_, process) => process.cli('set server be1/s1 state ready'), 'Server be1/s1 '],
    ],
  },
}

const undated = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replace(/^Date: .*$/m, 'Date:')
    .replace(/duration: \d+ms/g, 'duration: Nms')

/** Statistics that do not depend on when they were asked for; whether a check is under way (`* `) does. */
const STEADY = ['pxname', 'svname', 'status', 'weight', 'act', 'bck', 'chkdown', 'type', 'check_status', 'last_chk']

const steady = (answer: string): string[] => {
  const [head = '', ...rows] = answer.trim().replace(/^# /, '').replaceAll(',* ', ',').split('\n')
  const columns = STEADY.map((name) => head.split(',').indexOf(name))
  return rows.map((row) => columns.map((column) => row.split(',')[column]).join(','))
}

const play = async (process: Process, stage: Stage, steps: readonly (readonly [Step, string])[]): Promise<void> => {
  await sleep(700)
  for (const [step, logged] of steps) {
    const from = process.output.length
    await step(stage.servers, process)
    for (const end = Date.now() + 30_000; !process.output.slice(from).some((line) => line.startsWith(logged));) {
      if (Date.now() > end) throw new Error(`never logged: ${logged}\n${process.output.join('\n')}`)
      await sleep(5)
    }
    await sleep(500)
  }
}

/** Waits until as much has come of both: mails take their time. */
const settle = async (...sides: readonly (readonly [Process, Stage])[]): Promise<void> => {
  const amounts = () => sides.map(([{ output }, { mailServer }]) => `${output.length} ${mailServer.mails.length}`)
  for (const end = Date.now() + 10_000; new Set(amounts()).size > 1 && Date.now() < end;) await sleep(50)
}

const outcome = async (process: Process, stage: Stage) => {
  return {
    logs: process.output.map(undated),
    messages: process.messages.filter((line) => /^(WARNING|ALERT) /.test(line)).map((line) => undated(line.trim())),
    mails: stage.mailServer.mails.map((mail) => ({ ...mail, data: undated(mail.data).trimEnd() })),
    statistics: steady(await process.cli('show stat')),
  }
}

beforeAll(build, 60_000)

describeUpstream('the real HAProxy and hapsim-haproxy', () => {
  it.concurrent.each(Object.entries(STORIES))('report the same about %s', async (_name, { global, backend, steps }) => {
    const files = {
      'mailers.lua': readFileSync(upstream('source/examples/lua/mailers.lua'), 'utf8'),
      'events.lua': EVENTS,
    }
    const stages = [new Stage(), new Stage()] as const
    for (const stage of stages) {
      for (const server of stage.servers) server.serve = OK
      await stage.open()
    }
    const [real, live] = await Promise.all([
      RealHaproxy.start(stages[0].config(config(global, backend)), files),
      RealHaproxy.start(stages[1].config(config(global, backend)), files, OURS),
    ])
    try {
      await Promise.all([play(real, stages[0], steps), play(live, stages[1], steps)])
      await settle([real, stages[0]], [live, stages[1]])
      const [theirs, ours] = await Promise.all([outcome(real, stages[0]), outcome(live, stages[1])])
      expect(ours).toEqual(theirs)
      expect(theirs.mails.length).toBeGreaterThan(0)
    } finally {
      await Promise.all([real.stop(), live.stop()])
      for (const stage of stages) await stage.close()
    }
  })
})
