/** Where the Lua 5.4.9 of HAProxy differs from the Lua 5.4.4 that other tests compare with, it is HAProxy's that counts. */
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

describeUpstream('the Lua of HAProxy', () => {
  it('judges positions, UTF-8 and lines of errors as a later one', () => {
    const folder = temporaryFolder('later-lua')
    writeFileSync(join(folder, 'x.lua'), PROGRAM)
    writeFileSync(join(folder, 'haproxy.cfg'), CONFIG)
    const { stdout } = spawnSync(upstream('haproxy'), ['-c', '-f', 'haproxy.cfg'], { cwd: folder, encoding: 'utf8' })
    const printed = stdout.trimEnd().split('\n')
    expect(printed.length).toBeGreaterThan(10)
    expect(runScript(PROGRAM).printed).toEqual(printed)
  })
})
