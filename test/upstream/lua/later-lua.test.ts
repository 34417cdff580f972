/** Where the Lua 5.4.9 of HAProxy, or HAProxy itself, differs from the Lua 5.4.4 that other tests compare with. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runScript } from '../../lua/world.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { describeUpstream, upstream } from '../support/upstream.js'

const PROGRAM = String.raw`
print(pcall(table.remove, { 1 }, 5), pcall(table.remove, { 1 }, -1))
print(select(2, pcall(table.remove, { 1 }, 5)))
for _, s in ipairs { "a\x80", "a\x80b", "\x80a", "\xc3\xa4\x80", "\xe2\x82", "a\xe2\x82b", "\x80" } do
  print(pcall(function() for p, c in utf8.codes(s) do print(p, c) end end))
end
local f = function(a)
  print(a)
  return 1 // 0
end
print(pcall(f))
`

/** Calls that span lines: the line is that in which the arguments begin. */
const LINES = String.raw`
local function at(f, ...) print(select(2, pcall(f, ...))) end
at(function()
  return (
    {}
  )(
    1,
    2
  )
end)
at(function()
  local s = ""
  s
   :rep(3)
   :foo
   (
     1
   )
end)
at(function()
  local s = ""
  s
   :rep
   "x"
   .y {
    1,
   }
   .z()
end)
at(function()
  string
  .rep
  [[

  ]]
end)
at(function() error
 (
 "here"
 ) end)
at(function() return string
  .rep
  (
   ) end)
at(function() local a = (function() return
    nil
    end)
    (
    ) +
    1
 end)
at(function() local x
  for i = 1, 2 do x
   (
     i
   )
   end end)
print(load("f\n(\n1, 2\n"))
print(load("f\n(\n1, 2 3"))
print(load("f\n(1, 2 3"))
print(load("f\n.g\n:h(1, 2\n 3"))
print(load("x = (1\n 2"))
print(load("f(a)\n .g{\n2"))
at(load("local a\nreturn a\n(\n1\n)"))
at(load("return (\n{}\n)\n{\n}"))
local x = setmetatable({}, {__add = function() print(debug.traceback("t")) return 1 end})
at(function()
  print
  (
    x
    +
    1
  )
end)
at(function()
  debug.sethook(function(_, line) print("line", line) end, "l")
  string
  .rep
  (
  "x",
  3
  )
  debug.sethook()
  error("the end", 0)
end)
`

const CONFIG = `global
    tune.lua.bool-sample-conversion normal
    lua-load x.lua
defaults
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend fe
    bind 127.0.0.1:0
`

/** The object keeps its state in entry 0 and its buffer in entry 1. */
const CONCAT = `
local c = core.concat()
print(#c, rawlen(c), type(c[0]), type(c[1]), c[2])
c:add(("x"):rep(5000))
print(#c, #c:dump(), c[1] ~= nil)
print(pcall(os.time, { year = 2000, month = math.maxinteger, day = 1 }))
`

/** What it prints in HAProxy. */
const real = (program: string): string[] => {
  const folder = temporaryFolder('later-lua')
  writeFileSync(join(folder, 'x.lua'), program)
  writeFileSync(join(folder, 'haproxy.cfg'), CONFIG)
  const { stdout } = spawnSync(upstream('haproxy'), ['-c', '-f', 'haproxy.cfg'], { cwd: folder, encoding: 'utf8' })
  return stdout.trimEnd().split('\n')
}

describeUpstream('the Lua of HAProxy', () => {
  it.each([
    ['judges positions, UTF-8 and lines of errors as a later one', PROGRAM],
    ['gives the length of Concat objects and takes no field that is too large', CONCAT],
    ['gives calls the line in which their arguments begin', LINES],
  ])('%s', (_, program) => {
    const printed = real(program)
    expect(printed.length).toBeGreaterThan(2)
    expect(runScript(program).printed).toEqual(printed)
  })
})
