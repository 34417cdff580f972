/** Functions called directly in a simulation do what they do for a request through the real HAProxy. */
import { request as send } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { Simulation, type Haproxy } from '../../../src/index.js'
import { describeUpstream } from '../support/upstream.js'
import { RealHaproxy } from '../support/real-haproxy.js'

/** Bodies of actions, which get `txn` and the argument `arg`. */
const ACTIONS: Readonly<Record<string, string>> = {
  'adds and removes fields': `txn.http:req_add_header("X-A", "2") txn.http:req_del_header("x-b")`,
  'replaces parts of fields': `txn.http:req_rep_header("x-a", "1(.)", "<\\\\1>") txn.http:req_rep_value("x-list", "^b$", "c")`,
  'changes the request line': `txn.http:req_set_path("/new") txn.http:req_set_query("z=1")`,
  'sets the target': `txn.http:req_set_uri("/uri?" .. arg)`,
  'sets variables': `txn:set_var("txn.v", arg .. txn.sf:req_fhdr("x-a"))`,
  'overwrites variables': `txn:set_var("txn.v", 1) txn:unset_var("txn.v") txn:set_var("txn.v", true)`,
  waits: `core.msleep(20) txn:set_var("txn.v", "waited")`,
  replies: `txn:done(txn:reply({ status = 418, reason = "Short", headers = { ["x-r"] = { "a", "b" } }, body = "text" }))`,
  'replies without a body': `local r = txn:reply() r:set_status(204) r:add_header("x-r", arg) txn:done(r)`,
  denies: `return act.DENY`,
  'returns an error': `return act.ERROR`,
  'finds the request invalid': `return act.INVALID`,
  'stops the rules': `txn:set_var("txn.v", "stopped") return act.STOP`,
  fails: `error("no")`,
}

/** Bodies of fetches. */
const FETCHES: Readonly<Record<string, string>> = {
  text: `return arg .. txn.sf:path()`,
  'an integer': `return 2^53 | 1`,
  'a float': `return 1.5`,
  'a boolean': `return txn.sf:req_fhdr_cnt("x-a") == 1`,
  nothing: `return`,
  nil: `return nil`,
  'several values': `return "a", "b"`,
  'a failure': `return nil .. 1`,
  waiting: `core.msleep(1) return "late"`,
}

/** Converters and their inputs. */
const CONVERTERS: readonly (readonly [body: string, input: string])[] = [
  ['return value:upper() .. arg', 'abc'],
  ['return #value', 'abc'],
  ['return value == "abc"', 'abc'],
  ['return', 'abc'],
  ['core.sleep(1) return 1', 'abc'],
]

const actions = Object.values(ACTIONS)
const fetches = Object.values(FETCHES)

const SCRIPT = [
  ...actions.map((body, i) => `core.register_action("a${i}", { "http-req" }, function(txn, arg) ${body} end, 1)`),
  ...fetches.map((body, i) => `core.register_fetches("f${i}", function(txn, arg) ${body} end)`),
  ...CONVERTERS.map(([body], i) => `core.register_converters("c${i}", function(value, arg) ${body} end)`),
].join('\n')

// the fetch `method` is that of the client
const ECHO = '%[url]\\n%[req.hdrs]v=%[var(txn.v)]'

const CONFIG = `global
    stats socket unix@@DIR@/sock
    tune.lua.bool-sample-conversion normal
    lua-load @DIR@/script.lua
defaults
    mode http
    timeout client 5s
    timeout server 5s
    timeout connect 5s
frontend web
    bind unix@@DIR@/web.sock
${actions.map((_, i) => `    http-request lua.a${i} arg if { path /a${i} }\n`).join('')}    http-request set-var(req.x) path
${fetches.map((_, i) => `    http-request return status 200 content-type text/plain lf-string "%[lua.f${i}(arg)]" if { path /f${i} }\n`).join('')}${CONVERTERS.map(([, input], i) => `    http-request return status 200 content-type text/plain lf-string "%[str(${input}),lua.c${i}(arg)]" if { path /c${i} }\n`).join('')}    http-request return status 200 content-type text/plain lf-string "${ECHO}"
`

const HEADERS = { host: 'h', 'x-a': '12', 'x-b': 'b', 'x-list': 'a, b' }

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

const ask = (socketPath: string, path: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = send({ socketPath, path, headers: HEADERS, agent: false }, (response) => {
      let body = ''
      response.setEncoding('latin1').on('data', (text: string) => (body += text))
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }))
    })
    sent.on('error', reject).end()
  })

/** A value as a log-format shows it. */
const shown = (value: unknown): string => (typeof value === 'boolean' ? String(Number(value)) : String(value ?? ''))

/** A message without the folder of the script and the trace, which names it, too. */
const withoutTrace = (message: string): string =>
  message.replace(/ from .*/, '').replace(/error: .*script/, 'error: script')

describeUpstream('direct calls and the real HAProxy', () => {
  let real: RealHaproxy
  let haproxy: Haproxy
  beforeAll(async () => {
    real = await RealHaproxy.start(CONFIG, { 'script.lua': SCRIPT })
    const config = CONFIG.replaceAll('unix@@DIR@/', 'unix@/').replaceAll('@DIR@/', '')
    haproxy = new Simulation().haproxy({ config, files: { 'script.lua': SCRIPT }, directory: false }).start()
  })
  afterAll(() => real.stop())

  const answer = (path: string) => ask(join(real.folder, 'web.sock'), path)

  /** The result of a call; undefined if the function fails, which HAProxy reports in the same words. */
  const resultOf = async <T>(name: string, call: () => T): Promise<{ readonly value: T } | undefined> => {
    try {
      return { value: call() }
    } catch (error) {
      const report = await vi.waitFor(() => {
        const found = real.messages.find((line) => line.includes(`'${name}': `))
        if (found === undefined) throw new Error(`HAProxy has not reported that ${name} fails: ${String(error)}`)
        return found.replace(/^ALERT /, '')
      })
      expect(withoutTrace((error as Error).message)).toBe(withoutTrace(report))
      return undefined
    }
  }

  it.each(Object.keys(ACTIONS).map((name, i) => [name, i] as const))('agree on an action that %s', async (_, i) => {
    const { status, headers, body } = await answer(`/a${i}`)
    const options = { request: { path: `/a${i}`, headers: HEADERS }, arguments: ['arg'] }
    const result = await resultOf(`a${i}`, () => haproxy.action(`lua.a${i}`, options))
    // HAProxy continues after an error
    if (!result) return expect(status).toBe(200)
    const { request, reply, variables } = result.value
    if (reply) {
      expect({ status: reply.status, body: reply.body }).toEqual({ status, body })
      for (const [name, value] of reply.headers) expect(String(headers[name])).toContain(value)
      return
    }
    const fields = [...request!.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('')
    // after STOP no rule of the frontend is left that answers
    if (variables['txn.v'] === 'stopped') expect(status).toBe(503)
    else expect(`${request!.target}\n${fields}\r\nv=${shown(variables['txn.v'])}`).toBe(body)
  })

  it.each(Object.keys(FETCHES).map((name, i) => [name, i] as const))('agree on a fetch of %s', async (_, i) => {
    const { body } = await answer(`/f${i}`)
    const options = { request: { path: `/f${i}`, headers: HEADERS }, arguments: ['arg'] }
    const result = await resultOf(`f${i}`, () => haproxy.fetch(`lua.f${i}`, options))
    expect(shown(result?.value)).toBe(body)
  })

  it.each(CONVERTERS.map(([body, input], i) => [body, input, i] as const))(
    'agree on the converter %s',
    async (_, input, i) => {
      const { body } = await answer(`/c${i}`)
      const result = await resultOf(`c${i}`, () => haproxy.converter(`lua.c${i}`, input, { arguments: ['arg'] }))
      expect(shown(result?.value)).toBe(body)
    },
  )
})
