/** Any text ends with an error or a verdict, in virtual time. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Simulation } from '../../src/sim/index.js'
import { vtc } from '../../src/vtc/index.js'

const NUMBER = fc.constantFrom('0', '1', '2', '3', '0x10', '-1', 'x', '')
const TEXT = fc.constantFrom('"GET / HTTP/1.1\\r\\n\\r\\n"', '"a"', '${s1_sock}', '${b}', '""', '"\\x00"', 'zz')
const word = (...parts: (string | fc.Arbitrary<string>)[]) =>
  fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))).map((all) => all.join(' '))

/** Commands of clients and servers, right and wrong. */
const HTTP = fc.oneof(
  fc.constantFrom(
    'txreq',
    'rxreq',
    'rxresp',
    'txresp',
    'rxresp -no_obj',
    'rxreqhdrs',
    'rxchunk',
    'expect_close',
    'gunzip',
  ),
  fc.constantFrom(
    'close',
    'accept',
    'non_fatal',
    'fatal',
    'expect_pattern',
    'shutdown',
    'barrier b1 sync',
    'nonsense',
    'rxpri',
  ),
  word('txreq -url', TEXT, '-body', TEXT),
  word('txresp -status', NUMBER, '-bodylen', NUMBER),
  word('send', TEXT),
  word('sendhex', TEXT),
  word('recv', NUMBER),
  word('chunkedlen', NUMBER),
  word('timeout', NUMBER),
  word('delay', NUMBER),
  word('expect resp.status ==', NUMBER),
  word('expect req.http.host ~', TEXT),
)

const SCRIPT = fc.array(HTTP, { maxLength: 6 }).map((lines) => `{\n${lines.join('\n')}\n}`)

const TOP = fc.oneof(
  word('server s1', SCRIPT, fc.constantFrom('-start', '-repeat 3 -start', '-wait', '-break', '-dispatch')),
  word('client c1 -connect', fc.constantFrom('${s1_sock}', '127.0.0.1:1', 'x', '${h1_fe_sock}'), SCRIPT, '-run'),
  word('client c2 -connect ${s1_sock}', SCRIPT, fc.constantFrom('-start', '-repeat 2 -run', '-repeat 0 -start')),
  word('syslog S1 -level notice { recv } ', fc.constantFrom('-start', '-wait', '-stop')),
  word('barrier b1 cond', NUMBER),
  fc.constantFrom(
    'barrier b1 sync',
    'barrier b1 -cyclic',
    'setenv a',
    'delay 1',
    'feature ignore_unknown_macro',
    'shell { true }',
  ),
  fc.constantFrom('haproxy h1 -conf {\ndefaults\nmode http\nfrontend f\nbind "fd@${fe}"\n} -start', 'haproxy h1 -wait'),
  word('loop', NUMBER, SCRIPT),
)

const GENERATED = fc.array(TOP, { maxLength: 6 }).map((lines) => `vtest "t"\n${lines.join('\n')}`)

/** Texts in which characters are left out, doubled or exchanged. */
const DAMAGED = fc.tuple(GENERATED, fc.array(fc.nat(), { maxLength: 4 })).map(([text, places]) =>
  places.reduce((changed, place) => {
    const at = place % changed.length
    const [left, right] = [changed.slice(0, at), changed.slice(at + 1)]
    return place % 3 === 0 ? left + right : place % 3 === 1 ? `${left}}${right}` : `${left}"{${right}`
  }, text),
)

const endsWithVerdict = (text: string): void => {
  const { result, message } = vtc(text, { simulation: new Simulation({ seed: 1 }), duration: '20s', directory: false })
  expect(['passed', 'failed', 'skipped']).toContain(result)
  if (result !== 'passed') expect(message).not.toBe('')
}

/** How many texts of each kind; more with HAPSIM_FUZZ, which has the number. */
const numRuns = Number(process.env.HAPSIM_FUZZ ?? 5000)

it('generated texts', () => {
  fc.assert(fc.property(GENERATED, endsWithVerdict), { numRuns })
})

it('damaged texts', () => {
  fc.assert(fc.property(DAMAGED, endsWithVerdict), { numRuns })
})
