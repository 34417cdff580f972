/** The Lua class CertCache: wrong uses fail as in HAProxy, and right ones as not emulated. */
import { expect, test } from 'vitest'
import { Simulation } from '../../src/index.js'

const SCRIPT = `
for _, argument in ipairs({ "text", {}, { crt = "x" }, { filename = "x.pem", crt = "y" } }) do
  print(select(2, pcall(CertCache.set, argument)))
end`

test('CertCache.set needs a table with the name of a file, and is not emulated', () => {
  const config =
    'global\n tune.lua.bool-sample-conversion normal\n lua-load a.lua\n' +
    'listen l\n bind :80\n timeout client 1s\n timeout connect 1s\n timeout server 1s\n'
  const haproxy = new Simulation().haproxy({ config, files: { 'a.lua': SCRIPT }, directory: false }).start()
  const [table, empty, unnamed, valid] = haproxy.output
  expect(table).toBe("'CertCache.set' needs a table as argument")
  expect([empty, unnamed]).toEqual(['No filename specified!', 'No filename specified!'])
  expect(valid).toContain('CertCache.set')
  expect(valid).toContain('not emulated')
})
