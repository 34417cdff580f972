/** `hapsim test` with several reporters, lists, repetitions and focused tests, as it is shipped. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { build } from '../support/build.js'
import { hapsim } from '../support/command.js'
import { folderWith } from '../support/files.js'

beforeAll(build, 60_000)

const FILES = {
  'a_test.lua': `print('said by a')
it('passes', function() end)
it('fails', function() assert.equals(1, 2) end)`,
  'b_test.lua': `it('passes, too', function() end)\npending('later')`,
}
const read = (folder: string, file: string) => readFileSync(join(folder, file), 'utf8')

describe('several reporters', () => {
  it('write to the terminal and to files at once, and create directories', () => {
    const folder = folderWith(FILES)
    const args = ['--reporter', 'dot', '--reporter', 'junit=out/deep/r.xml', '--reporter', 'json=r.json']
    const { code, out } = hapsim(folder, 'test', ...args)
    expect(code).toBe(1)
    expect(out).toMatch(
      /^said by a\n\.F\.P\n[^]*2 passed, 1 failed, 1 pending .*\nwrote out\/deep\/r\.xml\nwrote r\.json\n$/,
    )
    expect(read(folder, 'out/deep/r.xml')).toMatch(/^<\?xml[^]*<\/testsuites>\n$/)
    expect(
      read(folder, 'r.json')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { type: string }).type),
    ).toEqual(['print', 'test', 'test', 'test', 'test', 'end'])
  })

  it('print failures to the terminal if all of them write to files', () => {
    const { out } = hapsim(folderWith(FILES), 'test', '--reporter', 'tap=r.tap')
    expect(out).toMatch(/^said by a\n\n1\) Failure fails\n[^]*2 passed, 1 failed, 1 pending .*\nwrote r\.tap\n$/)
  })

  it('do not change machine-readable output on the terminal', () => {
    const { out } = hapsim(folderWith(FILES), 'test', '--reporter', 'tap', '--reporter', 'junit=r.xml')
    expect(out).toMatch(/^TAP version 13\n[^]*1\.\.4\n$/)
  })

  it('can be set in the configuration file', () => {
    const test = { reporter: ['dot', 'junit=r.xml'] }
    const folder = folderWith({ ...FILES, 'hapsim.config.json': JSON.stringify({ test }) })
    expect(hapsim(folder, 'test').out).toContain('wrote r.xml')
    expect(hapsim(folder, 'test', '--reporter', 'tap').out).not.toContain('wrote')
  })

  it.each([
    [['spec', 'dot'], 'only one reporter can write to the terminal'],
    [['tap=x', 'dot=x'], 'two reporters cannot both write to x'],
    [['tap='], 'expected tap=FILE, or tap for the terminal'],
    [['dots'], 'Allowed choices are spec, dot, tap, junit, json.'],
    [['tap=/proc/x/y'], 'cannot write /proc/x/y: no such file or directory'],
    [['tap=a_test.lua/y'], 'cannot write a_test.lua/y: file already exists'],
  ])('reject %j before anything runs', (reporters, complaint) => {
    const { code, out, complaints } = hapsim(
      folderWith(FILES),
      'test',
      ...reporters.flatMap((each) => ['--reporter', each]),
    )
    expect([code, out]).toEqual([2, ''])
    expect(complaints).toContain(complaint)
  })
})

it('JUnit output has a suite for each file, with its date, seed and output', () => {
  const before = Date.now() - 1000
  const { out } = hapsim(folderWith(FILES), 'test', '--reporter', 'junit', '--seed', '5')
  const suites = [...out.matchAll(/<testsuite (.*)>/g)].map(([, attributes]) => attributes!)
  expect(suites.map((each) => each.replace(/ t[a-z]*="[^"]*[:.][^"]*"/g, ''))).toEqual([
    'name="a_test.lua" tests="2" failures="1" errors="0" skipped="0"',
    'name="b_test.lua" tests="2" failures="0" errors="0" skipped="1"',
  ])
  for (const suite of suites) {
    const date = Date.parse(`${/timestamp="(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)"/.exec(suite)![1]}Z`)
    expect(date).toBeGreaterThan(before)
    expect(date).toBeLessThanOrEqual(Date.now())
    expect(suite).toMatch(/ time="\d+\.\d{3}"/)
  }
  expect(out.match(/<property name="seed" value="5"\/>/g)).toHaveLength(2)
  expect(out).toMatch(/<system-out>said by a<\/system-out>\n {2}<\/testsuite>\n {2}<testsuite name="b_test/)
})

describe('--list', () => {
  it('lists the tests that would be run, with their positions', () => {
    const folder = folderWith(FILES)
    expect(hapsim(folder, 'test', '--list', '--filter', 'pass').out).toBe(
      'a_test.lua:2: passes\nb_test.lua:1: passes, too\n',
    )
    const { out } = hapsim(folder, 'test', '--list', '--filter', 'too', '--reporter', 'json')
    expect(JSON.parse(out)).toEqual({
      type: 'listed',
      file: 'b_test.lua',
      names: ['passes, too'],
      where: 'b_test.lua:1',
    })
  })

  it('fails if there are none, or a file cannot be read', () => {
    expect(hapsim(folderWith(FILES), 'test', '--list', '--filter', 'x%d')).toEqual({
      code: 1,
      out: '',
      complaints:
        'hapsim: none of 4 tests match --filter, --filter-out and tags (patterns are regular expressions: use \\. and \\d, not %. and %d)\n',
    })
    expect(hapsim(folderWith({ 'a_test.lua': 'it(' }), 'test', '--list')).toMatchObject({
      code: 1,
      complaints: 'hapsim: a_test.lua:1: unexpected symbol near <eof>\n',
    })
  })
})

it('--repeat increments the seed, and failures show it', () => {
  const draw = `it('draws', function() print(math.random(1, 1000000)) assert.is_true(false) end)`
  const folder = folderWith({ 'a_test.lua': draw })
  const { out } = hapsim(folder, 'test', '--repeat', '2', '--seed', '4')
  const [first, second] = [...out.matchAll(/^\d+$/gm)].map(([number]) => number)
  expect(first).not.toBe(second)
  expect(out).toContain('To reproduce: hapsim test a_test.lua --seed 5')
  expect(out).toContain('ran 2 times, with seeds 4 to 5')
  expect(hapsim(folder, 'test', 'a_test.lua', '--seed', '5').out).toContain(second)
  expect(hapsim(folder, 'test', '--repeat', '2', '--seed', '4', '--jobs', '2').out).toContain(`${second}\n`)
})

describe('focused tests', () => {
  const focused = { ...FILES, 'c_test.lua': `it('x', function() error('no') end)\nfit('y', function() end)` }

  it('are the only tests run in all files, and this is reported', () => {
    const { code, out } = hapsim(folderWith(focused), 'test')
    expect(code).toBe(0)
    expect(out).toMatch(/^c_test\.lua\n {2}✓ y\nc_test\.lua:2: ran only focused tests \(fit, fdescribe …\)\n\n1 passed/)
    expect(hapsim(folderWith(focused), 'test', '--list').out).toBe('c_test.lua:2: y\n')
  })

  it('are rejected in CI', () => {
    const { code, out, complaints } = hapsim(folderWith(focused), 'test', '--ci')
    expect([code, out]).toEqual([1, ''])
    expect(complaints).toContain('c_test.lua:2: focused tests are not allowed with --ci')
  })
})
