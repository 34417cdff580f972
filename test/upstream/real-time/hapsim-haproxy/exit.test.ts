/** `os.exit` in `hapsim-haproxy` and in the real `haproxy`: the process ends at once, without a word, wherever it is called. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { call, OURS, REAL } from '../../support/programs.js'
import { describeUpstream } from '../../support/upstream.js'

beforeAll(build, 60_000)

const CONFIG = `global
    stats socket unix@sock
    tune.lua.bool-sample-conversion normal
    lua-load exit.lua
defaults
    mode tcp
    timeout connect 1s
    timeout client 1s
    timeout server 1s
backend b
    server s 127.0.0.1:1
`

const SCRIPTS: Readonly<Record<string, readonly [number, string]>> = {
  'a task, in spite of pcall': [
    3,
    `core.register_task(function() core.msleep(50) print("before") io.write("no end") pcall(os.exit, 3) print("after") end)`,
  ],
  'a coroutine of a task': [
    5,
    `core.register_task(function() coroutine.wrap(function() os.exit(5) end)() print("after") end)`,
  ],
  'the body, with more than 8 bits': [4, `print("before") pcall(os.exit, 260) print("after")`],
  'an init function': [0, `core.register_init(function() os.exit(true) end)`],
}

describeUpstream('os.exit ends the process from', () => {
  it.each(Object.entries(SCRIPTS))('%s', async (_, [code, script]) => {
    const cwd = temporaryFolder('exit')
    writeFileSync(join(cwd, 'exit.lua'), script)
    writeFileSync(join(cwd, 'haproxy.cfg'), CONFIG)
    const run = async (program: string) => {
      const ended = await call(program, ['-db', '-f', 'haproxy.cfg'], { cwd })
      // a last line that has not ended gets its end
      return { ...ended, out: ended.out.trimEnd() }
    }
    const real = await run(REAL)
    expect(real.code).toBe(code)
    expect(await run(OURS)).toEqual(real)
  })
})
