/** `hapsim-haproxy` as it is shipped. What it has in common with the real one is compared in test/upstream/hapsim-haproxy. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { build, root } from '../support/build.js'
import { temporaryFolder } from '../support/temporary-folder.js'

beforeAll(build, 60_000)

let folder: string
const children: ChildProcess[] = []

beforeEach(() => {
  folder = temporaryFolder('haproxy')
})

afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
})

const PROGRAM = join(root, 'dist/cli/haproxy/main.js')

const write = (name: string, content: string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const call = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(PROGRAM, args, { cwd: folder, encoding: 'utf8', timeout: 30_000 })
  return { code: status, out: stdout, err: stderr }
}

/** Starts one with `sockets` as its descriptors 3, 4 …; those are given up here. */
const start = (args: readonly string[], ...sockets: Server[]) => startProgram(PROGRAM, args, sockets)

const startProgram = async (program: string, args: readonly string[], sockets: readonly Server[]) => {
  const descriptors = sockets.map((each) => (each as unknown as { _handle: { fd: number } })._handle.fd)
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe', ...descriptors] })
  children.push(child)
  const output = { out: '', err: '' }
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (output.out += text))
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (output.err += text))
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  await Promise.all(sockets.map((each) => new Promise((resolve) => each.close(resolve))))
  return { child, output, ended }
}

const listening = async (): Promise<{ server: Server; port: number }> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, port: (server.address() as { port: number }).port }
}

const until = async (condition: () => boolean): Promise<void> => {
  for (const end = Date.now() + 20_000; !condition();) {
    if (Date.now() > end) throw new Error('it did not happen')
    await new Promise((done) => setTimeout(done, 10))
  }
}

const ask = (port: number, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(text))
    let answer = ''
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part))
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
  })

const TWO_SOCKETS = `global
    stats socket "fd@\${CLI}" level admin
frontend fe
    mode http
    timeout client 1s
    bind fd@4
    monitor-uri /
`

describe('hapsim-haproxy', () => {
  it.each([
    ['hapsim-haproxy', PROGRAM, ['-db', '-f']],
    ['hapsim run --live', join(root, 'dist/cli/main.js'), ['run', '--live']],
  ])('answers at inherited sockets: %s', async (_, program, args) => {
    const [cli, frontend] = [await listening(), await listening()]
    process.env.CLI = '3'
    const config = write('a.cfg', TWO_SOCKETS)
    const { child, ended } = await startProgram(program, [...args, config], [cli.server, frontend.server])
    expect(await ask(cli.port, 'show info\n')).toContain(`Pid: ${child.pid}\n`)
    expect(await ask(frontend.port, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK/)
    child.kill('SIGUSR1')
    expect(await ended).toBe(0)
  })

  it('stops the processes that it replaces', async () => {
    const config = write('a.cfg', `global\n    stats socket ${folder}/sock\n`)
    const first = await start(['-db', '-f', config])
    await until(() => readable(`${folder}/sock`))
    const second = await start(['-W', '-p', `${folder}/pid`, '-f', config, '-sf', String(first.child.pid)])
    expect(await first.ended).toBe(0)
    expect(readFileSync(`${folder}/pid`, 'utf8')).toBe(`${second.child.pid}\n`)
    await until(() => second.output.err.includes('hapsim: -W: there is no master process'))
  })

  it('rejects background mode, with a hint', () => {
    const { code, err } = call('-D', '-f', write('a.cfg', `global\n    stats socket ${folder}/sock\n`))
    expect(code).toBe(1)
    expect(err).toContain('hapsim: -D: background mode is not supported; use -db')
    expect(call('-D', '-c', '-V', '-f', `${folder}/a.cfg`)).toEqual({
      code: 0,
      out: 'Configuration file is valid\n',
      err: '',
    })
  })

  it('warns about flags without effect when it serves', async () => {
    const config = write('a.cfg', `global\n    stats socket ${folder}/sock\n`)
    const old = createServer().listen(`${folder}/old.sock`)
    const args = ['-x', `${folder}/old.sock`, '-W', '-S', '/run/master.sock', '-dL', '-f', config]
    const { child, output, ended } = await start(args)
    await until(() => output.err.includes('hapsim: -dL: '))
    old.close()
    expect(output.err).toContain(`hapsim: -x ${folder}/old.sock: sockets cannot be inherited from another process`)
    expect(output.err).toContain('hapsim: -S /run/master.sock: there is no master process')
    child.kill('SIGTERM')
    expect(await ended).toBe(null)
  })

  it("distinguishes its own messages from HAProxy's", () => {
    const config = write('a.cfg', `global\n    stats socket ${folder}/sock\ncache c\n    total-max-size 4\n`)
    const { code, out, err } = call('-c', '-V', '-f', config)
    expect({ code, out }).toEqual({ code: 0, out: 'Configuration file is valid\n' })
    expect(err).toBe(
      `hapsim: ${config}:3: section 'cache c' is known to HAProxy but not emulated by hapsim yet: ignored.\n`,
    )
  })

  it('lists emulated keywords', () => {
    const config = write('a.cfg', 'global\n')
    expect(call('-dKhelp', '-c', '-f', config).out).toContain('cfg: configuration keywords\n')
    const { out } = call('-dKcli,smp', '-c', '-f', config)
    expect(out).toMatch(/^# List of registered CLI keywords:\n/)
    expect(out).toContain('\nshow info [WORKER] \n')
    expect(out).toContain('# List of registered sample fetch functions:\n')
    expect(out).toContain('\nalways_false\n')
    expect(out).not.toContain('configuration keywords')
  })
})

const readable = (path: string): boolean => {
  try {
    // a socket is no file to read, but it is there
    readFileSync(path)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENXIO'
  }
}
