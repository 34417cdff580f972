/** The converters of maps, with all matching methods and types of values, beside the real HAProxy. */
import { expect, it } from 'vitest'
import { SAMPLES } from '../../../src/haproxy/samples/registry.js'
import { describeUpstream } from '../support/upstream.js'
import { ourSamples } from './our-samples.js'
import { realSamples, type RealSample } from './real-samples.js'

/** One file for each matching method: HAProxy's cache of results is shared by methods that have a large file in common. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  str: ['abc', 'ABC', 'a', '10'],
  int: ['5', '6:9', '-3', '100-', '0:1'],
  ip: ['1.2.3.0/24', '::/64', '10.0.0.0/255.0.255.0', '0.0.0.0/0'],
  reg: ['^a(b)(c)?$', '^/(.*)/(.*)$', '(x)|(y)', '^10'],
}
const keysFor = (method: string): readonly string[] => KEYS[method.startsWith('reg') ? 'reg' : method] ?? KEYS.str!

const TEXTS = ['one', 'two \\1-\\2 \\\\', '', '5 6']
const INTEGERS = ['7', '-1', '', '+12']
const ADDRESSES = ['1.2.3.4', '::1', '01.2.3.4', '::ffff:9.9.9.9']
const VALUES: Readonly<Record<string, readonly string[]>> = { '': TEXTS, int: INTEGERS, ip: ADDRESSES, key: TEXTS }

const METHODS = ['str', 'beg', 'sub', 'dir', 'dom', 'end', 'reg', 'regm', 'int', 'ip']
const FILES: Record<string, string> = { bad: '5 x\n', 'bad-key': 'x 5\n', one: '# no value\n  abc\n\n' }
for (const method of METHODS)
  for (const [output, values] of Object.entries(VALUES))
    FILES[`${method}${output}`] = keysFor(method)
      .map((key, i) => `${key}\t ${values[i % values.length]} \n`)
      .join('')

const INPUTS = [
  ...[
    'str()',
    'str(abc)',
    'str(ABC)',
    'str(ab)',
    'str(/x/y)',
    'str(/abc/)',
    'str(10)',
    'str(5)',
    'str(-3)',
    'str(1.2.3.4)',
    'str(::1)',
    'str(xy)',
  ],
  ...[
    'int(0)',
    'int(7)',
    'int(1000)',
    'int(-4)',
    'ipv4(1.2.3.4)',
    'ipv4(10.7.0.8)',
    'ipv6(::1)',
    'ipv6(fe80::1)',
    'bool(true)',
    'bin(616263)',
    'meth(abc)',
  ],
]

const callsOf = (name: string): string[] => {
  const [, method = 'str', output = ''] = /^map(?:_(str|beg|sub|dir|dom|end|reg|regm|int|ip))?(?:_(int|ip|key))?$/.exec(
    name,
  )!
  const file = `${method}${output}`
  const others = { '': ['', 'none', '"d e"'], int: ['', '5', 'x', '-7'], ip: ['', '9.8.7.6', '::2', 'x'], key: [''] }[
    output
  ]!
  return [
    ...others.map((other) => (other === '' ? `${name}(${file})` : `${name}(${file},${other})`)),
    ...[
      `${name}(missing)`,
      `${name}(opt@missing)`,
      `${name}(virt@list,1)`,
      `${name}(one)`,
      `${name}(bad)`,
      `${name}(bad-key)`,
      `${name}()`,
      name,
    ],
  ]
}

const show = (sample: RealSample | undefined): string =>
  !sample
    ? 'nothing'
    : 'error' in sample
      ? `error: ${sample.error}`
      : `${sample.type} ${Buffer.from(sample.bytes, 'hex').toString('latin1')}`

describeUpstream('maps', () => {
  const names = [...SAMPLES.converters.keys()].filter((name) => /^map(?:_|$)/.test(name))

  it('are all there', () => expect(names).toHaveLength(38))

  it.each(names)('%s', (name) => {
    const isRefused = (sample: RealSample | undefined): boolean => sample !== undefined && 'error' in sample
    const calls = callsOf(name)
    const refused = new Set(calls.filter((call) => isRefused(ourSamples([`str(5),${call}`], { files: FILES })[0])))
    // what is refused does not depend on the value
    const expressions = calls.flatMap((call) =>
      (refused.has(call) ? INPUTS.slice(0, 1) : INPUTS).map((input) => `${input},${call}`),
    )
    const ours = ourSamples(expressions, { files: FILES })
    const real = realSamples(expressions, { files: FILES, isRefused: (i) => isRefused(ours[i]) })
    const differences = expressions.flatMap((expression, i) =>
      show(ours[i]) === show(real[i]) ? [] : [`${expression}: ${show(ours[i])}, HAProxy: ${show(real[i])}`],
    )
    expect(differences).toEqual([])
  })
})
