/**
 * Coverage counts what the real Lua does: generated programs, with calls in them that count, run there; the same programs without such
 * calls run here, straight on and with a yield at every turn.
 */
import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LuaCoverage, type IstanbulData } from '../../../src/lua/host/coverage.js'
import { Lua } from '../../lua/vm/lua.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { makeProgram, PRELUDE_LINES, type Program } from './coverage-programs.js'
import { withLua } from './real-lua.js'

type Counts = Record<string, number>

const DRIVERS = {
  'straight on': 'main(true, false)',
  'with yields': `local co = coroutine.create(main)
pause = coroutine.yield
assert(coroutine.resume(co, true, false))
while coroutine.status(co) ~= "dead" do assert(coroutine.resume(co)) end`,
}

/** What the calls in the programs counted. */
const realCounts = (programs: readonly Program[]): Counts[] => {
  const cases = programs.map(({ counting }) => `[==[${counting}]==]`).join(',\n')
  const runner = `for _, source in ipairs({${cases}}) do
  local hits = assert(load(source, "=case", "t", setmetatable({}, { __index = _G })))()
  for key, count in pairs(hits) do io.write(key, "=", count, " ") end
  print()
end`
  const folder = temporaryFolder('coverage')
  try {
    const file = join(folder, 'programs.lua')
    writeFileSync(file, runner)
    const output = execFileSync('lua5.4', [file], { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 60_000 })
    return output
      .split('\n')
      .slice(0, -1)
      .map((line) =>
        Object.fromEntries(
          line
            .trim()
            .split(' ')
            .filter((each) => each !== '')
            .map((each) => [each.split('=')[0]!, Number(each.split('=')[1])]),
        ),
      )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const ourCounts = (plain: string, driver: string): IstanbulData => {
  const coverage = new LuaCoverage()
  const lua = new Lua()
  lua.L.l_G.instrument = coverage.instrument('', (name) => name)
  lua.run(`${plain}\n${driver}`, '@x.lua')
  return coverage.scripts[0]!.data
}

/** Where ours is not what was counted there. */
const differences = (plain: string, data: IstanbulData, real: Counts): string[] => {
  const found: string[] = []
  const first = PRELUDE_LINES + 2
  const last = plain.split('\n').length - 1
  const compare = (key: string, line: number, ours: number) => {
    if (line < first || line > last || ours === (real[key] ?? 0)) return
    found.push(`${key}: ${ours}, not ${real[key] ?? 0}`)
  }
  for (const [id, { start }] of Object.entries(data.statementMap)) compare(`${start.line}`, start.line, data.s[id]!)
  const chains: Record<number, number> = {}
  for (const [id, { type, line }] of Object.entries(data.branchMap)) {
    const kind = type === 'binary-expr' ? `b${(chains[line] = (chains[line] ?? -1) + 1)}` : type
    data.b[id]!.forEach((count, i) => compare(`${line}:${kind}:${i}`, line, count))
  }
  // everything that ran there is counted here
  const lines = new Set(Object.values(data.statementMap).map(({ start }) => `${start.line}`))
  for (const key of Object.keys(real)) if (/^\d+$/.test(key) && !lines.has(key)) found.push(`${key} is not counted`)
  return found
}

withLua('5.4', 'coverage of generated programs', () => {
  const programs = fc
    .sample(fc.array(fc.nat(1000), { minLength: 20, maxLength: 200, size: 'max' }), { numRuns: 300, seed: 6 })
    .map(makeProgram)
  const real = realCounts(programs)
  for (const [how, driver] of Object.entries(DRIVERS))
    it(`${programs.length} of them, ${how}`, () => {
      const failures = programs.flatMap(({ plain }, i) => {
        const found = differences(plain, ourCounts(plain, driver), real[i]!)
        return found.length > 0 ? [`${found.join('\n')}\n${numbered(plain)}`] : []
      })
      expect(failures.length, failures.sort((a, b) => a.length - b.length)[0]).toBe(0)
    })
})

const numbered = (text: string): string =>
  text
    .split('\n')
    .map((line, i) => `${i + 1} ${line}`)
    .join('\n')
