/** `--mail-account` and `--mail-tls`, in simulations and with `--live`. */
import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { build, root } from '../support/build.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { freePort } from '../support/free-port.js'

const MAIN = join(root, 'dist/cli/main.js')
let folder = ''

const script = (connect: string, port: number) => `
core.register_task(function()
  core.sleep(1)
  local socket = core.tcp()
  print(socket:${connect}("127.0.0.1", ${port}))
  local function ask(line)
    if line then socket:send(line .. "\\r\\n") end
    local reply
    repeat reply = socket:receive("*l") until reply == nil or reply:sub(4, 4) ~= "-"
    return reply
  end
  ask() ask("EHLO haproxy")
  print(ask("AUTH PLAIN AGFsZXJ0cwBzM2NyZXQ="))
  ask("MAIL FROM:<a@example.com>") ask("RCPT TO:<b@example.com>") ask("DATA") print(ask("Subject: hello\\r\\n\\r\\nhello\\r\\n."))
end)`

const config = (port: number) =>
  `global\n stats socket unix@sock\n tune.lua.bool-sample-conversion normal\n lua-load s.lua\nmailers m\n mailer box 127.0.0.1:${port}\n`

beforeAll(() => {
  build()
  folder = temporaryFolder('mail-options')
}, 60_000)

const prepare = (connect: string, port: number): void => {
  writeFileSync(join(folder, 's.lua'), script(connect, port))
  writeFileSync(join(folder, 'x.cfg'), config(port))
}

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'run', 'x.cfg', ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 20_000,
  })
  return { code: status, out: stdout, err: stderr }
}

it.each([
  ['connect', [], 'received by box, from alerts (AUTH PLAIN)'],
  ['connect', ['--mail-tls', 'starttls'], 'received by box, from alerts (AUTH PLAIN)'],
  ['connect_ssl', ['--mail-tls', 'implicit'], 'received by box over TLS, from alerts (AUTH PLAIN)'],
])('mails in a simulation show the authenticated user (%s %j)', (connect, tls, shown) => {
  prepare(connect, 25)
  expect(run('--mail-account', 'alerts:s3cret', ...tls).out).toContain(shown)
})

it('JSON output contains the user, too', () => {
  prepare('connect_ssl', 25)
  const lines = run('--json', '--mail-account', 'alerts:s3cret', '--mail-tls=implicit').out.trim().split('\n')
  const mail = lines.map((line) => JSON.parse(line) as { type: string }).find(({ type }) => type === 'mail')
  expect(mail).toMatchObject({ user: 'alerts', mechanism: 'PLAIN', tls: true, subject: 'hello' })
})

it('other accounts are rejected', () => {
  prepare('connect', 25)
  const { out } = run('--mail-account', 'other:x:y', '--mail-account', 'alerts:wrong')
  expect(out).toContain('535 5.7.8 Authentication credentials invalid')
  expect(out).not.toContain('received by')
})

it.each([
  [
    ['--mail-account', 'nobody'],
    "option '--mail-account <user:password>' argument 'nobody' is invalid. expected USER:PASSWORD",
  ],
  [
    ['--mail-tls', 'always'],
    "option '--mail-tls <how>' argument 'always' is invalid. Allowed choices are starttls, implicit.",
  ],
  [['--live', '--mail-account', 'a:b'], '--live: --mail-account requires --mail-sink'],
  [['--live', '--mail-tls', 'starttls'], '--live: --mail-tls requires --mail-sink'],
])('usage errors are reported (%j)', (args, complaint) => {
  prepare('connect', 25)
  const { code, err } = run(...args)
  expect(code).toBe(2)
  expect(err).toContain(`hapsim: ${complaint}`)
})

it('the mail sink shows the user, over real TLS', async () => {
  const port = await freePort()
  prepare('connect_ssl', port)
  const args = [
    'run',
    'x.cfg',
    '--live',
    `--mail-sink=127.0.0.1:${port}`,
    '--mail-account',
    'alerts:s3cret',
    '--mail-tls',
    'implicit',
  ]
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  try {
    while (!out.includes('hello') && child.exitCode === null) await new Promise((done) => setTimeout(done, 20))
    expect(err).toContain(`hapsim: accepting mail at 127.0.0.1:${port}, over TLS, authentication required`)
    expect(out).toContain('received by the mail sink over TLS, from alerts (AUTH PLAIN)')
  } finally {
    child.kill('SIGKILL')
  }
})
