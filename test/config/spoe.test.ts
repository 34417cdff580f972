/** The model of SPOE engines: agents, messages by event, and groups. */
import { expect, test } from 'vitest'
import { encodeText } from '../../src/bytes/text.js'
import type { SpoeFilter } from '../../src/config/model/filters.js'
import type { ProxyDraft } from '../../src/config/proxy/draft.js'
import { parseConfig } from '../support/parse-config.js'

const BACKEND = 'backend agents\n timeout connect 1s\n timeout server 1s\n server s 127.0.0.1:1\n'

const parse = (file: string | undefined, kind = 'frontend') => {
  const text = `${kind} p\n mode http\n filter spoe engine e config spoe.conf\n http-request send-spoe-group e g\n${BACKEND}`
  const readFile = file === undefined ? undefined : () => encodeText(file)
  const config = parseConfig([{ name: 'x.cfg', text }], readFile && { readFile })
  const filter = (config.proxies[0] as ProxyDraft).traffic.filters[0] as SpoeFilter
  return { config, filter }
}

const FILE = `
[other]
spoe-agent ignored
[e]
spoe-agent agent
  use-backend agents
  messages first second
  groups g
  timeout processing 15ms
  option var-prefix pre
  option set-on-error err
  option continue-on-error
  no option pipelining
  max-frame-size 1000
  log 127.0.0.1:514 local0
spoe-message first
  args ip=src method
  acl local src 127.0.0.0/8
  event on-frontend-http-request unless local
spoe-message second
  event on-client-session
  event on-backend-http-request
spoe-message third
  args path
spoe-group g
  messages third
`

test('an agent has its settings, messages by event, and groups', () => {
  const { agent, engine } = parse(FILE, 'listen').filter
  expect(engine).toBe('e')
  expect(agent).toMatchObject({
    name: 'agent',
    backend: 'agents',
    processingTimeout: 15_000,
    variablePrefix: 'pre',
    errorVariable: 'err',
    continueOnError: true,
    forceSetVar: false,
    pipelining: false,
    maxFrameSize: 1000,
    logs: [{ target: { ip: '127.0.0.1', port: 514 }, facility: 'local0' }],
    groups: [
      { name: 'g', messages: [{ name: 'third', args: [{ name: '', expression: { fetch: { name: 'path' } } }] }] },
    ],
  })
  // the events of backends are those of frontends in a listen
  expect([...agent!.events].map(([event, messages]) => [event, messages.map(({ name }) => name)])).toEqual([
    ['on-frontend-http-request', ['first', 'second']],
  ])
  const first = agent!.events.get('on-frontend-http-request')![0]!
  expect(first.args.map(({ name, expression }) => [name, expression.fetch.name])).toEqual([
    ['ip', 'src'],
    ['', 'method'],
  ])
  expect(first.condition).toMatchObject({ polarity: 'unless', suites: [[{ acl: { name: 'local' }, negated: false }]] })
})

test('a backend in mode tcp becomes one in mode spop', () => {
  expect(parse(FILE).config.proxies[1]!.mode).toBe('spop')
})

test('files are assumed to be valid if they cannot be read', () => {
  const { config, filter } = parse(undefined)
  expect(filter).toMatchObject({ engine: 'e', file: 'spoe.conf', agent: undefined })
  expect(config.failed).toBe(false)
})
