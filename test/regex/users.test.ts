/** What uses regular expressions continues when PCRE2 gives up on one: for HAProxy that is no match. */
import { expect, it } from 'vitest'
import { PatternReference } from '../../src/haproxy/patterns/index.js'
import { str } from '../../src/haproxy/samples/sample.js'
import { Simulation } from '../../src/sim/index.js'

const PATHOLOGICAL = '(*LIMIT_MATCH=10000)^(a+)+$'
const TEXT = 'a'.repeat(40) + 'b'

it('a check ends, and fails', () => {
  const sim = new Simulation()
  const haproxy = sim.haproxy({
    directory: false,
    config: `
global
    log stdout format raw local0
    stats socket unix@/run/haproxy.sock level admin
defaults
    mode http
    log global
    timeout connect 5s
    timeout client 5s
    timeout server 5s
backend be1
    option httpchk
    http-check expect rstring ${PATHOLOGICAL}
    server s1 10.0.0.1:80 check inter 1s fall 1
`,
  })
  sim.http('10.0.0.1:80').respond({ body: TEXT })
  haproxy.start()
  sim.advance('500ms')
  expect(haproxy.logs[0]!.message).toContain('is DOWN, reason: Layer7 invalid response')
  expect(haproxy.logs[0]!.message).toContain('HTTP content check did not match')
})

it('a map has no value', () => {
  const reference = new PatternReference('m', '', () => 0, undefined)
  reference.append(PATHOLOGICAL, 'first', 1)
  reference.append('b$', 'second', 2)
  const expression = reference.expression({
    matching: 'reg',
    kind: 'regex',
    output: 'str',
    ignoreCase: false,
    noNames: true,
  })
  if ('error' in expression) throw new Error(expression.error)
  expect(reference.match(expression, str(TEXT))?.element?.value).toBe('second')
  expect(reference.match(expression, str('aaa'))?.element?.value).toBe('first')
})
