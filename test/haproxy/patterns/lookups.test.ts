/** Lookups in maps: the index finds what a search through all entries finds, by the words of the configuration manual. */
import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { toByteString } from '../../../src/bytes/text.js'
import type { MapOutput } from '../../../src/config/patterns/map-value.js'
import { KIND_OF } from '../../../src/config/patterns/match-method.js'
import { PatternReference, type MatchMethod } from '../../../src/haproxy/patterns/index.js'
import { str } from '../../../src/haproxy/samples/sample.js'

const load = (
  method: MatchMethod,
  keys: readonly string[],
  options: { readonly ignoreCase?: boolean; readonly output?: MapOutput } = {},
) => {
  const reference = new PatternReference('m', '', () => 0, undefined)
  keys.forEach((key, line) => reference.append(key, String(line), line + 1))
  const expression = reference.expression({
    matching: method,
    kind: KIND_OF[method],
    output: options.output ?? 'str',
    ignoreCase: options.ignoreCase ?? false,
    noNames: true,
  })
  if ('error' in expression) throw new Error(expression.error)
  return { reference, find: (sample: string) => reference.match(expression, str(toByteString(sample)))?.element?.value }
}

const word = fc.stringMatching(/^[abA/.]{0,5}$/)
const keys = fc.array(
  word.filter((text) => text !== ''),
  { maxLength: 12 },
)

/** The value of the first key for which `matches` holds. */
const first = (all: readonly string[], matches: (key: string) => boolean): string | undefined => {
  const index = all.findIndex(matches)
  return index < 0 ? undefined : String(index)
}

describe('strings', () => {
  it('match if equal; the first of several entries is used', () => {
    fc.assert(
      fc.property(keys, word, (all, text) => {
        expect(load('str', all).find(text)).toBe(first(all, (key) => key === text))
      }),
    )
  })

  it('match by the longest prefix', () => {
    fc.assert(
      fc.property(keys, word, (all, text) => {
        const lengths = all.filter((key) => text.startsWith(key)).map((key) => key.length)
        const best = first(all, (key) => text.startsWith(key) && key.length === Math.max(...lengths))
        expect(load('beg', all).find(text)).toBe(best)
      }),
    )
  })

  it('match by the first prefix in the list if case is ignored', () => {
    fc.assert(
      fc.property(keys, word, (all, text) => {
        const lower = text.toLowerCase()
        expect(load('beg', all, { ignoreCase: true }).find(text)).toBe(
          first(all, (key) => lower.startsWith(key.toLowerCase())),
        )
      }),
    )
  })

  it('match by substrings and suffixes', () => {
    fc.assert(
      fc.property(keys, word, (all, text) => {
        expect(load('sub', all).find(text)).toBe(first(all, (key) => text.includes(key)))
        expect(load('end', all).find(text)).toBe(first(all, (key) => text.endsWith(key)))
      }),
    )
  })

  it('match by words between slashes', () => {
    const name = fc.stringMatching(/^[ab]{1,3}$/)
    fc.assert(
      fc.property(fc.array(name, { maxLength: 6 }), fc.array(name, { maxLength: 6 }), (all, parts) => {
        expect(load('dir', all).find(`/${parts.join('/')}`)).toBe(first(all, (key) => parts.includes(key)))
        expect(load('dom', all).find(parts.join('.'))).toBe(first(all, (key) => parts.includes(key)))
      }),
    )
  })

  it('match by regular expressions', () => {
    const { find } = load('reg', ['^a+$', '(?i)^B', '[[:digit:]]{2}'])
    expect(['aaa', 'bx', 'x12', 'xb'].map(find)).toEqual(['0', '1', '2', undefined])
  })
})

describe('addresses', () => {
  const octet = fc.constantFrom(0, 1, 10, 127, 128, 255)
  const ip = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'))

  it('match the smallest network that contains them', () => {
    const network = fc.tuple(ip, fc.integer({ min: 0, max: 32 }))
    fc.assert(
      fc.property(fc.array(network, { maxLength: 12 }), ip, (networks, address) => {
        const holds = ([base, bits]: readonly [string, number]) =>
          ipaddr.parse(address).match(ipaddr.parse(base) as ipaddr.IPv4, bits)
        const longest = Math.max(...networks.filter(holds).map(([, bits]) => bits))
        const index = networks.findIndex((each) => holds(each) && each[1] === longest)
        const found = load(
          'ip',
          networks.map(([base, bits]) => `${base}/${bits}`),
        ).find(address)
        expect(found).toBe(index < 0 ? undefined : String(index))
        expect(
          load(
            'ip',
            networks.map(([base, bits]) => `${base}/${bits}`),
          ).find(`::ffff:${address}`),
        ).toBe(found)
      }),
    )
  })

  it('are four decimal numbers, which may begin with zeros; others match nothing', () => {
    expect(['', 'x', '1.2.3', '1.2.3.4.5', 'x1.2.3.4'].map(load('ip', ['0.0.0.0/0', '::/0']).find)).toEqual(
      Array.from({ length: 5 }, () => undefined),
    )
  })
})

describe('integers', () => {
  it('match the first range that contains them', () => {
    const range = fc
      .tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
    fc.assert(
      fc.property(fc.array(range, { maxLength: 8 }), fc.integer({ min: -5, max: 25 }), (ranges, number) => {
        const index = ranges.findIndex(([from, to]) => from <= number && number <= to)
        expect(
          load(
            'int',
            ranges.map(([from, to]) => `${from}:${to}`),
          ).find(String(number)),
        ).toBe(index < 0 ? undefined : String(index))
      }),
    )
  })
})

describe('an index', () => {
  it('removes deleted entries and keeps added ones, in any order', () => {
    const change = fc.record({ kind: fc.constantFrom('add', 'delete', 'set', 'clear'), key: word })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), word, (changes, text) => {
        const { reference, find } = load('beg', [])
        let model: { key: string; value: string }[] = []
        changes.forEach(({ kind, key }, i) => {
          const value = String(i)
          if (kind === 'add') {
            reference.add(key, value)
            model.push({ key, value })
          } else if (kind === 'delete') {
            expect(reference.delete(key)).toBe(model.some((each) => each.key === key))
            model = model.filter((each) => each.key !== key)
          } else if (kind === 'set') {
            const known = model.filter((each) => each.key === key)
            expect(reference.set(key, value)).toBe(known.length > 0 ? undefined : 'entry not found')
            for (const each of known) each.value = value
          } else {
            reference.purge(0)
            model = []
          }
        })
        const fitting = model.filter(({ key }) => text.startsWith(key))
        const longest = Math.max(...fitting.map(({ key }) => key.length))
        expect(find(text)).toBe(fitting.find(({ key }) => key.length === longest)?.value)
        expect([...reference.elements()].map(({ key, value }) => ({ key, value }))).toEqual(model)
      }),
    )
  })

  it('shows a version only when it is committed, and then none before it', () => {
    fc.assert(
      fc.property(keys, keys, word, (before, after, text) => {
        const { reference, find } = load('str', before)
        const version = reference.prepare()
        after.forEach((key, i) => reference.add(key, `new ${i}`, version))
        expect(find(text)).toBe(first(before, (key) => key === text))
        expect(reference.commit(version)).toBe(true)
        const index = after.indexOf(text)
        expect(find(text)).toBe(index < 0 ? undefined : `new ${index}`)
        expect(reference.commit(version)).toBe(true)
        expect(reference.commit(version - 1)).toBe(false)
      }),
    )
  })

  it('rejects invalid files without changes', () => {
    const { reference, find } = load('int', ['1:5'], { output: 'sint' })
    expect(reference.add('x', '1')).toBe("'x' is not a number")
    expect(reference.add('9:3', '1')).toBe("'9:3' is not a valid number range")
    expect(reference.add('7', 'x')).toBe("unable to parse 'x'")
    expect(reference.set('1:5', 'x')).toBe("unable to parse 'x'")
    expect([...reference.elements()].length).toBe(1)
    expect(find('3')).toBe('0')
  })
})
