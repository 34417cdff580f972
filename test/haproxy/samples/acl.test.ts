/** ACLs and conditions whose fetches have several values, or values that may change (`acl_exec_cond`, src/acl.c). */
import { describe, expect, it } from 'vitest'
import type { Acl, Condition } from '../../../src/config/model/acl.js'
import type { PatternUse } from '../../../src/config/model/patterns.js'
import { PatternReferences } from '../../../src/haproxy/patterns/index.js'
import { bindCondition } from '../../../src/haproxy/samples/acl.js'
import type { SampleContext } from '../../../src/haproxy/samples/context.js'
import type { Fetch, SampleRegistry } from '../../../src/haproxy/samples/keyword.js'
import { str } from '../../../src/haproxy/samples/sample.js'

const PLACE = { file: 'haproxy.cfg', line: 1 }

/** A fetch with these values, one after the other; `…` at the end: more may come. */
const values = (name: string, all: readonly string[]): Fetch => ({
  name,
  bind: () => (_, progress) => {
    const at = (progress?.cursor as number | undefined) ?? 0
    const isEnd = all[at] === undefined || all[at] === '…'
    if (progress) {
      progress.cursor = at + 1
      progress.hasNext = at + 1 < all.length && all[at + 1] !== '…'
      progress.mayChange = all.at(-1) === '…'
    }
    return isEnd ? undefined : str(all[at]!)
  },
})

const FETCHES = [
  values('list', ['a', 'b', 'c']),
  values('none', []),
  values('coming', ['…']),
  values('growing', ['a', 'b', '…']),
]
const REGISTRY: SampleRegistry = { fetches: new Map(FETCHES.map((each) => [each.name, each])), converters: new Map() }

const patterns = new PatternReferences({
  files: { read: () => 'ENOENT', open: () => 'ENOENT' },
  wallTime: () => 0,
  resolve: undefined,
})

const acl = (fetch: string, pattern: string): Acl => {
  const use: PatternUse = {
    matching: 'str',
    kind: 'string tree',
    output: undefined,
    ignoreCase: false,
    noNames: false,
    place: PLACE,
    proxiesBefore: 0,
    source: { keyword: fetch, id: -1, patterns: [pattern] },
  }
  patterns.load(use)
  const expression = {
    fetch: { name: fetch, args: [] },
    converters: [],
    output: 'str' as const,
    places: 0,
    sources: 0,
    gaps: [],
  }
  return { name: '', expressions: [{ keyword: fetch, expression, matching: 'str', patterns: [use] }] }
}

const both = (...acls: readonly Acl[]): Acl => ({ name: 'x', expressions: acls.flatMap((each) => each.expressions) })

const evaluate = (
  suites: readonly (readonly (Acl | readonly ['not', Acl])[])[],
  polarity: Condition['polarity'] = 'if',
  isFinal = false,
) => {
  const terms = suites.map((suite) =>
    suite.map((each) => ('name' in each ? { acl: each, negated: false } : { acl: each[1], negated: true })),
  )
  const context = { process: { patterns }, isFinal } as unknown as SampleContext
  return bindCondition({ polarity, suites: terms, place: PLACE }, REGISTRY)(context)
}

const [PASS, FAIL, MISS] = [acl('list', 'a'), acl('list', 'x'), acl('coming', 'x')]

describe('an ACL', () => {
  it('passes if any value matches', () => {
    expect(evaluate([[acl('list', 'c')]])).toBe('pass')
    expect(evaluate([[acl('list', 'd')]])).toBe('fail')
    expect(evaluate([[acl('none', 'a')]])).toBe('fail')
  })

  it('misses data while a value may arrive or change, and fails once there is no more', () => {
    expect(evaluate([[acl('coming', 'a')]])).toBe('miss')
    expect(evaluate([[acl('coming', 'a')]], 'if', true)).toBe('fail')
    expect(evaluate([[acl('growing', 'b')]])).toBe('pass')
    expect(evaluate([[acl('growing', 'c')]])).toBe('miss')
    expect(evaluate([[acl('growing', 'c')]], 'if', true)).toBe('fail')
  })

  it('passes if any of its expressions does, even if another one misses data', () => {
    expect(evaluate([[both(MISS, PASS)]])).toBe('pass')
    expect(evaluate([[both(MISS, FAIL)]])).toBe('miss')
  })
})

describe('a condition', () => {
  it('requires all terms of a list, of which the first one that does not pass decides', () => {
    expect(evaluate([[PASS, PASS]])).toBe('pass')
    expect(evaluate([[PASS, FAIL]])).toBe('fail')
    expect(evaluate([[PASS, MISS]])).toBe('miss')
    expect(evaluate([[MISS, FAIL]])).toBe('miss')
    expect(evaluate([[FAIL, MISS]])).toBe('fail')
  })

  it('requires one list', () => {
    expect(evaluate([[FAIL], [PASS]])).toBe('pass')
    expect(evaluate([[MISS], [PASS]])).toBe('pass')
    expect(evaluate([[MISS], [FAIL]])).toBe('miss')
    expect(evaluate([[FAIL], [FAIL]])).toBe('fail')
    expect(evaluate([])).toBe('fail')
  })

  it('negates terms but not missing data', () => {
    expect(evaluate([[['not', FAIL]]])).toBe('pass')
    expect(evaluate([[['not', PASS]]])).toBe('fail')
    expect(evaluate([[['not', MISS]]])).toBe('miss')
  })

  it('applies with `unless` if it fails', () => {
    expect(evaluate([[FAIL]], 'unless')).toBe('pass')
    expect(evaluate([[PASS]], 'unless')).toBe('fail')
    expect(evaluate([[MISS]], 'unless')).toBe('miss')
    expect(evaluate([], 'unless')).toBe('pass')
  })
})
