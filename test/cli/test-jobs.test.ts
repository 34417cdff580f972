/** `hapsim test` with `--jobs` and `--shard`, as it is shipped. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { build, root } from '../support/build.js'
import { temporaryFolder } from '../support/temporary-folder.js'

beforeAll(build, 60_000)

const top = temporaryFolder('test-jobs')
let folders = 0
const folderOf = (files: Readonly<Record<string, string>>): string => {
  const folder = join(top, String(folders++))
  mkdirSync(folder)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

const hapsimTest = (folder: string, ...args: readonly string[]) => {
  const env: NodeJS.ProcessEnv = { ...process.env, GITHUB_ACTIONS: '' }
  const command = [join(root, 'dist/cli/main.js'), 'test', ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, env, encoding: 'utf8' })
  return { code: status, out: withoutTimes(stdout), complaints: stderr }
}

/** How long things take is all that may differ. */
const withoutTimes = (text: string): string =>
  text.replace(/"duration":[\d.]+/g, '"duration":0').replace(/ ?\([\d.]+ s\)|time="[\d.]+"|timestamp="[^"]*"/g, '')

/** Files of all kinds; the first takes longest. */
const SUITE = {
  'a_test.lua': `it('works long #slow', function()
    print('from a')
    local n = 0
    for i = 1, 3000000 do n = n + i end
    assert.equals(4500001500000, n)
  end)`,
  'b_test.lua': `describe('sums', function()
    it('adds wrongly', function() assert.equals(3, 1 + 1) end)
    pending('subtracts')
  end)`,
  'c_test.lua': `it('is no Lua`,
  'd_test.lua': `print('from d')
    it('runs in a process of its own', function() assert.is_nil(global); global = 1 end)
    it('errs', function() error({}) end)`,
  'e_test.lua': `it('passes #fast', function() end)`,
}

describe('hapsim test --jobs', () => {
  it.each(['spec', 'dot', 'tap', 'junit', 'json'])('shows the same with %s as with one job', (reporter) => {
    const folder = folderOf(SUITE)
    const one = hapsimTest(folder, '--reporter', reporter)
    expect(one).toMatchObject({ code: 1, complaints: '' })
    expect(one.out).toContain('from d')
    expect(hapsimTest(folder, '--reporter', reporter, '--jobs', '3')).toEqual(one)
  })

  it.each([
    ['--bail'],
    ['--filter', 'pass|work'],
    ['--tags', 'fast'],
    ['--exclude-tags', 'slow,fast', '--explore', '5'],
    ['--filter', 'no such test'],
  ])('applies %s %s as one job does', (...flags) => {
    const folder = folderOf(SUITE)
    expect(hapsimTest(folder, ...flags, '--jobs', '2')).toEqual(hapsimTest(folder, ...flags))
  })

  it('counts coverage over all processes', () => {
    const test = (name: string) => `local hapsim = require('hapsim')
      it('${name}', function()
        local haproxy = hapsim.simulation():haproxy{ config = [[
global
  lua-load x.lua
listen web
  mode http
  bind 127.0.0.1:80
]] }
        haproxy:start()
        haproxy:call('${name}')
      end)`
    const script = `function one() return 1 end
function two() return 2 end
function three() return 3 end
`
    const folder = folderOf({ 'a_test.lua': test('one'), 'b_test.lua': test('two'), 'x.lua': script })
    const flags = ['--coverage', '--coverage-reporters', 'text']
    const one = hapsimTest(folder, ...flags)
    expect(one.out).toMatch(/2 passed/)
    expect(one.out).toMatch(/x\.lua +\| +83\.33 +\| +100 +\| +66\.66/)
    expect(hapsimTest(folder, ...flags, '--jobs', '2')).toEqual(one)
  })

  it('reports a process that dies as an error of its file, and continues', () => {
    const memory = `it('fills the memory', function()
      local all = {}
      for i = 1, 1e9 do all[i] = { i } end
    end)`
    const folder = folderOf({ ...SUITE, 'b_test.lua': memory })
    const command = [join(root, 'dist/cli/main.js'), 'test', '--jobs', '2', '--timeout', '100']
    const env = { ...process.env, NODE_OPTIONS: '--max-old-space-size=100' }
    const { status, stdout } = spawnSync(process.execPath, command, { cwd: folder, env, encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stdout).toMatch(/b_test\.lua: a job \(process \d+\) .* before its task was done/)
    expect(stdout).toContain('✓ passes #fast')
    expect(stdout).toMatch(/^3 passed, 3 errors/m)
  })
})

describe('hapsim test --shard', () => {
  const ran = (folder: string, shard: string) =>
    hapsimTest(folder, '--shard', shard, '--reporter', 'tap')
      .out.split('\n')
      .filter((line) => /^(not )?ok/.test(line))
      .map((line) => line.replace(/^.* \d+ - /, ''))

  it('runs each file in one of the shards', () => {
    const folder = folderOf(SUITE)
    const whole = ran(folder, '1/1')
    expect(whole).toHaveLength(7)
    const [one, two] = [ran(folder, '1/2'), ran(folder, '2/2')]
    expect(two).toEqual(['sums adds wrongly', 'sums subtracts # SKIP', 'runs in a process of its own', 'errs'])
    expect([...one, ...two].sort()).toEqual([...whole].sort())
  })

  it('reports an empty shard, which is not a failure', () => {
    const folder = folderOf({ 'a_test.lua': `it('x', function() end)` })
    expect(hapsimTest(folder, '--shard', '2/2')).toMatchObject({
      code: 0,
      complaints: 'hapsim: nothing to do for shard 2/2: only 1 test file\n',
    })
    expect(hapsimTest(folder, '--shard', '1/2', '--filter', 'y')).toMatchObject({
      code: 0,
      complaints: 'hapsim: none of 1 tests match --filter, --filter-out and tags\n',
    })
    expect(hapsimTest(folderOf({}), '--shard', '1/2').code).toBe(1)
  })

  it.each(['5/4', '0/3', 'x', '1/0', '-1/2', '1/2/3'])('rejects %s', (shard) => {
    const { code, complaints } = hapsimTest(folderOf(SUITE), '--shard', shard)
    expect(code).toBe(2)
    expect(complaints).toContain('expected I/N with I from 1 to N, such as 2/4')
  })
})
