/** Runs Lua test files that are given as texts, in a new folder. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Runner, type RunnerOptions, type TestSummary, type TestResult } from '../../../src/testkit/index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

export interface LuaRun {
  readonly results: readonly TestResult[]
  readonly printed: readonly string[]
  readonly summary: TestSummary & { readonly seen: number }
  /** `passed`, `failed` … by the full name of the test */
  readonly verdicts: Readonly<Record<string, string>>
  /** the message of the one test that has not passed */
  readonly message: string
}

export const runLua = (
  files: string | Readonly<Record<string, string>>,
  options: Partial<RunnerOptions> = {},
): LuaRun => {
  const texts = typeof files === 'string' ? { 'a_test.lua': files } : files
  const directory = temporaryFolder('testkit')
  try {
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(directory, name), text)
    const results: TestResult[] = []
    const printed: string[] = []
    const reporter = {
      result: (result: TestResult) => void results.push(result),
      printed: (line: string) => void printed.push(line),
      end: () => undefined,
    }
    const runner = new Runner({ reporter, directory, clock: () => performance.now(), ...options })
    const summary = runner.run(Object.keys(texts).filter((name) => /_(test|spec)\.lua$/.test(name)))
    const verdicts = Object.fromEntries(results.map(({ names, file, status }) => [names.join(' ') || file, status]))
    const message = results.find(({ status }) => status !== 'passed')?.problem?.message ?? ''
    return { results, printed, summary, verdicts, message }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The head of a test in which `haproxy` runs `script` in the simulation `sim`, with a mail server and a checked web server. */
export const withScript = (script: string): string => `
local hapsim = require('hapsim')
local config = [==[
global
  log stdout format raw local0 info
  tune.lua.bool-sample-conversion normal
  lua-load script.lua
defaults
  mode http
  log global
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend web
  bind :80
  default_backend app
backend app
  option httpchk
  default-server inter 1s fall 2 rise 2
  server web1 10.0.0.1:80 check
]==]
local script = [==[${script}]==]
local function start()
  local sim = hapsim.simulation()
  local smtp, web = sim:smtp('127.0.0.1:25'), sim:http('10.0.0.1:80')
  local haproxy = sim:haproxy{ config = config, files = { ['script.lua'] = script } }
  haproxy:start()
  return sim, haproxy, web, smtp
end
`
