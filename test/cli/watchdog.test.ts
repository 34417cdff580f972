/** Exit codes of a process that the watchdog kills, in the commands as they are shipped. HAProxy aborts, which a shell reports as 134. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { build, root } from '../support/build.js'
import { folderWith } from '../support/files.js'

beforeAll(build, 60_000)

const FILES = {
  'x.lua': 'core.register_task(function() coroutine.wrap(function() while true do end end)() end)',
  'haproxy.cfg': `global
    nbthread 1
    tune.lua.bool-sample-conversion normal
    stats socket unix@socket
    lua-load x.lua
`,
}

it.each([
  ['hapsim run', 'main.js', ['run', 'haproxy.cfg', '--for', '5s'], 1],
  ['hapsim run --live', 'main.js', ['run', '--live', 'haproxy.cfg'], 134],
  ['hapsim-haproxy', 'haproxy/main.js', ['-db', '-f', 'haproxy.cfg'], 134],
])('%s', (_, program, args, code) => {
  const command = [join(root, 'dist/cli', program), ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: folderWith(FILES),
    encoding: 'utf8',
    timeout: 60_000,
  })
  expect(stdout + stderr).toContain('is about to kill the process')
  expect(status).toBe(code)
})
