/** Runs pieces of Lua with the modules of Debian's packages, by the real Lua, and with those of lua/modules, in a simulation. */
import { spawnSync } from 'node:child_process'
import { describe } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'

const has = (module: string): boolean => spawnSync('lua5.4', ['-e', `require "${module}"`]).status === 0

/** Comparisons with a module; skipped where it is not installed. */
export const describeModule = (module: string, debianPackage: string, tests: () => void): void => {
  const isInstalled = has(module)
  if (!isInstalled) console.warn(`SKIPPED: the module ${module}: install Debian's lua5.4 and ${debianPackage}`)
  describe.skipIf(!isInstalled)(`the module ${module} is like that of Debian's ${debianPackage}`, tests)
}

/** Calls each function of `cases`, and prints its results or its error on a line. Tables are shown with sorted keys. */
const RUNNER = String.raw`
local function show(value)
  local kind = math.type(value) or type(value)
  if kind == "string" then
    return '"' .. value:gsub('[%c\127-\255"\\]', function(c) return ("\\x%02x"):format(c:byte()) end) .. '"'
  end
  -- the sign of NaN depends on the processor
  if kind == "float" and value ~= value then return "nan" end
  if kind == "float" then return ("%.17g"):format(value) .. " float" end
  if kind == "function" then return kind end
  if kind ~= "table" then return tostring(value) end
  local parts = {}
  for k, v in pairs(value) do parts[#parts + 1] = "[" .. show(k) .. "]=" .. show(v) end
  table.sort(parts)
  return "{" .. table.concat(parts, " ") .. "}"
end
for i, case in ipairs(cases) do
  local results = table.pack(pcall(case))
  for i = 1, results.n do results[i] = show(results[i]) end
  print(table.concat(results, " ", 1, results.n))
end
`

/** A program that runs the pieces. */
export const program = (before: string, pieces: readonly string[]): string =>
  `${before}\nlocal cases = {}\n${pieces.map((piece) => `cases[#cases + 1] = function() ${piece}\nend\n`).join('')}${RUNNER}`

/** A configuration that loads pieces.lua. */
export const CONFIG = `global
  lua-load pieces.lua
defaults
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend fe
  bind :80
`

/** Latin-1, as Lua sees the bytes of a program. */
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

const byReal = (text: string, version: string): readonly string[] => {
  const { stdout, stderr } = spawnSync(`lua${version}`, ['-'], {
    input: bytes(text),
    maxBuffer: 1 << 28,
    timeout: 60_000,
  })
  if (stderr.length > 0) throw new Error(stderr.toString())
  return stdout.toString('latin1').replace(/\n$/, '').split('\n')
}

const bySimulated = (text: string, lua: '5.3' | '5.4'): readonly string[] => {
  const options = { config: CONFIG, files: { 'pieces.lua': bytes(text) }, lua, modules: true }
  return new Simulation().haproxy(options).start().output
}

/** Less the names of chunks, which differ. */
export const withoutNames = (line: string): string => line.replace(/(?:stdin|[\w/.]+\.lua):\d+: /g, 'LINE: ')

/** A piece and its results. */
export interface Difference {
  readonly piece: string
  readonly real: string | undefined
  readonly ours: string | undefined
}

/**
 * The pieces whose results differ, with those results.
 *
 * @param before Lua code before the pieces; each is the body of a function
 * @param pieces byte strings: a character for each byte
 */
export const differences = (
  before: string,
  pieces: readonly string[],
  version: '5.3' | '5.4' = '5.4',
): Difference[] => {
  const text = program(before, pieces)
  const real = byReal(text, version).map(withoutNames)
  const ours = bySimulated(text, version).map(withoutNames)
  return pieces.flatMap((piece, i) => (real[i] === ours[i] ? [] : [{ piece, real: real[i], ours: ours[i] }]))
}

/** A byte string as a literal of Lua. */
export const quoted = (text: string): string =>
  `"${text.replace(/[^ !#-[\]-~]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`
