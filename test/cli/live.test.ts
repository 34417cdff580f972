/** `hapsim run --live` as shipped: a separate process with signals, pipes and exit codes. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { build, root } from '../support/build.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { freePort } from '../support/free-port.js'

beforeAll(build, 60_000)

let folder: string
const children: ChildProcess[] = []

beforeEach(() => {
  folder = temporaryFolder('live-cli')
})

afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
})

const write = (name: string, content: string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const configuration = (mailPort: number, global = ''): string =>
  write(
    'haproxy.cfg',
    `global
    log stdout format raw local0
    stats socket ${folder}/sock level admin
    tune.lua.bool-sample-conversion normal
    lua-load ${join(root, 'lua/mailers.lua')}
${global}
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
mailers m
    mailer first 127.0.0.1:${mailPort}
frontend fe
    bind 127.0.0.1:8080
backend be1
    email-alert mailers m
    email-alert from haproxy@example.com
    email-alert to admin@example.com
    email-alert level info
    server s1 127.0.0.1:1 check inter 100ms fall 2
`,
  )

const hapsim = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli/main.js', ...args], {
    cwd: root,
    encoding: 'utf8',
    timeout: 30_000,
  })
  return { code: status, out: stdout, complaints: stderr }
}

/** Starts a command that runs until it is stopped. */
const start = (...args: string[]) => {
  const child = spawn(process.execPath, ['dist/cli/main.js', ...args], { cwd: root })
  children.push(child)
  const output = { out: '', complaints: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.complaints += text))
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  return { child, output, ended }
}

const until = async (condition: () => boolean): Promise<void> => {
  for (const end = Date.now() + 20_000; !condition();) {
    if (Date.now() > end) throw new Error('it did not happen')
    await new Promise((done) => setTimeout(done, 10))
  }
}

const cli = (command: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(join(folder, 'sock'), () => socket.end(`${command}\n`))
    let answer = ''
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text))
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
  })

describe('hapsim run --live', () => {
  it('does not start if the directory of default-path is missing, like HAProxy', () => {
    const file = join(folder, 'a.cfg')
    writeFileSync(file, `global\n    default-path origin /nowhere\n    stats socket ${folder}/sock\n`)
    const { code, complaints } = hapsim('run', file, '--live')
    expect(code).toBe(1)
    expect(complaints).toContain(
      `parsing [${file}:2] : couldn't set 'default-path' to origin '/nowhere': Impossible to get back to directory '`,
    )
  })

  it('shows and saves the mail about a server that is down, answers at its socket, and stops at a signal', async () => {
    const port = await freePort()
    const { child, output, ended } = start(
      ...['run', configuration(port), '--live', `--mail-sink=127.0.0.1:${port}`, '--mail-dir', join(folder, 'mails')],
    )
    await until(() => output.out.includes('received by the mail sink'))
    expect(output.out).toContain('Server be1/s1 is DOWN, reason: Layer4 connection problem')
    expect(output.out).toContain('| To: admin@example.com')
    expect(output.complaints).toContain(`[WARNING]  (${child.pid}) : Server be1/s1 is DOWN`)
    expect(output.complaints).toContain(`hapsim: accepting mail at 127.0.0.1:${port}`)
    expect(await cli('show info')).toContain(`Pid: ${child.pid}\n`)
    expect(readdirSync(join(folder, 'mails'))).toEqual(['0001.eml'])
    expect(readFileSync(join(folder, 'mails', '0001.eml'), 'utf8')).toContain('To: admin@example.com\r\n')
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(output.out).toContain('Proxy be1 stopped (cumulated conns: FE: 0, BE: 0).')
  })

  it('continues while its output is not read', async () => {
    const script = `core.register_task(function()
      while true do
        for _ = 1, 200 do print(string.rep('x', 1000)) end
        core.msleep(5)
      end
    end)`
    const noisy = configuration(1, `    lua-load ${write('noisy.lua', script)}`)
    const child = spawn(process.execPath, ['dist/cli/main.js', 'run', noisy, '--live'], { cwd: root })
    children.push(child)
    await until(() => existsSync(join(folder, 'sock')))
    await new Promise((done) => setTimeout(done, 1000))
    expect(await cli('show info')).toContain('Name: HAProxy')
  })

  /** With few file descriptors; Node alone takes about 60 while it loads. */
  const startWithFew = (file: string) => {
    const child = spawn(
      '/bin/sh',
      ['-c', `ulimit -n 100; exec "$0" dist/cli/main.js run ${file} --live`, process.execPath],
      { cwd: root },
    )
    children.push(child)
    const output = { out: '', complaints: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.complaints += text))
    return { child, output, ended: new Promise<number | null>((resolve) => child.on('close', resolve)) }
  }

  const manyChecks = (global: string, port: number) =>
    write(
      'many.cfg',
      `global
    log stdout format raw local0
    stats socket ${folder}/sock level admin
    nbthread 1
${global}
defaults
    mode tcp
    log global
    timeout connect 500ms
    timeout client 1s
    timeout server 1s
backend be1
    option tcp-check
    tcp-check expect string hello
    default-server inter 500ms fall 2 rise 2
${Array.from({ length: 200 }, (_, i) => `    server s${i} 127.0.0.1:${port} check`).join('\n')}
`,
    )

  it('does not start with fewer descriptors than it may need', async () => {
    const { output, ended } = startWithFew(manyChecks('    maxconn 10', 1))
    expect(await ended).toBe(1)
    expect(output.complaints).toContain('[haproxy.main()] Cannot raise FD limit to 244, limit is 100.')
    expect(existsSync(join(folder, 'sock'))).toBe(false)
  })

  it('continues when it runs out of descriptors, and recovers', async () => {
    const sockets = new Set<Socket>()
    let answers = false
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)))
      if (answers) socket.write('hello')
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    try {
      const { port } = server.address() as { port: number }
      const { child, output, ended } = startWithFew(manyChecks('    no strict-limits\n    maxconn 10', port))
      await until(() => output.out.includes('Server be1/s199 is DOWN'))
      expect(output.complaints).toContain('[haproxy.main()] Cannot raise FD limit to 244, limit is 100.')
      expect(output.complaints).toContain(
        "[haproxy.main()] FD limit (100) too low for maxconn=10/maxsock=244. Please raise 'ulimit-n' to 244 or more to avoid any trouble.",
      )
      expect(output.out).toContain(
        "Proxy be1 reached process FD limit (maxsock=244). Please check 'ulimit-n' and restart.\n",
      )
      expect(output.out).toMatch(
        /Server be1\/s\d+ is DOWN, reason: Layer4 connection problem, info: "Too many sockets on the process \(Too many open files\)/,
      )
      answers = true
      await until(() => /Server be1\/s\d+ is UP/.test(output.out))
      child.kill('SIGTERM')
      expect(await ended).toBe(0)
    } finally {
      for (const socket of sockets) socket.destroy()
      server.close()
    }
  })

  it('ends after --for', () => {
    expect(hapsim('run', configuration(1), '--live', '--for', '300ms').code).toBe(0)
  })

  it('ends with code 1 and HAProxy’s messages if HAProxy would not start', () => {
    const { code, complaints } = hapsim('run', write('bad.cfg', 'global\n    nonsense\n'), '--live')
    expect(code).toBe(1)
    expect(complaints).toMatch(/\[ALERT\] {4}\(\d+\) : config : parsing \[.*bad\.cfg:2\] : unknown keyword 'nonsense'/)
  })

  it.each([
    [['lua/mailers.lua', '--live'], '--live needs a configuration'],
    [['x.cfg', '--live', '--at', '1s=down be1/s1'], '--at applies to simulated servers only'],
    [['x.cfg', '--live', '--json'], '--json, --report, --trace and --coverage cannot be used with --live'],
    [['x.cfg', '--mail-sink'], '--mail-sink requires --live'],
  ])('rejects %j', (args, complaint) => {
    const { code, complaints } = hapsim('run', ...args)
    expect(code).toBe(2)
    expect(complaints).toContain(complaint)
  })
})
