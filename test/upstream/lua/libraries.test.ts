/** The libraries io and os compared with those of the real Lua 5.4: the same program in both, each in a separate folder. */
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const installed = spawnSync('lua5.4', ['-v']).status === 0
if (!installed) console.warn('SKIPPED: lua5.4 is not installed, the libraries io and os are compared with nothing')

const inFolder = <T>(run: (folder: string) => T): { result: T; files: Record<string, string> } => {
  const folder = temporaryFolder('lua')
  try {
    const result = run(folder)
    const files = readdirSync(folder).filter((name) => name !== 'program.lua')
    return {
      result,
      files: Object.fromEntries(files.sort().map((name) => [name, readFileSync(join(folder, name), 'latin1')])),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const masked = (line: string): string => line.replace(/0x[0-9a-f]+/g, 'ADDRESS')

const real = (program: string) =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'program.lua'), program)
    const { stdout, stderr } = spawnSync('lua5.4', ['program.lua'], {
      cwd: folder,
      env: { TZ: 'UTC', LC_ALL: 'C', PATH: process.env.PATH },
      encoding: 'utf8',
      input: '',
      timeout: 5000,
    })
    expect(stderr).toBe('')
    return stdout.replace(/\n$/, '').split('\n').map(masked)
  })

const CONFIG = `global
    tune.lua.bool-sample-conversion normal
    lua-load program.lua
defaults
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend fe
    bind 127.0.0.1:80
`

const ours = (program: string) =>
  inFolder((folder) => {
    const haproxy = new Simulation().haproxy({
      config: CONFIG,
      files: { 'program.lua': program },
      directory: folder,
      allow: { write: true, exec: true },
    })
    haproxy.process.start()
    const problems = haproxy.messages.filter((each) => each.severity === 'alert')
    haproxy.process.stop()
    expect(problems.map((each) => each.text)).toEqual([])
    return haproxy.output.map(masked)
  })

const compare = (program: string): void => {
  const expected = real(program)
  const got = ours(program)
  expect(got.result).toEqual(expected.result)
  expect(got.files).toEqual(expected.files)
}

describe.runIf(installed)('io', () => {
  const file = 'local f = io.open("t.txt", "w") f:write("a\\n12 0x1F -3.5e2x\\nzz") f:close()\n'
  it.each([
    [
      'types and text of files',
      'local f = io.open("t", "w") print(io.type(f), io.type(1), f) f:close() print(io.type(f), f)',
    ],
    ['a closed file', 'local f = io.open("t", "w") f:close() print(pcall(f.read, f)) print(pcall(f.close, f))'],
    [
      'standard files',
      'print(pcall(io.close)) print(io.stdout, io.read(), io.read("a"), io.read(0), io.stdin:seek() == nil)',
    ],
    [
      'lines',
      `${file} for l in io.lines("t.txt") do print(l) end for a, b in io.lines("t.txt", 1, "L") do print(a, b) end`,
    ],
    [
      'lines of a file that goes on',
      `${file} local f = io.open("t.txt") for l in f:lines("n", "l") do print(l) end print(io.type(f))`,
    ],
    [
      'formats',
      `${file} local f = io.open("t.txt") print(f:read("l", "n", "n", "n", "l", "a", "a", "l")) print(f:read(0))`,
    ],
    [
      'formats with stars',
      `${file} local f = io.open("t.txt") print(f:read("*l", "*n", "*L")) print(pcall(f.read, f, "x"))`,
    ],
    [
      'seeking',
      `${file} local f = io.open("t.txt") print(f:seek("end"), f:seek("set", 2), f:read(3), f:seek(), f:seek("set", -1))`,
    ],
    ['a wrong whence', `${file} local f = io.open("t.txt") print(pcall(f.seek, f, "foo"))`],
    [
      'writing where that is not possible',
      `${file} local f = io.open("t.txt") print(f:write("q")) print(f:flush() == f)`,
    ],
    [
      'reading where that is not possible',
      'local f = io.open("t", "w") print(f:read()) print(f:setvbuf("no"), f:setvbuf("full", 10))',
    ],
    [
      'files that are not there',
      'print(io.open("nope")) print(pcall(io.lines, "nope")) print(pcall(io.input, "nope")) print(io.open("no/pe", "w"))',
    ],
    ['folders', 'print(io.open("/"):read()) print(io.open(".", "w"))'],
    [
      'modes',
      'print(pcall(io.open, "t.txt", "rz")) print(pcall(io.open, "t.txt", "r+b")) print(pcall(io.open, "t", "x"))',
    ],
    [
      'default files',
      `${file} io.input("t.txt") print(io.read(), io.read("n")) print(io.close(io.input())) print(pcall(io.read)) print(pcall(io.lines))`,
    ],
    [
      'default output',
      'io.output("o.txt") io.write("a", 1, 2.5, "\\n") io.close() print(pcall(io.write, "x")) io.output(io.stdout) print("back")',
    ],
    [
      'appending',
      `${file} local f = io.open("t.txt", "a+") f:write("END") f:seek("set") print(f:read("a")) f:write("more") f:close()`,
    ],
    [
      'updating',
      `${file} local f = io.open("t.txt", "r+") f:write("Q") f:seek("cur", 2) f:write("R") f:seek("set") print(f:read("a")) f:close()`,
    ],
    [
      'truncating',
      `${file} local f = io.open("t.txt", "w+") print(f:read("a")) f:write("xy") f:seek("set", 5) f:write("z") f:close()`,
    ],
    [
      'more than a buffer',
      'local f = io.open("big", "w") for i = 1, 30000 do f:write(i, "\\n") end print(f:seek("cur")) f:close()',
    ],
    [
      'methods',
      'local t = {} for k in pairs(getmetatable(io.stdout).__index) do t[#t + 1] = k end table.sort(t) print(table.concat(t, " "))',
    ],
    ['functions', 'local t = {} for k in pairs(io) do t[#t + 1] = k end table.sort(t) print(table.concat(t, " "))'],
    [
      'programs',
      'print(io.popen("echo hi; exit 3"):read("a")) print(io.popen("exit 3"):close()) print(pcall(io.popen, "x", "q"))',
    ],
    ['programs that read', 'local f = io.popen("cat > out", "w") f:write("hello") print(f:close())'],
    [
      'numerals',
      `local f = io.open("n", "w") f:write(" 0x 1e+ .5 5. -  0x.8p1 1e5 00012 0xfffffffff nan") f:close() f = io.open("n")
      for i = 1, 10 do print(f:read("n")) if f:read(1) == nil then break end end`,
    ],
    [
      'what is written is there for others once it is flushed',
      'local f = io.open("t", "w") f:write("abc") f:flush() print(io.open("t"):read("a"))',
    ],
    ['a temporary file', 'local f = io.tmpfile() f:write("abc") f:seek("set", 1) print(f:read("a"))'],
  ])('%s', (_, program) => compare(program))

  it('a file that is left open is written at the end', () => compare('print(io.type(io.open("t", "w"):write("x")))'))
})

describe.runIf(installed)('os', () => {
  it.each([
    [
      'execute',
      'print(os.execute("exit 3")) print(os.execute("kill -9 $$")) print(os.execute()) print(os.execute("true"))',
    ],
    [
      'remove and rename',
      `local f = io.open("a", "w") f:write("1") f:close() print(os.rename("a", "b")) print(os.remove("nope")) print(os.rename("nope", "x"))`,
    ],
    [
      'wrong conversions',
      'for _, f in ipairs { "%E", "%Ez", "%q", "%", "%Oq", "%5Y", "%s", "a%d%k" } do print(pcall(os.date, f)) end',
    ],
    [
      'what dates there are',
      'for _, t in ipairs { 1 << 40, 1 << 60, math.maxinteger, math.mininteger, 67767976233532799, 67768036191676800, -67768040609740800 } do print(pcall(os.date, "!%c", t)) end',
    ],
    [
      'dates that are no integers',
      'print(pcall(os.date, "%Y", 1.5)) print(pcall(os.date, "%Y", "x")) print(os.date("%H:%M", "3600"), os.date("%H", 7200.0))',
    ],
    [
      'tables',
      'local t = {} for k, v in pairs(os.date("!*t", 1e9 // 1 | 0)) do t[#t + 1] = k .. "=" .. tostring(v) end table.sort(t) print(table.concat(t, " "))',
    ],
    [
      'forms that look like tables',
      'print(os.date("!*tx", 0), os.date("*t2", 0), os.date("", 0), os.date("!", 0), os.date("!%%%d%%", 0))',
    ],
    [
      'normalisation',
      'local d = os.date("*t", 0) d.month = d.month - 14 d.sec = 1000000 print(os.time(d), d.year, d.month, d.day, d.hour, d.min, d.sec, d.wday, d.yday, d.isdst)',
    ],
    [
      'fields',
      `for _, t in ipairs { {year = 2000}, {year = 2000, month = 1, day = 1.5}, {year = 2000, month = "x", day = 1}, {year = 1 << 40, month = 1, day = 1},
        {year = 2000, month = "3", day = " 0x10 "}, {year = 2000, month = math.maxinteger, day = 1}, {year = 2147485548, month = 1, day = 1},
        {year = 2147485547, month = 12, day = 31, hour = 24}, {year = 2000, month = 1, day = 1, isdst = true}, {month = 1, day = 1} } do print(pcall(os.time, t)) end`,
    ],
    [
      'the farthest dates',
      'print(os.time { year = 2147485547, month = 12, day = 31 }, os.time { year = -2147481748, month = 1, day = 1, hour = 0 })',
    ],
    [
      'difftime',
      'print(os.difftime(5, 3)) print(pcall(os.difftime)) print(pcall(os.difftime, 1)) print(pcall(os.difftime, 5.5, 3))',
    ],
    [
      'setlocale',
      'print(os.setlocale(), os.setlocale("C"), os.setlocale(""), os.setlocale("xx"), os.setlocale(nil, "time"), pcall(os.setlocale, "C", "foo"))',
    ],
    ['getenv', 'print(os.getenv("nope")) print(pcall(os.getenv))'],
    ['kinds of numbers', 'print(math.type(os.time()), math.type(os.clock()), math.type(os.difftime(1, 2)))'],
  ])('%s', (_, program) => compare(program))

  it('every conversion of every date', () => {
    const seconds = fc
      .sample(fc.integer({ min: -62_135_596_800, max: 999_999_999_999 }), { numRuns: 400, seed: 1 })
      .filter((each) => each !== -1)
    const conversions = [
      ...[...'aAbBcCdDeFgGhHIjmMnprRStTuUVwWxXyYzZ%'].map((letter) => `%${letter}`),
      ...[...'cCxXyY'].map((letter) => `%E${letter}`),
      ...[...'deHImMSuUVwWy'].map((letter) => `%O${letter}`),
    ]
    compare(`for _, t in ipairs { ${seconds.join(', ')} } do
      print(t, os.date("!${conversions.join('|')}", t), os.date("%c %Z", t), os.time(os.date("!*t", t)) == t)
    end`)
  })
})

describe.runIf(installed)('load', () => {
  it.each([
    [
      'of a function',
      'local parts = { "return ", "1", " + 1" } local i = 0 print(load(function() i = i + 1 return parts[i] end)())',
    ],
    ['with an environment', 'print(load("x = 1 return _ENV", "c", "t", { y = 2 })().x, x)'],
    ['with nil for an environment', 'print(pcall(load("return x", "=c", "t", nil)))'],
    ['of a text where that is not wanted', 'print(load("return 1", "c", "b"))'],
    ['of what is wrong', 'print(load("x = = 1")) print(load("x = ", "=name")) print(pcall(load))'],
    [
      'from a file',
      'local f = io.open("m.lua", "w") f:write("#!x\\nreturn ..., y") f:close() print(loadfile("m.lua", "t", { y = 3 })(1)) print(dofile("m.lua"))',
    ],
    [
      'from a file that is not there',
      'print(loadfile("nope.lua")) print(pcall(dofile, "nope.lua")) print(loadfile("m.lua", "b"))',
    ],
  ])('%s', (_, program) => compare(program))
})
