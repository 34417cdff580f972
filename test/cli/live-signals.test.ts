/** Signals at every stage of a live process: it ends as HAProxy does. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { build, root } from '../support/build.js'
import { temporaryFolder } from '../support/temporary-folder.js'

beforeAll(build, 60_000)

let folder: string
const children: ChildProcess[] = []

beforeEach(() => {
  folder = temporaryFolder('signals')
})

afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
})

/** Takes its time while it starts, and says where it is. */
const SCRIPT = `
local function work(stage)
  print(stage)
  local x = 0
  for i = 1, 5000000 do x = x + i end
end
work("body")
core.register_init(function() work("init") end)
`

const PROGRAMS: Readonly<Record<string, (file: string) => readonly string[]>> = {
  'hapsim run --live': (file) => ['dist/cli/main.js', 'run', file, '--live'],
  'hapsim-haproxy': (file) => ['dist/cli/haproxy/main.js', '-db', '-f', file],
}

const start = (program: string) => {
  writeFileSync(join(folder, 'script.lua'), SCRIPT)
  const file = join(folder, 'haproxy.cfg')
  writeFileSync(
    file,
    `global
    log stdout format raw local0
    stats socket ${folder}/sock level admin
    tune.lua.bool-sample-conversion normal
    lua-load ${folder}/script.lua
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout server 1s
backend be1
    server s1 127.0.0.1:1 check inter 50ms fall 2
`,
  )
  const child = spawn(process.execPath, PROGRAMS[program]!(file), { cwd: root })
  children.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  )
  const until = async (text: string): Promise<void> => {
    for (const end = Date.now() + 20_000; !output.includes(text);) {
      if (Date.now() > end || child.exitCode !== null) throw new Error(`never said '${text}':\n${output}`)
      await new Promise((done) => setTimeout(done, 2))
    }
  }
  return { child, until, ended, output: () => output }
}

const BY_SIGNAL = {
  SIGINT: { code: 130, signal: null },
  SIGTERM: { code: 143, signal: null },
} as const

describe.each(Object.keys(PROGRAMS))('%s', (program) => {
  // hapsim-haproxy lets the signal itself end it, as HAProxy does; a shell says the same of both
  const endedBy = (name: keyof typeof BY_SIGNAL) =>
    program === 'hapsim-haproxy' ? { code: null, signal: name } : BY_SIGNAL[name]

  it.each([
    ['SIGINT', 'body'],
    ['SIGTERM', 'body'],
    ['SIGINT', 'init'],
    ['SIGTERM', 'init'],
  ] as const)('ends at %s while its script runs (%s)', async (name, stage) => {
    const { child, until, ended, output } = start(program)
    await until(stage)
    child.kill(name)
    const end = await ended
    expect(output()).not.toContain('    at ')
    // where the signal came a moment too late, it had started already: it stops softly then
    expect([endedBy(name), { code: 0, signal: null }]).toContainEqual(end)
    // the system ends hapsim-haproxy, which can clear nothing away then
    if (program !== 'hapsim-haproxy') expect(readdirSync(folder).filter((each) => each.endsWith('.tmp'))).toEqual([])
  })

  it('dumps server states at SIGHUP, and continues', async () => {
    const { child, until, ended } = start(program)
    await until('Server be1/s1 is DOWN')
    child.kill('SIGHUP')
    await until('SIGHUP: Server be1/s1 is DOWN.')
    child.kill('SIGHUP')
    child.kill('SIGUSR1')
    await until('Proxy be1 stopped')
    expect(await ended).toEqual({ code: 0, signal: null })
  })

  it('treats SIGUSR1 during its start as a stop, and does not open a debugger', async () => {
    const { child, until, ended, output } = start(program)
    await until('body')
    child.kill('SIGUSR1')
    const { code } = await ended
    expect([0, 138]).toContain(code)
    expect(output()).not.toContain('Debugger')
  })
})
