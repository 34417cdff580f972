/** String literals of scripts in the command as it is shipped, where modules are joined into few files. */
import { beforeAll, expect, it } from 'vitest'
import { build } from '../support/build.js'
import { hapsim } from '../support/command.js'
import { folderWith } from '../support/files.js'

beforeAll(build, 60_000)

const BYTES = Array.from({ length: 256 }, (_, i) => i)
const CONTROLS = BYTES.slice(0, 32)

/** `"\1\17"` and so on: each control character before and after each byte. */
const literals = CONTROLS.flatMap((a) => BYTES.flatMap((b) => [`"\\${a}\\${b}"`, `"\\${b}\\${a}"`]))
const values = CONTROLS.flatMap((a) => BYTES.flatMap((b) => [a, b, b, a])).join(',')

const SCRIPT = `
local literals = {${literals.join(',')}}
local wrong, n = 0, 0
for a, b in ("${values}"):gmatch("(%d+),(%d+)") do
  n = n + 1
  if literals[n] ~= string.char(a, b) then wrong = wrong + 1 end
end
print(n .. " literals, " .. wrong .. " wrong")
`

it('literals with control characters keep their bytes', () => {
  const folder = folderWith({ 'x.lua': SCRIPT, 'haproxy.cfg': 'global\n  lua-load x.lua\nlisten l\n  bind :80\n' })
  const { out } = hapsim(folder, 'run', 'haproxy.cfg', '--for', '1s')
  expect(out).toContain(`${literals.length} literals, 0 wrong`)
})
