import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { exploreCommand } from '../../src/cli/explore.js'
import { runProgram } from '../../src/cli/program.js'
import { RepeatableOption } from '../../src/cli/repeatable.js'
import { runCommand } from '../../src/cli/run.js'
import { testCommand } from '../../src/cli/test.js'
import { build, root } from '../support/build.js'
import { recordingTerminal } from '../support/hapsim.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: string
const startIn = (path: string) => void vi.spyOn(process, 'cwd').mockReturnValue(path)

beforeAll(build, 60_000)

beforeEach(() => {
  folder = temporaryFolder('config')
  mkdirSync(join(folder, 'inner/deep'), { recursive: true })
  startIn(folder)
  vi.stubEnv('GITHUB_ACTIONS', undefined)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

const makeTerminal = () => {
  const lines: string[] = []
  const write = (text: string) => void lines.push(text)
  return { terminal: { ...recordingTerminal().terminal, write, writeError: write }, lines }
}

const call = async (...args: readonly string[]) => {
  const { terminal, lines } = makeTerminal()
  await runProgram(args, terminal, '1.2.3')
  return { code: terminal.exitCode, out: lines.join('\n').replaceAll(`${folder}/`, '') }
}

const configure = (text: string, name = 'hapsim.config.json') => writeFileSync(join(folder, name), text)

/** What `hapsim test` complains of, given this configuration. */
const complaints = async (text: string) => {
  configure(text)
  const { code, out } = await call('test', folder)
  expect(code).toBe(2)
  return out.split('\n')
}

describe('hapsim.config.json', () => {
  beforeEach(() => {
    writeFileSync(join(folder, 'a_test.lua'), `it('a #mail', function() print(math.random(1, 1000000)) end)`)
    writeFileSync(join(folder, 'inner/b_test.lua'), `it('b', function() end)`)
  })

  it('sets defaults of options, which the command line overrides', async () => {
    configure('{ "test": { "reporter": "tap", "tags": ["mail"] } } // comments are allowed')
    expect((await call('test', folder)).out).toMatch(/^TAP version 13\n# \d+\nok 1 - a \\#mail\n1..1$/)
    const { out } = await call('test', folder, '--reporter', 'dot', '--tags', 'none')
    expect(out).not.toContain('TAP')
    expect(out).toContain('none of 2 tests match')
  })

  it('is found in parent directories, and its paths are relative to its own directory', () => {
    configure('{ "test": { "reporter": "tap", "paths": ["inner"] } }')
    const { stdout, status } = spawnSync(process.execPath, [join(root, 'dist/cli/main.js'), 'test'], {
      cwd: join(folder, 'inner/deep'),
      encoding: 'utf8',
    })
    expect({ stdout, status }).toEqual({ stdout: 'TAP version 13\nok 1 - b\n1..1\n', status: 0 })
  })

  it('is the file given with --config', async () => {
    configure('{ "test": { "reporter": "junit" } }')
    configure('{ "test": { "reporter": "tap" } }', 'other.json')
    expect((await call('test', folder, '--config', join(folder, 'other.json'))).out).toMatch(/^TAP/)
    expect(await call('test', folder, '--config', join(folder, 'none.json'))).toEqual({
      code: 2,
      out: 'hapsim: cannot read none.json: ENOENT',
    })
  })

  it('sets a seed for all commands, and one for each', async () => {
    writeFileSync(join(folder, 'x.lua'), '')
    configure('{ "seed": 4 }')
    expect((await call('run', join(folder, 'x.lua'))).out).toContain('seed 4')
    configure('{ "seed": 4, "run": { "seed": 5, "for": "2s" } }')
    expect((await call('run', join(folder, 'x.lua'))).out).toMatch(/simulated: 2s, seed 5/)
    expect((await call('run', join(folder, 'x.lua'), '--seed', '6')).out).toContain('seed 6')
  })

  it('reports all of its errors with positions', async () => {
    expect(
      await complaints(`{
  "sed": 1,
  "test": { "reporter": "dots", "timeout": "10", "tags": [3], "bal": true, "explore": 0 },
  "explore": { "schedules": 1.5, "schedules": 2 },
  "run": []
}`),
    ).toEqual([
      "hapsim: hapsim.config.json:2:3: unknown key 'sed'; did you mean 'seed'?",
      'hapsim: hapsim.config.json:3:25: test.reporter must be one of "spec", "dot", "tap", "junit", "json", not "dots"',
      'hapsim: hapsim.config.json:3:44: test.timeout must be an integer, not "10"',
      'hapsim: hapsim.config.json:3:59: test.tags[0] must be a string in double quotes, not 3',
      "hapsim: hapsim.config.json:3:63: unknown key 'bal' in 'test'; did you mean 'bail'?",
      'hapsim: hapsim.config.json:3:87: test.explore must be 1 or more, not 0',
      "hapsim: hapsim.config.json:4:34: duplicate key 'schedules'",
      'hapsim: hapsim.config.json:5:10: run must be an object { … }, not []',
    ])
  })

  it('reports the position of a JSON syntax error', async () => {
    expect(await complaints('{\n  "seed": }')).toEqual([
      'hapsim: hapsim.config.json:2:11: invalid JSON: expected a value',
    ])
    expect(await complaints('{\n  "seed": 1')).toEqual(["hapsim: hapsim.config.json:2:12: invalid JSON: expected '}'"])
    expect((await complaints('{ "test": { "filter": "abc } }'))[0]).toMatch(
      /json:1:23: invalid JSON: unterminated string/,
    )
    expect((await complaints(''))[0]).toMatch(/^hapsim: hapsim.config.json/)
    expect((await complaints('[]'))[0]).toBe('hapsim: hapsim.config.json:1:1: the file must be an object { … }, not []')
  })

  it('rejects values that the option rejects', async () => {
    expect(await complaints('{ "test": {\n "filter": "(" } }')).toEqual([
      'hapsim: hapsim.config.json:2:12: test.filter: invalid regular expression',
    ])
  })

  it('has a schema whose keys are options, with their defaults', () => {
    interface Schema {
      readonly default?: unknown
      readonly enum?: readonly string[]
      readonly properties: Readonly<Record<string, Schema>>
    }
    const schema = JSON.parse(readFileSync(join(root, 'templates/hapsim.config.schema.json'), 'utf8')) as Schema
    const { terminal } = makeTerminal()
    const commands: Readonly<Record<string, Command>> = {
      run: runCommand(terminal),
      explore: exploreCommand(terminal),
      test: testCommand(terminal),
    }
    for (const [name, command] of Object.entries(commands))
      for (const [key, { default: value, enum: choices, properties }] of Object.entries(
        schema.properties[name]!.properties,
      )) {
        if (key === 'paths' || properties) continue
        const option = command.options.find((each) => each.attributeName() === key)
        expect({ key, there: option !== undefined }).toEqual({ key, there: true })
        const baseline: unknown =
          option instanceof RepeatableOption ? option.defaultValueDescription : option!.defaultValue
        expect({ key, value: value ?? baseline }).toEqual({ key, value: baseline ?? value })
        expect({ key, choices }).toEqual({ key, choices: option!.argChoices })
      }
  })
})
