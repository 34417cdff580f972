/** Every name of every library is there: those of the real Lua with its own program, those of the real HAProxy in a script's body. */
import { execFileSync, spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'
import type { LuaVersion } from '../../../src/lua/vm/state.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { describeUpstream, upstream } from '../support/upstream.js'
import { withLua } from './real-lua.js'

/** Prints the names of the globals and of what tables among them hold, with the types. */
const LIST = `
local names = {}
for name, value in pairs(_G) do
  if name ~= "arg" then names[#names + 1] = name .. " " .. type(value) end
  if type(value) == "table" and name ~= "_G" and name ~= "arg" then
    for key, member in pairs(value) do names[#names + 1] = name .. "." .. tostring(key) .. " " .. type(member) end
  end
end
for key in pairs(getmetatable("")) do names[#names + 1] = "metatable of strings: " .. key end
table.sort(names)
for _, name in ipairs(names) do print(name) end
`

const CONFIG = `global
    tune.lua.bool-sample-conversion normal
    lua-load list.lua
defaults
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend fe
    bind 127.0.0.1:0
`

const ours = (program: string, version: LuaVersion): readonly string[] => {
  const haproxy = new Simulation().haproxy({
    lua: version,
    config: CONFIG.replace(':0', ':80'),
    files: { 'list.lua': program },
  })
  haproxy.start()
  return haproxy.output
}

/** What HAProxy adds: the names of Lua's own libraries begin with small letters. */
const OF_HAPROXY = /^(?:[A-Z]|act|core|filter)\w*[. ](?!string)/

for (const version of ['5.4', '5.3'] as const)
  withLua(version, 'the libraries', () => {
    it('have all names', () => {
      const names = execFileSync(`lua${version}`, ['-'], { input: LIST, encoding: 'utf8' }).trim().split('\n')
      expect(ours(LIST, version).filter((name) => !OF_HAPROXY.test(name))).toEqual(names)
    })
  })

/** For scripts of HAProxy 3.3, which is said where it is called. */
const LATER = new Set(['core.use_native_mailers_config function'])

describeUpstream('the globals of a script', () => {
  it('are those of the real HAProxy', () => {
    const folder = temporaryFolder('names')
    try {
      writeFileSync(join(folder, 'list.lua'), LIST)
      writeFileSync(join(folder, 'haproxy.cfg'), CONFIG)
      const { stdout } = spawnSync(upstream('haproxy'), ['-c', '-f', 'haproxy.cfg'], { cwd: folder, encoding: 'utf8' })
      const names = stdout.trim().split('\n')
      expect(names.length).toBeGreaterThan(200)
      expect(ours(LIST, '5.4').filter((name) => !LATER.has(name))).toEqual(names)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
