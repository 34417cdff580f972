/**
 * Regular expressions in scripts, beside the real HAProxy's, whose class Regex gives everything to PCRE2: what is captured, and what is wrong
 * with patterns. One program runs in both. HAPSIM_REGEX_PATTERNS is how many patterns are compared, for runs by hand.
 */
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { describeUpstream, upstream } from '../support/upstream.js'
import { oddPattern, pattern, subject } from './generators.js'

const PATTERNS = Number(process.env.HAPSIM_REGEX_PATTERNS ?? 150)
const TEXTS = 4

const CONFIG = `global
    tune.lua.bool-sample-conversion normal
    lua-load-per-thread list.lua
    nbthread 1
defaults
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend fe
    bind 127.0.0.1:80
`

/** A Lua string that contains bytes. */
const quoted = (bytes: string): string =>
  `"${bytes.replace(/[^ !#-[\]-~]/g, (char) => `\\${String(char.charCodeAt(0)).padStart(3, '0')}`)}"`

type Case = readonly [pattern: string, caseSensitive: boolean, texts: readonly string[]]

const program = (cases: readonly Case[]): string => `
local function hex(text) return (text:gsub(".", function(char) return ("%02x"):format(char:byte()) end)) end
local function check(pattern, sensitive, ...)
  local good, regex = Regex.new(pattern, sensitive)
  if not good then print(hex(pattern), regex) return end
  for _, text in ipairs{...} do
    local matched, captures = regex:match(text)
    for i, capture in ipairs(captures) do captures[i] = hex(capture) end
    print(hex(pattern), hex(text), matched, regex:exec(text), "[" .. table.concat(captures, ",") .. "]")
  end
end
${cases.map(([text, sensitive, texts]) => `check(${[quoted(text), sensitive, ...texts.map(quoted)].join(', ')})`).join('\n')}
`

const real = (script: string): readonly string[] => {
  const folder = temporaryFolder('regex')
  try {
    writeFileSync(join(folder, 'list.lua'), script)
    writeFileSync(join(folder, 'haproxy.cfg'), CONFIG)
    const { stdout } = spawnSync(upstream('haproxy'), ['-c', '-f', 'haproxy.cfg'], {
      cwd: folder,
      encoding: 'latin1',
      maxBuffer: 1 << 28,
    })
    return stdout.trimEnd().split('\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const ours = (script: string): readonly string[] => {
  const haproxy = new Simulation().haproxy({ config: CONFIG, files: { 'list.lua': script } })
  haproxy.start()
  return haproxy.output.join('\n').split('\n')
}

const compare = (cases: readonly Case[]): readonly string[] => {
  const script = program(cases)
  const expected = real(script)
  expect(ours(script)).toEqual(expected)
  return expected
}

/** Generated once each: a run is the same every time. */
const sample = (shape: fc.Arbitrary<string>, count: number, seed: number): readonly string[] =>
  fc.sample(shape, { numRuns: count, seed })

describeUpstream('regular expressions', () => {
  it('match and capture like those of the real HAProxy', () => {
    const texts = sample(subject, PATTERNS * TEXTS, 2)
    const cases = sample(pattern, PATTERNS, 1).map((text, i): Case => {
      return [text, i % 5 > 0, texts.slice(i * TEXTS, (i + 1) * TEXTS)]
    })
    const results = compare(cases)
    expect(results.filter((line) => line.includes('\ttrue\ttrue\t')).length).toBeGreaterThan(PATTERNS / 2)
  })

  it('are rejected with the messages of the real HAProxy', () => {
    const results = compare(sample(oddPattern, PATTERNS, 3).map((text): Case => [text, true, ['ab']]))
    expect(results.filter((line) => line.includes('is invalid')).length).toBeGreaterThan(PATTERNS / 5)
  })
})
