/** A soft stop in `hapsim-haproxy` and in the real `haproxy`: `grace`, what it waits for, and `hard-stop-after`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { build } from '../../../support/build.js'
import { OddServers } from '../../support/odd-servers.js'
import { call, OURS, REAL } from '../../support/programs.js'
import { describeUpstream } from '../../support/upstream.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

let folder = ''

const servers = new OddServers()

beforeAll(async () => {
  build()
  folder = temporaryFolder('soft-stop')
  await servers.open(folder)
  writeFileSync(join(folder, 'hold.lua'), SCRIPT)
}, 60_000)

afterAll(() => servers.close())

/** One thread: with several, the real HAProxy sometimes does not end after `grace`. */
const configuration = (...global: string[]): string => `global
    nbthread 1
    stats socket ${folder}/sock level admin
    stats timeout 1m
    log stdout format raw local0
${global.map((each) => `    ${each}\n`).join('')}
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 1s
    timeout server 1s
backend b
    server s 127.0.0.1:1 check inter 50ms
`

/** A task that is connected to the runtime API of the same process and never closes the connection. */
const SCRIPT = `
core.register_task(function()
  core.msleep(400) -- the server is down by then
  local socket = core.tcp()
  socket:settimeout(30)
  socket:connect("unix@" .. os.getenv("SOCK"))
  socket:send("prompt\\n")
  socket:receive("*l")
  print("open")
  print("received", socket:receive(1000))
end)
`

/** Waits for an answer, while another task only sleeps. */
const WAITING = `
core.register_task(function()
  core.msleep(400) -- the server is down by then
  local socket = core.tcp()
  socket:settimeout(1)
  socket:connect("127.0.0.1", PORT)
  socket:send("x\\n")
  print("open")
  print("received", socket:receive("*l"))
  socket:close()
end)
core.register_task(function()
  core.sleep(15)
  print("slept")
end)
`

/** Stops the process once it has said `ready`. Returns what both have said, which is the same. */
const compare = async (
  text: string,
  ready = 'has no server available!',
  send: NodeJS.Signals = 'SIGUSR1',
): Promise<string> => {
  writeFileSync(join(folder, 'stop.cfg'), text)
  const play = (program: string) =>
    call(program, ['-db', '-f', 'stop.cfg'], {
      cwd: folder,
      env: { SOCK: join(folder, 'sock') },
      signals: [{ when: (output) => output.includes(ready), send }],
    })
  const theirs = await play(REAL)
  expect(await play(OURS)).toEqual(theirs)
  return theirs.out + theirs.err
}

describeUpstream('a soft stop', () => {
  it('ends at once if nothing is open', async () => {
    expect(await compare(configuration())).toContain('Proxy b stopped')
  })

  it('waits for the grace time in any case', async () => {
    expect(await compare(configuration('grace 300ms'))).toContain(
      'Grace period expired, proceeding with soft-stop now.',
    )
  })

  it('closes what is open after hard-stop-after', async () => {
    const lua = ['tune.lua.bool-sample-conversion normal', 'lua-load hold.lua']
    const text = configuration('hard-stop-after 300ms', ...lua)
    expect(await compare(text, 'open\n')).toContain('Proxy GLOBAL hard-stopped (1 remaining conns will be closed).')
  })

  it.each([
    ['answers late', 'slow', 'received\tat last\n'],
    ['hangs', 'hangs', 'received\tnil\t'],
  ])('lets a script receive events of a server that %s, while SIGTERM does not', async (_name, options, heard) => {
    writeFileSync(join(folder, 'wait.lua'), WAITING.replace('PORT', servers.at[options]!))
    const text = configuration('tune.lua.bool-sample-conversion normal', 'lua-load wait.lua')
    expect(await compare(text, 'open\n')).toContain(heard)
    expect(await compare(text, 'open\n', 'SIGTERM')).not.toContain('received')
  })
})
