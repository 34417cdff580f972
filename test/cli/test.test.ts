import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { folderWith, type Files } from '../support/files.js'
import { runHapsim } from '../support/hapsim.js'

/** Runs `hapsim test` on a folder with these files, which is `@` in the output. */
const hapsimTest = async (files: Files, ...args: readonly string[]) => {
  const folder = folderWith(files, 'test')
  const { code, out, complaints } = await runHapsim('test', folder, ...args)
  const relative = (text: string) => text.replaceAll(`${folder}/`, '').replaceAll(folder, '@')
  return { code, out: relative(out), complaints: relative(complaints), folder }
}

/** The text of a file of snapshots, each `y`. */
const snapshots = (...names: string[]): string =>
  `-- Snapshots of hapsim, version 1: \`hapsim test --update\` writes them anew.\n${names.map((name) => `\n[${name}]\n| y\n`).join('')}`

const SUITE = {
  'a_test.lua': `describe('sums', function()
  it('adds', function() assert.equals(2, 1 + 1) end)
  it('adds wrongly', function()
    assert.equals(3, 1 + 1)
  end)
  pending('subtracts')
end)`,
  'deeper/b_spec.lua': `it('errs', function() error('<oh> & "no"') end)`,
  'helper.lua': `error('not a test')`,
  'node_modules/x/c_test.lua': `error('not ours')`,
}

describe('hapsim test', () => {
  beforeEach(() => {
    vi.stubEnv('GITHUB_ACTIONS', undefined)
    vi.stubEnv('CI', undefined)
  })
  afterEach(() => void vi.unstubAllEnvs())

  it('passes the example of an event handler in the README', async () => {
    const pasted = /```lua\n(-- down_test\.lua\n[^]*?)```/.exec(readFileSync('README.md', 'utf8'))![1]!
    const { code, out } = await hapsimTest({ 'down_test.lua': pasted })
    expect([code, out]).toEqual([0, expect.stringContaining('1 passed')])
  })

  it('finds tests in folders and names them', async () => {
    const { code, out } = await hapsimTest(SUITE)
    expect(code).toBe(1)
    expect(out).toBe(`a_test.lua
  sums
    ✓ adds
    ✗ adds wrongly
    - subtracts

deeper/b_spec.lua
  ✗ errs

1) Failure sums adds wrongly
   a_test.lua:4: Expected objects to be equal.
   Passed in:
   (number) 2
   Expected:
   (number) 3
       2 |   it('adds', function() assert.equals(2, 1 + 1) end)
       3 |   it('adds wrongly', function()
     > 4 |     assert.equals(3, 1 + 1)
       5 |   end)
       6 |   pending('subtracts')

2) Error errs
   deeper/b_spec.lua:1: <oh> & "no"
     > 1 | it('errs', function() error('<oh> & "no"') end)
   Called from:
     deeper/b_spec.lua:1: in function <deeper/b_spec.lua:1>

1 passed, 1 failed, 1 error, 1 pending (0.000 s)`)
  })

  describe('shows the variables of a failure', () => {
    const VARIABLES = `local limit = 'u'
local function half(n, ...)
  local part, text = n / 2, 'a "text"\\n'
  do local gone = 1 end
  if part > 1 then error(limit .. part) end
  local later = 1
end
it('errs', function()
  local t = { 1, x = { {} } }
  half(7, nil, t)
end)`
    const details = async (...args: readonly string[]) =>
      (await hapsimTest({ 'v_test.lua': VARIABLES }, ...args)).out.split('\n').slice(4, -2)

    it('of the function that failed', async () => {
      expect(await details()).toEqual([
        '   v_test.lua:5: u3.5',
        '       3 |   local part, text = n / 2, \'a "text"\\n\'',
        '       4 |   do local gone = 1 end',
        '     > 5 |   if part > 1 then error(limit .. part) end',
        '       6 |   local later = 1',
        '       7 | end',
        '     local n = 7',
        '     local part = 3.5',
        '     local text = "a \\"text\\"\\n"',
        '     local ... = nil, { 1, x = { {} } }',
        '     upvalue limit = "u"',
        '   Called from:',
        "     v_test.lua:5: in upvalue 'half'",
        '     v_test.lua:10: in function <v_test.lua:8>',
      ])
    })

    it('of as many callers as requested', async () => {
      expect((await details('--locals', '2')).slice(11)).toEqual([
        '   v_test.lua:10:',
        '     > 10 |   half(7, nil, t)',
        '     local t = { 1, x = { {} } }',
        '     upvalue half = function (v_test.lua:2)',
      ])
      expect((await details('--locals', '0'))[1]).toBe('   Called from:')
    })

    it('of a script that failed in the meantime', async () => {
      const { out } = await hapsimTest({
        's_test.lua': `local hapsim = require('hapsim')
it('has no errors', function()
  local sim = hapsim.simulation()
  local haproxy = sim:haproxy{
    config = 'global\\n lua-load s.lua\\nfrontend f\\n mode http\\n timeout client 1s\\n bind :80\\n',
    files = { ['s.lua'] = 'core.register_task(function()\\n local event = { "DOWN" }\\n core.yield()\\n local x = event.name.text\\nend)' }
  }
  haproxy:start()
  sim:advance('1s')
  assert.has_no.lua_errors(haproxy)
end)`,
      })
      expect(out).toContain(`     local sim = Simulation
     local haproxy = Haproxy
   Error in a script: s.lua:4: attempt to index a nil value (field 'name')
       2 |  local event = { "DOWN" }
       3 |  core.yield()
     > 4 |  local x = event.name.text
       5 | end)
     local event = { "DOWN" }
`)
    })
  })

  it('exits with 0 if all tests pass', async () => {
    const { code, out } = await hapsimTest({ 'a_test.lua': `it('x', function() end)` }, '--reporter', 'dot')
    expect({ code, out }).toEqual({ code: 0, out: '.\n\n1 passed (0.000 s)' })
  })

  it('reports that there are no tests as a failure', async () => {
    expect(await hapsimTest({})).toMatchObject({
      code: 1,
      complaints: 'hapsim: no tests found in @: test files are named *_test.lua, *_spec.lua or *.vtc',
    })
    expect(await hapsimTest({ 'a_test.lua': '' })).toMatchObject({
      code: 1,
      complaints: "hapsim: no tests found: no 'it' in a_test.lua",
    })
    expect(await hapsimTest(SUITE, '--filter', 'nothing')).toMatchObject({ code: 1 })
  })

  it('rejects invalid options', async () => {
    expect((await hapsimTest(SUITE, 'nowhere')).code).toBe(2)
    expect((await hapsimTest(SUITE, '--filter', '(')).code).toBe(2)
    expect((await hapsimTest(SUITE, '--reporter', 'none')).code).toBe(2)
    expect((await hapsimTest({ 'a_test.lua': `it('x', function() end)` }, '--replay', 'hs1-xx')).code).toBe(2)
  })

  it('prints TAP', async () => {
    const { out } = await hapsimTest(SUITE, '--reporter', 'tap')
    expect(out.split('\n').filter((line) => !line.startsWith('#'))).toEqual([
      'TAP version 13',
      'ok 1 - sums adds',
      'not ok 2 - sums adds wrongly',
      'ok 3 - sums subtracts # SKIP',
      'not ok 4 - errs',
      '1..4',
    ])
  })

  it('writes the XML of JUnit', async () => {
    const { out } = await hapsimTest(SUITE, '--reporter', 'junit')
    expect(out).toContain('<testsuites name="hapsim test" tests="4" failures="1" errors="1" skipped="1" time="0.000">')
    expect(out).toContain('<error message="&lt;oh&gt; &amp; &quot;no&quot;">')
    expect(out).toContain('<testcase classname="a_test.lua" name="sums adds" file="a_test.lua" line="2" time="0.000"/>')
  })

  it('prints one JSON object per line', async () => {
    const { out } = await hapsimTest(SUITE, '--reporter', 'json')
    const lines = out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ type, status }) => status ?? type)).toEqual(['passed', 'failed', 'pending', 'error', 'end'])
    expect(lines.at(-1)).toEqual({ type: 'end', passed: 1, failed: 1, errors: 1, pending: 1, duration: 0 })
  })

  it('marks failures in GitHub workflows', async () => {
    vi.stubEnv('GITHUB_ACTIONS', 'true')
    const { out } = await hapsimTest(SUITE, '--reporter', 'dot')
    expect(out).toContain('::error file=deeper/b_spec.lua,line=1,title=errs::<oh> & "no"')
    expect(out).toContain(
      '::error file=a_test.lua,line=4,title=sums adds wrongly::Expected objects to be equal.%0APassed in:',
    )
    expect((await hapsimTest(SUITE, '--reporter', 'tap')).out).not.toContain('::error')
  })

  describe('snapshots of a test file that no longer exists', () => {
    const FILES = {
      'a_test.lua': `it('x', function() assert.matches_snapshot('y') end)`,
      '__snapshots__/a_test.lua.snap': snapshots('x 1'),
      '__snapshots__/gone_test.lua.snap': snapshots('one 1', 'two 1'),
      'deeper/__snapshots__/b_spec.lua.snap': snapshots('one 1'),
      'deeper/__snapshots__/notes.txt': '',
      'deeper/other.snap': '',
      'node_modules/x/__snapshots__/gone_test.lua.snap': snapshots('one 1'),
    }
    const there = (folder: string) => Object.keys(FILES).filter((name) => existsSync(join(folder, name)))

    it.each([[[]], [['--ci']], [['--jobs', '2']]])('are reported without failing the run: %s', async (args) => {
      const { code, out, folder } = await hapsimTest(FILES, ...args)
      expect(code).toBe(0)
      expect(out.match(/.*\.snap.*/g)).toEqual([
        '__snapshots__/gone_test.lua.snap: 2 snapshots are obsolete, because gone_test.lua does not exist (--update removes the file)',
        'deeper/__snapshots__/b_spec.lua.snap: 1 snapshot is obsolete, because deeper/b_spec.lua does not exist (--update removes the file)',
      ])
      expect(there(folder)).toEqual(Object.keys(FILES))
    })

    it('are removed with --update', async () => {
      const { code, out, folder } = await hapsimTest(FILES, '--update')
      expect(code).toBe(0)
      expect(out.match(/.*\.snap.*/g)).toEqual([
        '__snapshots__/gone_test.lua.snap: removed, because gone_test.lua does not exist',
        'deeper/__snapshots__/b_spec.lua.snap: removed, because deeper/b_spec.lua does not exist',
      ])
      expect(there(folder)).toEqual(Object.keys(FILES).filter((name) => !/^__snapshots__.gone|b_spec/.test(name)))
    })

    it('are ignored if tests are selected', async () => {
      const { out, folder } = await hapsimTest(FILES, '--update', '--filter', 'x')
      expect(out).not.toContain('.snap')
      expect(there(folder)).toEqual(Object.keys(FILES))
    })
  })

  it('writes snapshots, except in CI', async () => {
    const files = { 'a_test.lua': `it('x', function() assert.matches_snapshot('y') end)` }
    expect(await hapsimTest(files)).toMatchObject({ code: 0, out: expect.stringContaining('1 written') as string })
    expect((await hapsimTest(files, '--ci')).code).toBe(1)
    vi.stubEnv('CI', 'true')
    expect((await hapsimTest(files)).code).toBe(1)
    expect((await hapsimTest(files, '--update')).code).toBe(0)
  })
})
