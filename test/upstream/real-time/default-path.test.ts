/** `default-path` changes the folder of the process while a script is loaded, and not longer, as in the real HAProxy. */
import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { call, REAL } from '../support/programs.js'
import { describeUpstream } from '../support/upstream.js'

const SCRIPT = `
local function look(where)
  local f = io.open("mark")
  print(where, "io.open", f and f:read("a"))
  print(where, "io.lines", pcall(function() return io.lines("mark")() end))
  package.loaded.module = nil
  print(where, "require", pcall(require, "module"))
  print(where, "searchpath", package.searchpath("module", package.path))
  print(where, "loadfile", loadfile("module.lua") and loadfile("module.lua")())
  print(where, "dofile", dofile("module.lua"))
  print(where, "popen", io.popen("cat mark"):read("a"))
  local f = io.open("written", "a") f:write(where, "\\n") f:close()
  print(where, "written", io.open("written"):read("a"))
  print(where, "rename", os.rename("written", "renamed"), os.remove("renamed"))
end
look("body")
print("map", Map.new("words.map", Map._str):lookup("key"))
core.register_init(function() look("init") end)
core.register_task(function() look("task") os.exit(0) end)
`

const PER_THREAD = `
print("thread", core.thread, io.open("mark"):read("a"), debug.getinfo(1, "S").source, pcall(require, "module"))
core.register_task(function() core.msleep(300) os.exit(0) end)
`

/** Folders that all have the same files, each with the folder's name in them. */
const FOLDERS = ['.', 'conf', 'conf/sub']

const prepare = (folder: string, line: string, keyword: string): void => {
  for (const name of FOLDERS) {
    const write = (file: string, content: string) => writeFileSync(join(folder, name, file), content)
    mkdirSync(join(folder, name), { recursive: true })
    write('mark', `mark of ${name}`)
    write('module.lua', `return "module of ${name}"`)
    write('words.map', `key map of ${name}\n`)
    write('script.lua', keyword === 'lua-load' ? SCRIPT : PER_THREAD)
  }
  writeFileSync(
    join(folder, 'conf/haproxy.cfg'),
    `global
    ${line}
    nbthread 2
    insecure-fork-wanted
    tune.lua.bool-sample-conversion normal
    ${keyword} script.lua
defaults
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend fe
    bind unix@socket
`,
  )
}

const inBoth = async (line: string, keyword: string): Promise<{ real: string[]; ours: string[] }> => {
  const folder = realpathSync(temporaryFolder('default-path'))
  const shown = (lines: readonly string[]) => lines.map((text) => text.replaceAll(folder, 'FOLDER')).sort()
  try {
    prepare(folder, line, keyword)
    const { out } = await call(REAL, ['-db', '-f', 'conf/haproxy.cfg'], { cwd: folder })
    const simulation = new Simulation()
    const haproxy = simulation.haproxy({
      config: { file: 'conf/haproxy.cfg' },
      directory: folder,
      machine: { environment: { PWD: folder } },
      allow: { exec: true, write: true },
    })
    haproxy.start()
    simulation.advance('1s')
    return { real: shown(out.replace(/\n$/, '').split('\n')), ours: shown(haproxy.output) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const LINES = ['default-path current', 'default-path config', 'default-path parent', 'default-path origin conf/sub']

describeUpstream('default-path, compared with the real HAProxy', () => {
  it.each(LINES)('%s: files that a script names', async (line) => {
    const { real, ours } = await inBoth(line, 'lua-load')
    expect(real.length).toBeGreaterThan(25)
    expect(ours).toEqual(real)
  })

  it.each(LINES)('%s: files that a script of each thread names', async (line) => {
    const { real, ours } = await inBoth(line, 'lua-load-per-thread')
    expect(real).toHaveLength(2)
    expect(ours).toEqual(real)
  })
})
