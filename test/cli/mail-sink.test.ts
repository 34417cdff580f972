/** `--mail-sink` and `--mail-dir`, given by hand: addresses and folders that do not do are refused with a sentence. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { build, root } from '../support/build.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder = ''

beforeAll(() => {
  build()
  folder = temporaryFolder('mail-sink')
  writeFileSync(
    join(folder, 'ok.cfg'),
    'global\n    stats socket unix@sock\nbackend b\n    timeout connect 1s\n    timeout server 1s\n    server s 127.0.0.1:1\n',
  )
  mkdirSync(join(folder, 'locked'), { mode: 0o555 })
}, 60_000)

/** In the folder. @param before put before the command */
const run = (args: readonly string[], before: readonly string[] = []) => {
  const [command, ...rest] = [...before, process.execPath, join(root, 'dist/cli/main.js'), 'run', ...args]
  const { status, stdout, stderr } = spawnSync(command!, rest, { cwd: folder, encoding: 'utf8', timeout: 20_000 })
  return { code: status, out: stdout, complaints: stderr.split('\n').filter((line) => !line.startsWith('[')) }
}

const HELP = "(see 'hapsim run --help')"
const invalid = (text: string, why: string): string =>
  `hapsim: option '--mail-sink [addr]' argument '${text}' is invalid. ${why}`

it.each([
  ['nowhere', "expected ADDRESS:PORT, such as 127.0.0.1:2525 (missing port specification in 'nowhere')"],
  ['127.0.0.1:99999', "expected ADDRESS:PORT, such as 127.0.0.1:2525 (invalid port '99999')"],
  ['', 'expected ADDRESS:PORT, such as 127.0.0.1:2525'],
  ['unix@/run/sink', 'expected ADDRESS:PORT, such as 127.0.0.1:2525'],
  ['ok.cfg', 'put --mail-sink after the file, or write --mail-sink=ADDRESS:PORT'],
])('rejects an invalid address (%j)', (text, why) => {
  expect(run(['--live', `--mail-sink=${text}`, 'ok.cfg'])).toEqual({
    code: 2,
    out: '',
    complaints: [invalid(text, why), HELP, ''],
  })
})

it('does not take the configuration file for an address', () => {
  const { code, complaints } = run(['--live', '--mail-sink', 'ok.cfg'])
  expect({ code, complaint: complaints[0] }).toEqual({
    code: 2,
    complaint: invalid('ok.cfg', 'put --mail-sink after the file, or write --mail-sink=ADDRESS:PORT'),
  })
})

it.each([
  ['192.0.2.77:25', 'cannot listen at 192.0.2.77:25: Cannot assign requested address'],
  ['nobody.invalid:25', 'cannot listen at nobody.invalid:25: unknown host'],
])('rejects an address of another machine (%s)', (address, complaint) => {
  expect(run(['ok.cfg', '--live', `--mail-sink=${address}`])).toEqual({
    code: 2,
    out: '',
    complaints: [`hapsim: --mail-sink: ${complaint}`, ''],
  })
})

it('rejects an address that is in use', async () => {
  const other = createServer()
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
  const where = `127.0.0.1:${(other.address() as AddressInfo).port}`
  try {
    expect(run(['ok.cfg', '--live', `--mail-sink=${where}`])).toEqual({
      code: 2,
      out: '',
      complaints: [
        `hapsim: --mail-sink: cannot listen at ${where}: Address already in use; use --mail-sink=ADDRESS:PORT for another address`,
        '',
      ],
    })
  } finally {
    other.close()
  }
})

it.each([
  ['ok.cfg', "'ok.cfg': File exists"],
  ['ok.cfg/x', "'ok.cfg/x': Not a directory"],
  ['/proc/hapsim/mails', "'/proc/hapsim/mails': No such file or directory"],
])('rejects an invalid directory (%s)', (path, complaint) => {
  expect(run(['ok.cfg', '--live', '--mail-sink=127.0.0.1:1', `--mail-dir=${path}`])).toEqual({
    code: 2,
    out: '',
    complaints: [`hapsim: --mail-dir: cannot save mails in ${complaint}`, ''],
  })
})

const asNobody = ['setpriv', '--reuid', '65534', '--clear-groups']

it.skipIf(process.getuid?.() !== 0 || spawnSync('setpriv', ['-V']).status !== 0)(
  'rejects a privileged port for an unprivileged user',
  () => {
    const [port, locked] = [['--mail-sink=127.0.0.1:81'], ['--mail-sink=127.0.0.1:2', '--mail-dir=locked']].map(
      (more) => run(['ok.cfg', '--live', ...more], asNobody).complaints[0],
    )
    expect(port).toBe(
      'hapsim: --mail-sink: cannot listen at 127.0.0.1:81: Permission denied; ports below 1024 are privileged',
    )
    expect(locked).toBe("hapsim: --mail-dir: cannot save mails in 'locked': Permission denied")
  },
)

it.each(['[::1]', 'localhost'])('prints the address at which it listens (%s)', async (host) => {
  const other = createServer()
  await new Promise<void>((done) => other.listen(0, host === 'localhost' ? host : '::1', done))
  const where = `${host}:${(other.address() as AddressInfo).port}`
  await new Promise((done) => other.close(done))
  const { code, complaints } = run(['ok.cfg', '--live', `--mail-sink=${where}`, '--for', '1ms'])
  expect({ code, complaint: complaints[0] }).toEqual({ code: 0, complaint: `hapsim: accepting mail at ${where}` })
})
