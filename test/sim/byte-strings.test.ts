/** Invalid UTF-8 and multi-byte characters pass through a simulation unchanged. */
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { encodeText } from '../../src/bytes/text.js'
import { jsonText } from '../../src/bytes/json-text.js'
import { chromeTrace } from '../../src/report/chrome-trace.js'
import { ConsoleView } from '../../src/report/console.js'
import { htmlReport } from '../../src/report/html.js'
import { occurrenceToJson } from '../../src/report/json.js'
import type { Occurrence } from '../../src/report/occurrence.js'
import { collectTimeline } from '../../src/report/timeline-recorder.js'
import { Simulation } from '../../src/sim/index.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const CONFIG = `
global
    log stdout format raw local0
    stats socket /run/sock level admin
    lua-load bytes.lua
`

const SCRIPT = String.raw`
core.register_cli({"bytes"}, "", function(applet) applet:send("caf\xc3"); applet:send("\xa9 \xff\n") end)
core.register_task(function()
  print("caf\xc3\xa9 \xe9")
  io.write("caf\xc3") io.write("\xa9 in two pieces\n")
  local socket = core.tcp()
  socket:connect("127.0.0.1", 25)
  local function say(line) socket:send(line .. "\r\n") socket:receive("*l") end
  socket:receive("*l")
  say("HELO caf\xc3\xa9")
  say("MAIL FROM:<\xc3\xa0@example.com>")
  say("RCPT TO:<\xff@example.com>")
  say("DATA")
  say("Subject: voil\xc3\xa0\r\nX-Byte: \xe9\r\n\r\nvoil\xc3\xa0 \xff\r\n.")
  local web = core.tcp()
  web:connect("127.0.0.1", 80)
  web:send("GET /voil\xc3\xa0/\xff HTTP/1.0\r\nX-Header: \xc3\xa0 \xff\r\nContent-Length: 2\r\n\r\n\xff\xa0")
  web:receive("*a")
  error("caf\xc3\xa9 \xff")
end)
`

const played = () => {
  const simulation = new Simulation()
  const records: Occurrence[] = []
  simulation.trace.listen((record) => records.push(record as Occurrence))
  const smtp = simulation.smtp('127.0.0.1:25')
  const web = simulation.http('127.0.0.1:80')
  const timeline = collectTimeline(simulation)
  const haproxy = simulation.haproxy({ config: CONFIG, files: { 'bytes.lua': SCRIPT }, directory: false })
  haproxy.start()
  simulation.advance('1s')
  return { simulation, haproxy, smtp, web, timeline, records }
}

describe('in a simulation', () => {
  it('printed text is decoded, and its other bytes can be recovered', () => {
    const { haproxy } = played()
    expect(haproxy.output).toEqual(['café \udce9', 'café in two pieces'])
    expect(Buffer.from(encodeText(haproxy.output[0]!)).toString('latin1')).toBe('caf\xc3\xa9 \xe9')
  })

  it('a response that arrives in pieces is decoded as a whole', () => {
    const { haproxy, records } = played()
    expect(haproxy.cli('bytes')).toBe('café \udcff\n\n')
    expect(records.find((each) => each.type === 'cli')).toMatchObject({ answer: 'café \udcff\n\n' })
  })

  it('a mail has decoded addresses, fields and text, and the bytes as sent', () => {
    const [mail] = played().smtp.mails
    expect(mail).toMatchObject({
      from: 'à@example.com',
      to: '\udcff@example.com',
      helo: 'café',
      subject: 'voilà',
      body: 'voilà \udcff',
      headers: { subject: 'voilà', 'x-byte': '\udce9' },
    })
    expect(mail!.raw).toContain('voil\xc3\xa0 \xff')
  })

  it('a request may contain any bytes', () => {
    const { web, records } = played()
    expect(web.requests).toMatchObject([
      { path: '/voil\xc3\xa0/\xff', headers: { 'x-header': '\xc3\xa0 \xff' }, body: '\xff\xa0' },
    ])
    expect(records.find((each) => (each.type as string) === 'request')).toMatchObject({ path: '/voilà/\udcff' })
  })

  it('files given as text have its bytes', () => {
    const simulation = new Simulation()
    const haproxy = simulation.haproxy({
      config: 'global\n stats socket /run/sock\n lua-load a.lua\n',
      files: { 'a.lua': 'print(#"é\udcff", io.open("b"):read("a"):byte(1, -1))\n', b: 'é\udcff' },
      directory: false,
    })
    haproxy.start()
    expect(haproxy.output).toEqual(['3\t195\t169\t255'])
  })
})

describe('bytes that cannot be shown', () => {
  it('on the console', () => {
    const { records } = played()
    const view = new ConsoleView(false)
    const shown = records
      .filter(({ type }) => ['print', 'mail', 'message'].includes(type))
      .map((each) => view.render(each))
    expect(shown.join('\n')).toContain('print   café \\xe9')
    expect(shown.join('\n')).toContain('| voilà \\xff')
    expect(shown.join('\n')).toMatch(/alert {3}Lua task: .*café \\xff/)
  })

  it('in JSON, which remains valid', () => {
    const { records } = played()
    const lines = records.filter(({ type }) => ['print', 'mail'].includes(type)).map(occurrenceToJson)
    const values = lines.map((line) => JSON.parse(Buffer.from(line).toString()) as { text?: string; body?: string })
    expect(values.map(({ text, body }) => text ?? body)).toEqual(['café \\xe9', 'café in two pieces', 'voilà \\xff'])
  })

  it('in pages and traces', () => {
    const { timeline } = played()
    const html = htmlReport({ title: 'caf\udce9', runs: [{ name: 'run', timeline }] })
    const trace = jsonText(chromeTrace(timeline))
    expect(html).toContain('<title>caf\\xe9</title>')
    for (const file of [html, trace]) {
      expect(Buffer.from(file).toString()).toBe(file)
      expect(file).toContain('café \\\\xe9')
      expect(file).toContain('voilà \\\\xff')
    }
  })
})

describe('file names and commands', () => {
  const script = String.raw`
    local name = "caf\xe9 \xff.txt"
    local file = assert(io.open(name, "w"))
    file:write("\xe9") file:close()
    print(io.open(name):read("a"))
    assert(os.rename(name, "\xfe"))
    print((select(2, io.open(name))))
    print(io.open("\xfe"):read("a"))
    for line in io.popen("printf '%s\\n' '\xff \xc3\xa9' \"$OUTER\"; ls | grep '\xfe'"):lines() do print(line) end
    print(os.execute("test '\xe9' = \"$LATIN1\""))
    assert(os.remove("\xfe"))
    print((select(2, io.open("\xfe"))))
    dofile("\xe9.lua")
  `

  it('contain bytes of any value', () => {
    const directory = temporaryFolder('bytes')
    writeFileSync(Buffer.from(`${directory}/\xe9.lua`, 'latin1'), 'print("from a file in Latin-1")')
    const haproxy = new Simulation().haproxy({
      config: 'global\n stats socket /run/sock\n lua-load a.lua\n',
      files: { 'a.lua': script },
      directory,
      machine: { environment: { OUTER: 'o\udcffuter\n', LATIN1: '\udce9', PATH: process.env['PATH']! } },
      allow: { write: true, exec: true },
    })
    haproxy.start()
    expect(haproxy.output).toEqual([
      '\udce9',
      'caf\udce9 \udcff.txt: No such file or directory',
      '\udce9',
      '\udcff é',
      'o\udcffuter',
      '',
      '\udcfe',
      'true\texit\t0',
      '\udcfe: No such file or directory',
      'from a file in Latin-1',
    ])
  })
})
