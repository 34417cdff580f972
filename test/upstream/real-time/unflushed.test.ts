/** What a task writes and neither flushes nor closes: whole blocks are on the disk at once, the rest when the process ends. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { RealHaproxy } from '../support/real-haproxy.js'
import { describeUpstream } from '../support/upstream.js'

const SCRIPT = `
local body = io.open("body.log", "w") body:write("abc")
core.register_init(function() kept = io.open("init.log", "a") kept:write(("i"):rep(5000)) end)
core.register_task(function()
  local log = io.open("task.log", "a")
  for i = 1, 1000 do log:write("0123456789") end
  local lines = io.open("lines.log", "w")
  lines:setvbuf("line")
  lines:write("one\\n") lines:write("two\\nthr") lines:write("ee")
  local unbuffered = io.open("unbuffered.log", "w")
  unbuffered:setvbuf("no")
  unbuffered:write("at once", 1.0)
  core.log(core.info, "written")
  while true do core.sleep(1) end
end)
`

const config = (lines: string): string => `global
    log stdout format raw daemon
    ${lines}
    tune.lua.bool-sample-conversion normal
    lua-load script.lua
defaults
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend fe
    bind unix@@DIR@/fe
`

const NAMES = ['body.log', 'init.log', 'task.log', 'lines.log', 'unbuffered.log']

const sizes = (folder: string): Record<string, number> =>
  Object.fromEntries(NAMES.map((name) => [name, statSync(join(folder, name)).size]))

const contents = (folder: string): string[] => NAMES.map((name) => readFileSync(join(folder, name), 'utf8'))

describeUpstream('files that are not closed', () => {
  it('contain whole blocks while the process runs and everything when it has ended, as in HAProxy', async () => {
    const real = await RealHaproxy.start(config('stats socket unix@@DIR@/sock'), { 'script.lua': SCRIPT })
    const folder = temporaryFolder('unflushed')
    try {
      await real.until(() => real.hasReported('written'))
      const simulation = new Simulation()
      const haproxy = simulation.haproxy({
        config: config('stats socket unix@sock').replace('@DIR@/', ''),
        files: { 'script.lua': SCRIPT },
        directory: folder,
        allow: { write: true },
      })
      haproxy.start()
      simulation.advance('100ms')
      expect(sizes(folder)).toEqual(sizes(real.folder))
      real.send('SIGUSR1')
      await real.ended()
      haproxy.stop()
      expect(contents(folder)).toEqual(contents(real.folder))
    } finally {
      await real.stop()
      rmSync(folder, { recursive: true })
    }
  })
})
