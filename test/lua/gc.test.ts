/** Finalizers (`__gc`) and what a collection does. The lines printed are those of lua5.4. */
import { describe, expect, it } from 'vitest'
import { Simulation } from '../../src/sim/index.js'

const CONFIG = `
global
    stats socket unix@/run/haproxy.sock
    tune.lua.bool-sample-conversion normal
    lua-load script.lua
`

const run = (script: string): readonly string[] => {
  const sim = new Simulation()
  const files = { 'script.lua': `core.register_task(function()\n${script}\nend)` }
  const haproxy = sim.haproxy({ config: CONFIG, files, directory: false }).start()
  sim.advance('1s')
  expect(haproxy.messages.filter((message) => message.severity === 'alert')).toEqual([])
  return haproxy.output
}

const THING = `
local said = {}
local function thing(name, mode)
  return setmetatable({ name = name }, { __gc = mode or function(self) said[#said + 1] = self.name end })
end
`

describe('a finalizer', () => {
  it('is called for unreachable objects, latest first, including cycles, and not for reachable ones', () => {
    const script = `${THING}
      local kept = thing("kept")
      thing("first")
      thing("second")
      do local a, b = thing("a"), thing("b"); a.other, b.other = b, a end
      collectgarbage()
      print(table.concat(said, " "))
      kept = nil
      collectgarbage("step")
      print(said[#said])`
    expect(run(script)).toEqual(['b a second first', 'kept'])
  })

  it('may fail, or be of another type', () => {
    const script = `${THING}
      thing("first")
      thing("marker", true)
      thing("wrong", function() error("in gc") end)
      collectgarbage()
      print(table.concat(said, " "))`
    expect(run(script)).toEqual(['first'])
  })

  it('is ignored if it was not there when the metatable was set', () => {
    const script = `${THING}
      local late = setmetatable({}, {})
      getmetatable(late).__gc = function() said[#said + 1] = "late" end
      late = nil
      collectgarbage()
      print(#said)`
    expect(run(script)).toEqual(['0'])
  })

  it('may resurrect its object, once', () => {
    const script = `
      local again, count = nil, 0
      setmetatable({}, { __gc = function(self) again = self; count = count + 1 end })
      collectgarbage()
      print(again ~= nil, count)
      again = nil
      collectgarbage()
      print(again ~= nil, count)`
    expect(run(script)).toEqual(['true\t1', 'false\t1'])
  })
})

describe('a weak table', () => {
  it('loses objects without other references', () => {
    const script = `
      local weak, kept = setmetatable({}, { __mode = "kv" }), {}
      weak[1], weak[2], weak[kept] = {}, kept, "kept"
      weak[{}] = "gone"
      collectgarbage()
      print(weak[1], weak[2] == kept, weak[kept])
      local count = 0
      for _ in pairs(weak) do count = count + 1 end
      print(count)`
    expect(run(script)).toEqual(['nil\ttrue\tkept', '2'])
  })
})
