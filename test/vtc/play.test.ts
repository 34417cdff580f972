/** Regression tests in varnishtest's language are played in virtual time. */
import { describe, expect, it } from 'vitest'
import { SECOND } from '../../src/engine/clock.js'
import { Simulation } from '../../src/sim/index.js'
import { logLines, playTest, resultText, type Test } from '../../src/vtc/index.js'

const play = (
  text: string,
  options: { readonly macros?: Record<string, string>; readonly seconds?: number } = {},
): Test =>
  playTest(new Simulation(), {
    text,
    file: 'a.vtc',
    folder: '/tests',
    directory: false,
    macros: options.macros ?? {},
    duration: (options.seconds ?? 60) * SECOND,
  })

/** `passed`, or the verdict with its reason. */
const verdictOf = (test: Test): string =>
  [test.verdict!.result, resultText(test)].filter((each) => each !== '').join(' ')

const verdict = (text: string): string => verdictOf(play(text))

const PROXY = `
feature ignore_unknown_macro
server s1 {
  rxreq
  expect req.url == "/a"
  txresp -hdr "X-A: b" -body "hello"
} -start
haproxy h1 -conf {
  defaults
    mode http
    timeout connect 5s
    timeout client 5s
    timeout server 5s
  frontend fe
    bind "fd@\${fe}"
    default_backend be
  backend be
    server s1 \${s1_addr}:\${s1_port}
} -start
`

describe('a test', () => {
  it('passes when what clients and servers expect holds', () => {
    expect(
      verdict(`vtest "t"${PROXY}
client c1 -connect \${h1_fe_sock} {
  txreq -url /a
  rxresp
  expect resp.status == 200
  expect resp.http.x-a == b
  expect resp.http.x-b == <undef>
  expect resp.body == "hello"
  expect resp.bodylen < 6
} -run
server s1 -wait`),
    ).toBe('passed')
  })

  it('fails with the place and both sides of what does not hold', () => {
    expect(
      verdict(`vtest "t"${PROXY}
client c1 -connect \${h1_fe_sock} {
  txreq -url /a
  rxresp
  expect resp.status == 404
} -run`),
    ).toBe('failed a.vtc:24: c1: EXPECT resp.status (200) == "404" failed')
  })

  it('fails with the command of a server that has other expectations', () => {
    expect(
      verdict(`vtest "t"${PROXY}
client c1 -connect \${h1_fe_sock} {
  txreq -url /b
  rxresp
} -run`),
    ).toBe('failed a.vtc:5: s1: EXPECT req.url (/b) == "/a" failed')
  })

  it('names all that wait when it does not end', () => {
    const test = play(
      `vtest "t"
server s1 {
  recv 3
} -start
client c1 -connect \${s1_sock} {
  send "ab"
  delay 1
  recv 1
} -run`,
      { seconds: 5 },
    )
    expect(verdictOf(test)).toBe(
      'failed a.vtc:5: the test has not ended within its time limit (-t 5, seconds of virtual time)\n' +
        'top (a.vtc:5) waits for the end of c1\n' +
        's1 (a.vtc:3) waits for 1 bytes from 127.0.0.1:32769\n' +
        'c1 (a.vtc:8) waits for 1 bytes from 127.0.0.1:32768',
    )
  })

  it('is skipped where it needs a program of the system', () => {
    expect(verdict('vtest "t"\nshell { true }')).toBe('skipped a.vtc:2: line 2: shell runs a program of the system')
    expect(verdict(`vtest "t"\nfeature cmd "$HAPROXY_PROGRAM -cc 'version_atleast(99)'"`)).toMatch(/^skipped .*lacking/)
    expect(verdict(`vtest "t"\nfeature cmd "$HAPROXY_PROGRAM -cc 'version_atleast(2.0)'"`)).toBe('passed')
  })

  it('writes a log like that of varnishtest', () => {
    const test = play('vtest "t"\nserver s1 { recv 2 } -start\nclient c1 -connect ${s1_sock} { send "a\\r\\n" } -run')
    expect(logLines(test)).toContain('**** c1    send|a\\r')
    expect(logLines(test)[0]).toBe('**** dT    0.000')
  })

  it('gives the same trace for the same seed', () => {
    const hash = (): string => {
      const simulation = new Simulation({ seed: 7 })
      playTest(simulation, { text: `vtest "t"${PROXY}`, file: 'a.vtc', folder: '/', directory: false })
      return simulation.trace.hash
    }
    expect(hash()).toBe(hash())
  })
})

describe('barriers', () => {
  it('let scripts continue once all have arrived', () => {
    expect(
      verdict(`vtest "t"
barrier b1 cond 2 -cyclic
server s1 { loop 2 { barrier b1 sync\n send "a" } } -start
client c1 -connect \${s1_sock} { loop 2 { delay 1\n barrier b1 sync\n recv 1 } } -run`),
    ).toBe('passed')
  })

  it('are named when they are never reached', () => {
    expect(verdict('vtest "t"\nbarrier b1 cond 2\nbarrier b1 sync')).toContain(
      'top (a.vtc:3) waits for the barrier b1, which 1 of 2 have reached',
    )
  })
})

describe('invalid tests', () => {
  it.each([
    ['nonsense', 'failed a.vtc:2: Unknown command: "nonsense"'],
    ['server s1 { recv', "failed a.vtc:2: the brace '{' has no matching '}'"],
    ['setenv a "b', 'failed a.vtc:2: a quoted word does not end on its line'],
    ['setenv a ${b}', 'failed a.vtc:2: Macro ${b} not found'],
    ['client s1', "failed a.vtc:2: Client name must start with 'c' (got s1)"],
    ['client c1 -connect', 'failed a.vtc:2: client: missing the address'],
    ['client c1 -nonsense', 'failed a.vtc:2: Unknown client argument: -nonsense'],
    ['client c1 -wait', 'failed a.vtc:2: client c1 is not started'],
    ['delay soon', 'failed a.vtc:2: Syntax error in number (soon)'],
    ['feature flying', 'failed a.vtc:2: FAIL test, unknown feature: flying'],
    ['haproxy h1 -start', 'failed a.vtc:2: haproxy h1 has no configuration'],
    ['barrier b1 cond 1', 'failed a.vtc:2: Barrier(b1) use error: wrong expectation (1)'],
    [
      'server s1 -listen 127.0.0.1:7000 { recv 1 } -start\nserver s2 -listen 127.0.0.1:7000 { recv 1 } -start',
      'failed a.vtc:3: Server listen address (127.0.0.1:7000) cannot be used: Address already in use',
    ],
    [
      'client c1 -connect 127.0.0.1:1 { recv 1 } -run',
      'failed a.vtc:2: c1: Failed to open 127.0.0.1:1: Connection refused',
    ],
  ])('%s', (command, expected) => {
    expect(verdict(`vtest "t"\n${command}`)).toBe(expected)
  })

  it('say what HAProxy has against a configuration', () => {
    const test = play('vtest "t"\nfeature ignore_unknown_macro\nhaproxy h1 -conf {\n  defaults\n    nonsense\n} -start')
    expect(verdictOf(test)).toContain('failed a.vtc:3: h1: Bad exit status: expected 0, got 1\n[ALERT]')
    expect(verdictOf(test)).toContain("unknown keyword 'nonsense'")
  })
})

describe('HAProxy', () => {
  it('is asked by its runtime API', () => {
    expect(
      verdict(`vtest "t"${PROXY}
haproxy h1 -cli {
  send "show servers state"
  expect ~ "be 1 s1"
}`),
    ).toBe('passed')
  })

  it('has its configuration checked', () => {
    expect(
      verdict(`vtest "t"
feature ignore_unknown_macro
haproxy h1 -conf-OK {
  defaults
    mode http
}
haproxy h2 -conf-BAD "unknown keyword 'nonsense'" {
  defaults
    nonsense
}`),
    ).toBe('passed')
  })

  it('sends log lines, which arrive in order', () => {
    expect(
      verdict(`vtest "t"
feature ignore_unknown_macro
syslog S1 -level info -repeat 20 {
  recv
  expect ~ "haproxy\\\\[\${h1_pid}\\\\]: /1$"
  recv
  expect ~ "/2$"
} -start
haproxy h1 -conf {
  defaults
    mode http
    timeout client 5s
  frontend fe
    bind "fd@\${fe}"
    log \${S1_sock} daemon
    log-format "%HP"
    http-request return status 200
} -start
client c1 -connect \${h1_fe_sock} -repeat 20 {
  txreq -url /1
  rxresp
  txreq -url /2
  rxresp
} -run
syslog S1 -wait`),
    ).toBe('passed')
  })
})
