/** The option --modules of the commands, and the modules in the package. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { worldArguments } from '../../src/cli/world.js'
import { root } from '../support/build.js'
import { hapsim } from '../support/hapsim.js'

const SCRIPT = `local cjson = require("cjson")
core.register_task(function() print(cjson.encode({ 1 })) end)`

const TEST = `local hapsim = require("hapsim")
local config = "global\\n  lua-load x.lua\\nfrontend fe\\n  bind :80\\n  timeout client 1s\\n"
it("has it in a test", function() assert.equals("[1]", require("cjson").encode({ 1 })) end)
it("has it in a process", function()
  local files = { ["x.lua"] = 'print(require("cjson").encode({ 1 }))' }
  assert.equals("[1]", hapsim.simulation():haproxy{ config = config, files = files }:start().output[1])
end)
it("has it not in a process without them", function()
  local files = { ["x.lua"] = 'print(pcall(require, "cjson"))' }
  local haproxy = hapsim.simulation():haproxy{ config = config, files = files, modules = false }:start()
  assert.equals("false", haproxy.output[1]:match("^%a+"))
end)`

describe('--modules', () => {
  it('lets scripts of hapsim run find stand-ins for C modules', async () => {
    const { code, out } = await hapsim(['run', '@/x.lua', '--for', '1s', '--modules'], { 'x.lua': SCRIPT })
    expect(out).toContain('[1]')
    expect(code).toBe(0)
  })

  it('is named where it is missing', async () => {
    const { code, complaints } = await hapsim(['check', '@/x.lua'], { 'x.lua': SCRIPT })
    expect(code).toBe(1)
    expect(complaints).toContain("option --modules (in TypeScript: modules: true) provides a Lua module 'cjson'")
    expect((await hapsim(['check', '@/x.lua', '--modules'], { 'x.lua': SCRIPT })).code).toBe(0)
  })

  it('is part of the command line of a run, as failures show it', () => {
    const world = {
      files: ['x.lua'],
      at: [],
      for: '1s',
      seed: 1,
      env: {},
      http: [],
      tcp: [],
      lua: '5.4',
      mailAccount: {},
    } as const
    expect(worldArguments({ ...world, modules: true }, '30s')).toBe('x.lua --for 1s --modules')
    expect(worldArguments(world, '30s')).toBe('x.lua --for 1s')
  })

  it('lets tests and their processes find them', async () => {
    const { code, out } = await hapsim(['test', '@/x_test.lua', '--modules'], { 'x_test.lua': TEST })
    expect(out).toContain('3 passed')
    expect(code).toBe(0)
  })
})

it('the package contains all modules', () => {
  const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly files: readonly string[]
  }
  expect(files).toContain('lua')
  expect(readdirSync(join(root, 'lua/modules'))).toContain('cjson.lua')
})
