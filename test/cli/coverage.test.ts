/** `hapsim test --coverage` and `hapsim run --coverage`, as a person calls them. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runHapsim as hapsim } from '../support/hapsim.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const SCRIPT = `local function half(n)
  if n % 2 == 0 then
    return n // 2
  end
  return nil
end
local function never()
  return 1
end
result = half(4)
`

const TEST = `local hapsim = require('hapsim')
it('halves', function()
  local sim = hapsim.simulation()
  local haproxy = sim:haproxy{ config = [==[
global
  tune.lua.bool-sample-conversion normal
  lua-load halves.lua
defaults
  timeout connect 1s
  timeout client 1s
  timeout server 1s
listen fe
  bind :80
]==] }
  haproxy:start()
  assert.equals(2, haproxy:eval('result'))
end)`

describe('--coverage', () => {
  const before = process.cwd()
  let folder: string

  beforeEach(() => {
    folder = temporaryFolder('coverage')
    process.chdir(folder)
    writeFileSync('halves.lua', SCRIPT)
    writeFileSync('halves_test.lua', TEST)
  })
  afterEach(() => process.chdir(before))

  it('shows a table and writes lcov and pages', async () => {
    const { code, out } = await hapsim('test', '--coverage')
    expect(code).toBe(0)
    expect(out).toMatch(/ halves\.lua \| +71\.42 \| +50 \| +50 \| +71\.42 \| 5,8 /)
    expect(out.split('% Stmts')[1]).not.toMatch(/halves_test/)
    const lcov = readFileSync('coverage/lcov.info', 'utf8')
    expect(lcov).toMatch(/^SF:halves\.lua$/m)
    expect(lcov).toMatch(/^FNDA:0,never$/m)
    expect(lcov).toMatch(/^BRDA:2,0,1,0$/m)
    expect(lcov).toMatch(/^DA:3,1$/m)
    expect(readFileSync('coverage/halves.lua.html', 'utf8')).toMatch(/missing-if-branch/)
  })

  it('fails below a threshold', async () => {
    const { code, complaints } = await hapsim('test', '--coverage', '--coverage-thresholds', 'lines=70,functions=60')
    expect([code, complaints]).toEqual([1, 'hapsim: Coverage of functions is 50 %, below the threshold of 60 %'])
    expect((await hapsim('test', '--coverage', '--coverage-thresholds', '50')).code).toBe(0)
  })

  it('writes only the requested formats, into the given directory', async () => {
    const { out } = await hapsim('test', '--coverage', '--coverage-reporters', 'lcov', '--coverage-directory', 'out')
    expect(out).not.toMatch(/% Stmts/)
    expect(readdirSync('out')).toEqual(['lcov.info'])
    expect(readdirSync('.')).not.toContain('coverage')
  })

  it('excludes scripts', async () => {
    const args = ['test', '--coverage', '--coverage-reporters', 'text', '--coverage-exclude', '**/half*,halves.lua']
    expect((await hapsim(...args)).out).toMatch(/No script was loaded/)
  })

  it('takes defaults from hapsim.config.json', async () => {
    const coverage = { reporters: ['text-summary'], thresholds: { branches: 99.5 } }
    writeFileSync('hapsim.config.json', JSON.stringify({ test: { coverage } }))
    expect((await hapsim('test')).code).toBe(0)
    const { code, out, complaints } = await hapsim('test', '--coverage')
    expect(code).toBe(1)
    expect(out).toMatch(/Branches +: 50%/)
    expect(complaints).toMatch('Coverage of branches is 50 %, below the threshold of 99.5 %')
  })

  it('reports scripts that were never loaded if requested', async () => {
    for (const [file, text] of [
      ['lib/other.lua', 'local function f() return 1 end\nreturn f\n'],
      ['lib/bad.lua', 'x = = 1'],
      ['lib/other_spec.lua', ''],
      ['.hidden/a.lua', 'a = 1'],
      ['node_modules/p/a.lua', 'a = 1'],
    ] as const) {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    const files = (lcov: string) => [...lcov.matchAll(/^SF:(.*)$/gm)].map(([, file]) => file)
    const reporters = ['--coverage-reporters', 'lcov']
    await hapsim('test', '--coverage', ...reporters)
    expect(files(readFileSync('coverage/lcov.info', 'utf8'))).toEqual(['halves.lua'])
    const { code, complaints } = await hapsim('test', '--coverage', '--coverage-all', ...reporters)
    const lcov = readFileSync('coverage/lcov.info', 'utf8')
    expect(files(lcov)).toEqual(['halves.lua', 'lib/other.lua'])
    expect(lcov).toMatch(/SF:lib\/other\.lua\n[^]*FNDA:0,f\n[^]*LF:2\nLH:0\n/)
    expect(code).toBe(0)
    expect(complaints).toBe("hapsim: lib/bad.lua:1: unexpected symbol near '=' (the script is not counted)")
    const chosen = ['--coverage-all', '--coverage-exclude', 'lib/bad.lua,halves.lua', '--coverage-thresholds', '50']
    expect(await hapsim('test', '--coverage', ...reporters, ...chosen)).toMatchObject({
      code: 1,
      complaints: expect.stringMatching(/^hapsim: Coverage of statements is 0 %/) as string,
    })
  })

  it('measures scripts of hapsim run', async () => {
    const { code, out } = await hapsim('run', 'halves.lua', '--for', '1s', '--coverage', '--coverage-reporters', 'text')
    expect(code).toBe(0)
    expect(out).toMatch(/ halves\.lua \| +71\.42 /)
  })

  it.each([
    [['--coverage-reporters', 'lcof'], /unknown coverage reporter 'lcof': expected one of text, /],
    [['--coverage-thresholds', 'lines=101'], /the threshold of lines must be a percentage from 0 to 100, not 101/],
    [['--coverage-thresholds', 'rows=1'], /unknown threshold 'rows'/],
    [['--coverage-thresholds', 'much'], /invalid thresholds 'much': expected lines=90,branches=80 or 90/],
    [['--coverage-directory', 'halves.lua'], /coverage reports cannot be written to halves.lua: /],
  ])('rejects %j', async (args, message) => {
    const { code, complaints } = await hapsim('test', '--coverage', ...args)
    expect([code, complaints]).toEqual([2, expect.stringMatching(message)])
  })

  it('warns that coverage is not measured if only its options are given', async () => {
    const { code, complaints } = await hapsim('test', '--coverage-directory', 'out')
    expect([code, complaints]).toEqual([2, expect.stringMatching('requires --coverage')])
  })
})
