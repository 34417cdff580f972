/** Files that scripts write under the commands: they are whole when the command has ended. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readScenario } from '../../src/cli/scenario.js'
import { runHapsim } from '../support/hapsim.js'
import { Search } from '../../src/explore/search.js'

/** In the working directory: elsewhere nothing may be written. */
let folder: string

beforeEach(() => {
  folder = mkdtempSync('files-test-')
})

afterEach(() => rmSync(folder, { recursive: true }))

const hapsim = async (...args: readonly string[]): Promise<number> => (await runHapsim(...args)).code

const script = (): string => {
  const name = `${folder}/writer.lua`
  writeFileSync(
    name,
    `core.register_task(function()
      log = io.open("${folder}/log", "a")
      for i = 1, 1000 do log:write("0123456789") end
    end)`,
  )
  return name
}

const size = (name: string): number => readFileSync(`${folder}/${name}`).length

it('hapsim run', async () => {
  expect(await hapsim('run', script(), '--for', '1s', '--allow-write')).toBe(0)
  expect(size('log')).toBe(10_000)
})

it('hapsim explore, once for each schedule', () => {
  const scenario = readScenario({
    files: [script()],
    http: [],
    tcp: [],
    at: [],
    for: '1s',
    seed: 1,
    env: {},
    lua: '5.4',
    allowWrite: true,
    mailAccount: {},
  })
  new Search(scenario, { strategy: 'random', schedules: 3 }).explore()
  expect(size('log')).toBeGreaterThan(0)
  expect(size('log') % 10_000).toBe(0)
})

it('hapsim test', async () => {
  const test = `${folder}/writer_test.lua`
  writeFileSync(
    test,
    `local hapsim = require("hapsim")
    it("writes", function()
      local sim = hapsim.simulation()
      sim:haproxy {
        config = "global\\n  stats socket unix@sock\\n  tune.lua.bool-sample-conversion normal\\n  lua-load ${script()}\\n",
        allow = { write = true },
      }:start()
      sim:advance("1s")
    end)
    it("finds that whole", function() assert.equals(10000, #io.open("${folder}/log"):read("a")) end)`,
  )
  expect(await hapsim('test', '--allow-write', test)).toBe(0)
  expect(size('log')).toBe(10_000)
})
