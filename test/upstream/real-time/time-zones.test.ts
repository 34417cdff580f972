/** Local time: `os.date`, `os.time`, dates of log lines and of mails, in the real HAProxy, in `hapsim-haproxy` and in a simulation. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'
import { build } from '../../support/build.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { call, OURS, REAL } from '../support/programs.js'
import { RealHaproxy } from '../support/real-haproxy.js'
import { RealMailServer } from '../support/real-servers.js'
import { describeUpstream } from '../support/upstream.js'

/** Dates of moments, and moments of dates: those that are shown twice or never among them, with and without `isdst`. */
const SCRIPT = `
local moments = { 0, 86400, 1e9, 1711846799, 1711846800, 1729990799, 1729990800, 1729994400, 1710054000, 1730613600, 4102444800, -2, 2^33 }
local function show(...) print("x", ...) end
for _, at in ipairs(moments) do
  at = math.tointeger(at)
  show(at, os.date("%Y-%m-%d %H:%M:%S %z %Z %a %j %U %V %c|!%H", at), os.date("!%c %z %Z", at))
  local t = os.date("*t", at)
  show(t.year, t.month, t.day, t.hour, t.min, t.sec, t.yday, t.wday, t.isdst, os.time(t) - at)
end
local dates = {
  { 2024, 3, 31, 2, 30 }, { 2024, 10, 27, 2, 30 }, { 2024, 3, 10, 2, 30 }, { 2024, 11, 3, 1, 30 }, { 2024, 7, 1, 12, 0 }, { 2024, 1, 1, 12, 0 },
  { 2024, 10, 27, 2, 30 }, { 2024, 10, 6, 2, 15 }, { 2024, 4, 7, 1, 45 }, { 2024, 14, -3, 30, 90 }, { 1985, 12, 31, 23, 59 }, { 2300, 6, 1, 0, 0 },
}
for _, isdst in ipairs({ "none", true, false }) do
  for _, d in ipairs(dates) do
    local t = { year = d[1], month = d[2], day = d[3], hour = d[4], min = d[5], sec = 61 }
    if isdst ~= "none" then t.isdst = isdst end
    local ok, at = pcall(os.time, t)
    show(isdst, table.concat(d, " "), ok, at, t.hour, t.isdst)
  end
end
`

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Europe/Dublin',
  'Asia/Kathmandu',
  'Factory',
  'CET-1CEST,M3.5.0,M10.5.0/3',
  '<-03>3',
  'AAA0:30BBB-1,M3.5.0/-1,M10.5.0/30:15:10',
  'WART4WARST,J1/0,J365/25',
  'CET-1CEST,J60/2,300/25',
  ':America/St_Johns',
  '/usr/share/zoneinfo/Asia/Tokyo',
  'Foo/Bar',
  '',
]

const lines = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('x\t'))

const play = async (program: string, script: string, global: string, env: Record<string, string>) => {
  const cwd = temporaryFolder('zones')
  writeFileSync(join(cwd, 'x.lua'), script)
  writeFileSync(join(cwd, 'x.cfg'), `global\n${global}\n lua-load x.lua\n`)
  return lines((await call(program, ['-q', '-c', '-f', 'x.cfg'], { cwd, env })).out)
}

const simulate = (script: string, global: string, environment: Record<string, string>, timezone?: string): string[] => {
  const haproxy = new Simulation().haproxy({
    config: `global\n${global}\n stats socket /run/sock\n lua-load x.lua\n`,
    files: { 'x.lua': script },
    directory: false,
    machine: { environment, ...(timezone !== undefined && { timezone }) },
  })
  haproxy.start()
  return lines(haproxy.output.join('\n'))
}

/** What of a process's words has a date: log lines in two formats, and what goes to the standard error. */
const LOGS = `
core.register_task(function()
  core.Info("hello")
  print("x", os.date("%z %Z"))
  print("done")
end)
`

const datesOf = (text: string): string[] =>
  text.split('\n').flatMap((line) => {
    const now = Date.now()
    const iso = /^(\d{4}-\S+?)\.\d{6}([+-]\d\d:\d\d) hello$/.exec(line)
    if (iso) return [`iso ${iso[2]} ${Math.abs(Date.parse(iso[1]! + iso[2]!) - now) < 60_000}`]
    const short = /^<134>(\w{3} [ \d]\d) (\d\d):\d\d:\d\d /.exec(line)
    if (short) return [`short ${short[1]} ${short[2]}`]
    const own = /^\[info\] (\d{3})\/(\d\d)\d{4} /.exec(line)
    if (own) return [`info ${own[1]} ${own[2]}`]
    return line.startsWith('x\t') ? [line] : []
  })

describeUpstream('local time', () => {
  beforeAll(build, 60_000)

  it.each(ZONES)('has the dates and times of the C library with TZ=%s', async (TZ) => {
    const theirs = await play(REAL, SCRIPT, '', { TZ })
    expect(theirs).toHaveLength(2 * 13 + 3 * 12)
    expect(simulate(SCRIPT, '', { TZ })).toEqual(theirs)
  })

  it('is that of the machine if TZ is not set', async () => {
    const theirs = await play(REAL, SCRIPT, '', { TZ: 'Europe/Lisbon' })
    expect(simulate(SCRIPT, '', {}, 'Europe/Lisbon')).toEqual(theirs)
    expect(simulate(SCRIPT, '', { TZ: 'Asia/Tokyo' }, 'Europe/Lisbon')).not.toEqual(theirs)
  })

  it.each(['setenv TZ America/New_York', 'unsetenv TZ', 'setenv TZ EST5EDT'])(
    'changes with the environment (%s) once a script converts a date',
    async (line) => {
      const script = `
        local function show(...) print("x", ..., os.date("%H %z %Z", 1719835200)) end
        show("before") os.time() os.date("!%c") show("still") os.time({ year = 2024, month = 1, day = 1 }) show("after")
        core.register_init(function() show("init") end)`
      const theirs = await play(REAL, script, ` ${line}`, { TZ: 'Europe/Berlin' })
      expect(theirs).toHaveLength(3)
      expect(await play(OURS, script, ` ${line}`, { TZ: 'Europe/Berlin' })).toEqual(theirs)
      if (!line.startsWith('unset'))
        expect(simulate(script, ` ${line}`, { TZ: 'Europe/Berlin' }).slice(0, 3)).toEqual(theirs)
    },
  )

  it.each(['Asia/Kathmandu', 'CET-1CEST,M3.5.0,M10.5.0/3', 'America/St_Johns'])(
    'is used in log lines of a live process with TZ=%s',
    async (TZ) => {
      const run = async (program: string) => {
        const cwd = temporaryFolder('zones')
        writeFileSync(join(cwd, 'x.lua'), LOGS)
        const logs = ['iso', 'rfc3164'].map((format) => ` log stdout format ${format} local0\n`).join('')
        const text = `global\n${logs} tune.lua.log.stderr on\n lua-load x.lua\n stats socket unix@sock\n`
        writeFileSync(join(cwd, 'x.cfg'), text)
        const signals = [{ when: (printed: string) => printed.includes('\ndone'), send: 'SIGTERM' as const }]
        const { out, err } = await call(program, ['-db', '-f', 'x.cfg'], { cwd, signals, env: { TZ } })
        return [...datesOf(out), ...datesOf(err)].sort()
      }
      const [theirs, ours] = await Promise.all([run(REAL), run(OURS)])
      expect(theirs).toHaveLength(4)
      expect(ours).toEqual(theirs)
    },
  )

  it.each(['Asia/Kathmandu', 'CET-1CEST,M3.5.0,M10.5.0/3'])('is used in dates of mails with TZ=%s', async (TZ) => {
    const text = (port: number) => `global
    stats socket unix@sock
    max-spread-checks 1ms
mailers m
    mailer one 127.0.0.1:${port}
backend b
    timeout connect 1s
    timeout server 1s
    email-alert mailers m
    email-alert from a@example.com
    email-alert to b@example.com
    server s 127.0.0.1:1 check fall 1
`
    const dateOf = (data: string) => /^Date: (.*)$/m.exec(data)![1]!.trim()
    const server = await new RealMailServer().start()
    const real = new RealHaproxy(text(server.port), {}, REAL, ['pipe', 'pipe'], { TZ })
    const simulation = new Simulation({ epoch: Date.now() })
    try {
      await real.until(() => server.mails.length > 0)
      const smtp = simulation.smtp('127.0.0.1:25')
      simulation.haproxy({ config: text(25), directory: false, machine: { environment: { TZ } } }).start()
      simulation.advance('1s')
      const [theirs, ours] = [dateOf(server.mails[0]!.data), smtp.mails[0]!.date]
      const [form, ownForm] = [theirs, ours].map((date) => date.replace(/\d\d:\d\d:\d\d/, 'TIME'))
      expect(ownForm).toBe(form)
      expect(Math.abs(moment(theirs) - moment(ours))).toBeLessThan(60_000)
    } finally {
      await Promise.all([real.stop(), server.stop()])
    }
  })
})

/** Of the date of a mail, whose zone has its name behind it. */
const moment = (date: string): number => Date.parse(date.replace(/ \(.*\)$/, ''))
