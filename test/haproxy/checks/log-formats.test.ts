/** Aliases of log-formats in checks, whose sessions have no stream. The values are those that HAProxy 3.2.26 sent to a server. */
import { expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'

const start = (send: string) => {
  const sim = new Simulation()
  const server = sim.http('10.0.0.1:80')
  const haproxy = sim.haproxy({
    config: `global
    set-var-fmt proc.a "%rt %f %b %s %Tt %B %ts %tsc %ci-%cp %ac %lc %ID %OG %TR %Td %Ta %hr|%hrl|%r|%HM|%HV|%HQ|%sslv"
    set-var-fmt proc.b "%rt %{+M}ID %{+Q}ci %{+M}o %ID"
    stats socket unix@/run/haproxy.sock level admin
defaults
    timeout connect 1s
    timeout server 1s
backend b
    option httpchk GET / HTTP/1.0
    http-check send ${send}
    server s1 10.0.0.1:80 check inter 1s
`,
    directory: false,
  })
  haproxy.start()
  sim.advance('1500ms')
  return { haproxy, values: (name: string) => server.requests.map(({ headers }) => headers[name]) }
}

it('a check is a session of CHECKS-FE that ends before its request', () => {
  const { values } = start(
    'hdr x "%f|%b|%s|%si:%sp|%Tt|%B|%ts|%ID|%OG|%Td" hdr y "%{+json}o%(from)bi%(port:str)sp%(t:bool)ST"',
  )
  expect(values('x')[0]).toBe('CHECKS-FE|b|s1|10.0.0.1:80|+0|+0|PR||unspec|-1')
  expect(values('y')[0]).toMatch(/^\{"from": "[\d.]+", "port": "80", "t": false\}$/)
})

it('each line of a check has a separate number', () => {
  const { haproxy, values } = start('hdr x %rt hdr y plain')
  expect(values('x').slice(0, 2)).toEqual(['2', '4'])
  expect(haproxy.cli('show info')).toMatch(/CumReq: [67]\n/)
})

it('set-var-fmt in the global section is a session of CFG', () => {
  const { haproxy } = start('hdr x y')
  expect(haproxy.cli('get var proc.a')).toContain(
    'value=<0 CFG CFG <NOSRV> +0 +0 PR PR-- - 0 0  unspec -1 -1 +1 ||<BADREQ>|<BADREQ>|<BADREQ>|<BADREQ>|>',
  )
  expect(haproxy.cli('get var proc.b')).toContain('value=<1 - ""  ->')
})
