/** The real Lua, to compare with: many cases in one run. */
import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import type { LuaVersion } from '../../../src/lua/vm/state.js'
import { printed } from '../../lua/vm/lua.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const isInstalled = (version: LuaVersion): boolean => {
  try {
    execFileSync(`lua${version}`, ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Tests that need the real Lua; they say aloud that they are skipped without it. */
export const withLua = (version: LuaVersion, name: string, tests: () => void): void => {
  if (isInstalled(version)) return void describe(`${name}, as lua${version}`, tests)
  console.warn(`SKIPPED: ${name}: lua${version} is not installed, so nothing is compared with it`)
  describe.skip(`${name}, as lua${version}`, tests)
}

const quote = (text: string): string =>
  `"${Buffer.from(text, 'utf8')
    .toString('latin1')
    .replace(/[^ !#-[\]-~]/g, (c) => `\\${String(c.charCodeAt(0)).padStart(3, '0')}`)}"`

const RUNNER = `
local plain = print
local lines
local function show(...)
  local t = {}
  for i = 1, select("#", ...) do t[i] = tostring((select(i, ...))) end
  return table.concat(t, "\\t")
end
function print(...) lines[#lines + 1] = show(...) end
for i, source in ipairs(CASES) do
  lines = {}
  local f, message = load(source, "=case")
  if f then
    local result = table.pack(pcall(f))
    if not (result[1] and result.n == 1) then lines[#lines + 1] = show(table.unpack(result, 1, result.n)) end
  else
    lines[1] = message
  end
  plain((table.concat(lines, "\\n"):gsub("[^ -~\\n\\t]", function(c) return ("\\\\%03d"):format(c:byte()) end)))
  plain("--------")
end`

/** Addresses differ from run to run; which NaN it is, is not told apart as processors do it (see the documents). */
const normal = (text: string): string =>
  text
    .replace(/0x0*[0-9a-f]{6,16}\b/g, 'ADDRESS')
    .replace(/(table|function): 0x[0-9a-f]*/g, '$1: ADDRESS')
    .replace(/-nan/g, 'nan')

const split = (output: string): string[] => output.split('\n--------\n').slice(0, -1).map(normal)

/** What each program prints in both, and what it returns or fails with. */
const compare = (
  version: LuaVersion,
  cases: readonly string[],
): { readonly ours: string[]; readonly real: string[] } => {
  const program = `CASES = {${cases.map(quote).join(',\n')}}\n${RUNNER}`
  const directory = temporaryFolder('lua')
  try {
    const file = join(directory, 'cases.lua')
    writeFileSync(file, program, 'latin1')
    const real = execFileSync(`lua${version}`, [file], { encoding: 'latin1', maxBuffer: 1 << 28, timeout: 60_000 })
    return { ours: split(`${printed(program, version).join('\n')}\n`), real: split(real) }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** What a program prints in the real Lua, in a coroutine, as a task of HAProxy is one. */
export const realOutput = (version: LuaVersion, program: string): string =>
  execFileSync(`lua${version}`, ['-'], {
    input: `coroutine.wrap(function() ${program}\nend)()`,
    encoding: 'latin1',
    maxBuffer: 1 << 28,
    timeout: 60_000,
  }).replace(/\n$/, '')

/** The cases that differ, with both answers. */
export const differences = (
  version: LuaVersion,
  cases: readonly string[],
): { source: string; ours?: string; real?: string }[] => {
  const { ours, real } = compare(version, cases)
  if (ours.length < cases.length)
    throw new Error(`only ${ours.length} of ${cases.length} cases were run here: ${ours.at(-1)}`)
  return cases.map((source, i) => ({ source, ours: ours[i], real: real[i] })).filter((each) => each.ours !== each.real)
}
