/** Members of TXN, HTTP, Reply, Fetches and Converters do, return and refuse what they do in the real HAProxy. */
import { expect, it } from 'vitest'
import { SAMPLES } from '../../../src/haproxy/samples/registry.js'
import { describeUpstream } from '../support/upstream.js'
import { CONVERTER_PIECES, FETCH_PIECES, REQUEST_PIECES, RESPONSE_PIECES, STICK_TABLE_PIECES } from './requests.js'
import { runReal, runSimulated, type Place } from './snippets.js'

const PIECES: Readonly<Record<Place, readonly string[]>> = {
  request: REQUEST_PIECES,
  response: RESPONSE_PIECES,
  fetch: FETCH_PIECES,
  converter: CONVERTER_PIECES,
}

const compare = async (place: Place, pieces: readonly string[]): Promise<void> => {
  const real = await runReal(place, pieces)
  const ours = runSimulated(place, pieces)
  const shown = ({ results }: typeof real): string[] => pieces.map((piece, i) => `${piece} -> ${results[i]}`)
  expect(shown(ours)).toEqual(shown(real))
  expect(ours.messages).toEqual(real.messages)
}

/**
 * Fetches whose values differ from run to run, or between the two: dates, durations, random values, addresses, rates, the system. `acl` ends the
 * real one; `ipv4` and `ipv6` return what was in memory.
 */
const VARYING =
  /^acl$|^ipv[46]$|date|^rand$|^uuid$|^pid$|hostname|^uptime$|timer|rtt|reordering|txn\.id32|src_port$|^(fc_|bc_)?dst$|_rate$/

/** The converter that prints to the standard output. */
const PRINTING = 'debug'

const method = (name: string): string => name.replace(/[.+-]/g, '_')

const FETCH_ARGUMENTS = ['', '"x"', '1', '"x", 1', '"a", "b"', '"txn.place"', '"people"', '{}', 'nil', 'true']
const CONVERTER_ARGUMENTS = [
  '',
  ', "abc"',
  ', 5',
  ', "12"',
  ', true',
  ', nil',
  ', "a,b;c=d", 1',
  ', "abc", "x"',
  ', "abc", 1, 2',
  ', "a,b", 1, ","',
  ', 7, "txn.place"',
  ', 7, 3',
  ', "abc", "x", "y"',
  ', "eyJhIjoxfQ", "$.a"',
  ', "1.2.3.4", 24',
  ', "a", "b", "c", "d", "e"',
]

const calls = (objects: readonly string[], names: Iterable<string>, given: readonly string[]): string[] =>
  [...names].flatMap((name) =>
    objects.flatMap((object) => given.map((args) => `local o = txn.${object} return o["${method(name)}"](o${args})`)),
  )

describeUpstream('in traffic', () => {
  it.each(Object.keys(PIECES) as Place[])('members of classes, in a %s', { timeout: 120_000 }, (place) =>
    compare(place, PIECES[place]),
  )

  it('members of StickTable', { timeout: 120_000 }, () => compare('request', STICK_TABLE_PIECES))

  const fetches = [...SAMPLES.fetches.keys()].filter((name) => !VARYING.test(name))
  const converters = [...SAMPLES.converters.keys()].filter((name) => name !== PRINTING)
  const fetchCalls = calls(
    ['f', 'sf'],
    fetches,
    FETCH_ARGUMENTS.map((each) => (each === '' ? '' : `, ${each}`)),
  )

  it('all fetches, called with different arguments', { timeout: 120_000 }, () => compare('request', fetchCalls))
  it('all fetches, called for a response', { timeout: 120_000 }, () => compare('response', fetchCalls))
  it('all converters, called with different arguments', { timeout: 120_000 }, () =>
    compare('request', calls(['c', 'sc'], converters, CONVERTER_ARGUMENTS)),
  )
})
