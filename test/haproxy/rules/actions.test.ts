/** Actions that rules run, and those that they do not. */
import { describe, expect, it } from 'vitest'
import type { RuleSetName } from '../../../src/config/model/rules.js'
import { ACTIONS_NOT_EMULATED } from '../../../src/config/rules/emulated-actions.js'
import { ACTIONS } from '../../../src/haproxy/rules/actions/index.js'
import { Simulation } from '../../../src/index.js'
import { parseConfig } from '../../support/parse-config.js'

/** A line of each action that takes no section, file or argument of the system. */
const LINES = [
  'tcp-request connection accept',
  'tcp-request connection expect-proxy layer4',
  'tcp-request connection set-fc-mark 1',
  'tcp-request session silent-drop',
  'tcp-request content set-dst src',
  'tcp-request content capture src len 4',
  'tcp-request content switch-mode http',
  'tcp-request content set-priority-class int(1)',
  'tcp-response content close',
  'http-request add-acl(virt@a) x',
  'http-request auth',
  'http-request disable-l7-retry',
  'http-request do-log',
  'http-request early-hint a b',
  'http-request normalize-uri path-strip-dot',
  'http-request pause 1s',
  'http-request redirect location /x if TRUE',
  'http-request replace-path a b',
  'http-request sc-inc-gpc0(0)',
  'http-request set-bc-tos 1',
  'http-request set-log-level err',
  'http-request set-nice 1',
  'http-request set-retries 1',
  'http-request set-timeout server 1s',
  'http-request set-var(txn.a) src',
  'http-request strict-mode off',
  'http-request track-sc0 src',
  'http-request use-service prometheus-exporter',
  'http-request wait-for-body time 1s',
  'http-request wait-for-handshake',
  'http-response del-header a',
  'http-response replace-value a b c',
  'http-response set-status 200',
  'http-after-response allow if TRUE',
  'http-request deny',
]

it('each action is run, or known not to be', () => {
  const config = `global\n  expose-experimental-directives\nlisten l\n  mode http\n  stick-table type ip size 1k\n  bind :80\n${LINES.map((line) => `  ${line}\n`).join('')}`
  const { proxies, diagnostics } = parseConfig([{ name: 'a.cfg', text: config }])
  expect(diagnostics.filter(({ severity }) => severity === 'alert')).toEqual([])
  const { rules } = proxies[0]!
  const sets = [...new Set(LINES.map((line) => /^\S+(?: (?:connection|session|content))?/.exec(line)![0]))]
  const all = sets.flatMap((set) => rules!.rules(set as RuleSetName).map(({ action }) => action.kind))
  expect(all).toHaveLength(LINES.length)
  for (const kind of all) expect(`${kind} ${ACTIONS.has(kind) !== ACTIONS_NOT_EMULATED.has(kind)}`).toBe(`${kind} true`)
})

it('a connection that is dropped silently stays open for the client', () => {
  const sim = new Simulation()
  const haproxy = sim.haproxy({
    config: 'frontend f\n  mode http\n  timeout client 1m\n  bind 127.0.0.1:8080\n  http-request silent-drop\n',
  })
  haproxy.start()
  const session = sim.client().connect('127.0.0.1:8080')
  session.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  sim.advance('10s')
  expect(session.state).toBe('open')
})

describe('do-resolve', () => {
  const run = (rules: string, records: Readonly<Record<string, string>>) => {
    const sim = new Simulation()
    const dns = sim.dns('192.0.2.53:53')
    for (const [name, ip] of Object.entries(records)) dns.set(name, ip)
    const haproxy = sim.haproxy({
      config: `resolvers r
  nameserver n 192.0.2.53:53
frontend f
  mode http
  timeout client 1m
  bind 127.0.0.1:8080
  ${rules}
  http-request return hdr X-A <%[var(txn.a)]>
`,
    })
    haproxy.start()
    return sim.client().get('http://127.0.0.1:8080/').headers.get('x-a')
  }

  it('sets a variable to the address of a name', () => {
    expect(run('http-request do-resolve(txn.a,r,ipv4) str(a.example)', { 'a.example': '192.0.2.1' })).toBe(
      '<192.0.2.1>',
    )
  })

  it('sets nothing if there is no such name', () => {
    expect(run('http-request do-resolve(txn.a,r) str(none.example)', {})).toBe('<>')
  })

  it('resolves names in rules of TCP, too', () => {
    const rules = 'tcp-request inspect-delay 5s\n  tcp-request content do-resolve(txn.a,r,ipv4) str(a.example)'
    expect(run(rules, { 'a.example': '192.0.2.2' })).toBe('<192.0.2.2>')
  })
})
