/** What tests in Lua, and the scripts in them, may do to the machine. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { build } from '../support/build.js'
import { hapsim } from '../support/command.js'
import { folderWith } from '../support/files.js'
import { runLua } from './support/run-lua.js'

const CONFIG = `[==[
global
  tune.lua.bool-sample-conversion normal
  lua-load my_script
listen l
  bind :80
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
]==]`

/** A test whose script tries what a script may only do where it is allowed, and prints what came of it. */
const tries = (options = '', script = '') => `
local hapsim = require('hapsim')
it('tries', function()
  local haproxy = hapsim.simulation():haproxy{ config = ${CONFIG}, ${options}
    files = { my_script = [==[
      print('exec', (pcall(os.execute, 'echo x > made-by-program')))
      print('write', (pcall(io.open, 'made-by-script', 'w')))
      ${script}
    ]==] } }
  haproxy:start()
  for _, line in ipairs(haproxy.output) do print((line:gsub('\\t', ' '))) end
end)`

describe('sim:haproxy in a Lua test', () => {
  it.each(['exec', 'write'])('cannot grant %s', (right) => {
    const { results, printed } = runLua(tries(`allow = { ${right} = true },`))
    expect(results[0]).toMatchObject({ status: 'error' })
    expect(results[0]!.problem!.message).toMatch(new RegExp(`--allow-${right} .*hapsim\\.config\\.json`))
    expect(printed).toEqual([])
  })

  it('makes a process reject what the command does not permit', () => {
    expect(runLua(tries()).printed).toEqual(['exec false', 'write false'])
  })

  it.each([
    ['', ['exec true', 'write true']],
    ['allow = { exec = true },', ['exec true', 'write true']],
    ['allow = { exec = false },', ['exec false', 'write true']],
    ['allow = { exec = false, write = false },', ['exec false', 'write false']],
  ])('with {%s} has no more permissions than the command, and may have fewer', (options, expected) => {
    expect(runLua(tries(options), { allow: { exec: true, write: true } }).printed).toEqual(expected)
  })

  it.each([
    ["directory = '/'", "sim:haproxy: unknown option 'directory'"],
    ['allow = { root = true }', "unknown permission 'allow.root'"],
    ["allow = { exec = 'yes' }", 'allow.exec must be true or false'],
    ["exec = '/bin/sh'", 'exec must be a function'],
    ["lua = '5.1'", 'lua must be "5.3" or "5.4", not "5.1"'],
  ])('rejects {%s}', (options, message) => {
    const { results } = runLua(tries(`${options},`), { allow: { exec: true, write: true } })
    expect(results[0]!.problem!.message).toContain(message)
  })

  it('has the variables of the command, overridden by its own', () => {
    const { printed } = runLua(
      tries(`machine = { environment = { own_b = '2' } },`, `print(os.getenv('A'), os.getenv('own_b'))`),
      { environment: { A: '1', own_b: 'outside' } },
    )
    expect(printed.at(-1)).toBe('1 2')
  })

  it('can replace the commands of external checks by a function', () => {
    const { printed } = runLua(`
      it('checks', function()
        local sim = require('hapsim').simulation()
        local command
        local haproxy = sim:haproxy{ exec = function(c) command = c return { exit_code = 3, duration = 1000 } end, config = [[
global
  external-check
  insecure-fork-wanted
defaults
  timeout connect 1s
  timeout client 1s
  timeout server 1s
listen app
  bind :80
  option external-check
  external-check command /bin/true
  server s 10.0.0.1:80 check inter 1s fall 1
]] }
        haproxy:start()
        sim:advance('2s')
        print(haproxy:server('app/s').status, command.path, command.environment.HAPROXY_SERVER_NAME)
      end)`)
    expect(printed).toEqual(['DOWN\t/bin/true\ts'])
  })
})

describe('Lua code of tests', () => {
  const own = `it('tries', function()
    print((pcall(os.execute, 'true')), (pcall(io.open, 'made', 'w')), os.getenv('A'))
  end)`

  it('has the permissions of its scripts', () => {
    expect(runLua(own).printed).toEqual(['false\tfalse\tnil'])
    const options = { allow: { exec: true, write: true }, environment: { A: '1' } }
    expect(runLua(own, options).printed).toEqual(['true\ttrue\t1'])
  })
})

describe('hapsim test', () => {
  beforeAll(build, 60_000)
  const FILES = { 'a_test.lua': tries(), 'b_test.lua': tries() }
  const made = (folder: string) =>
    ['made-by-program', 'made-by-script'].filter((each) => existsSync(join(folder, each)))

  it('permits nothing by default', () => {
    const folder = folderWith(FILES)
    expect(hapsim(folder, 'test').out).toContain('exec false\nwrite false\n')
    expect(made(folder)).toEqual([])
  })

  it.each([[[]], [['--jobs', '2']]])('permits by flags, %j', (flags) => {
    const folder = folderWith(FILES)
    expect(hapsim(folder, 'test', '--allow-exec', '--allow-write', ...flags).out).toContain('exec true\nwrite true\n')
    expect(made(folder)).toEqual(['made-by-program', 'made-by-script'])
  })

  it('permits by the configuration file, which sets variables, too', () => {
    const env = `it('sees', function() print(os.getenv('A'), os.getenv('B')) end)`
    const test = { allowWrite: true, env: { A: '1=2', B: 'b' } }
    const folder = folderWith({
      'a_test.lua': tries(),
      'env_test.lua': env,
      'hapsim.config.json': JSON.stringify({ test }),
    })
    expect(hapsim(folder, 'test').out).toMatch(/exec false\nwrite true\n[^]*1=2\tb\n/)
    expect(made(folder)).toEqual(['made-by-script'])
    expect(hapsim(folder, 'test', '--env', 'B=c').out).toContain('nil\tc\n')
  })

  it.each([
    ['{ "test": { "allowExec": "yes" } }', 'hapsim.config.json:1:26: test.allowExec must be true or false, not "yes"'],
    [
      '{ "test": { "env": { "A": 1 } } }',
      'hapsim.config.json:1:27: test.env.A must be a string in double quotes, not 1',
    ],
    ['{ "test": { "env": { "A B": "" } } }', 'hapsim.config.json:1:20: test.env: expected NAME=VALUE'],
  ])('reports %s', (config, complaint) => {
    const { code, complaints } = hapsim(folderWith({ ...FILES, 'hapsim.config.json': config }), 'test')
    expect([code, complaints]).toEqual([2, `hapsim: ${complaint}\n`])
  })
})
