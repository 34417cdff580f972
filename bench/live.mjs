/**
 * A soak test of a live process: 50 flapping servers, a mail for every change sent by a script (default: lua/mailers.lua; HAProxy's is
 * examples/lua/mailers.lua of its source) to the mail sink. Every logged change must have exactly one mail; memory at the end must be at
 * most 20% above that after a fifth of the time (minute two of ten); the 99th percentile of the event loop delay must be below 20 ms. The
 * exit code is 1 if a criterion fails.
 *
 * Memory is meaningful only after some minutes of warm-up.
 *
 * node bench/live.mjs [--minutes 10] [--script mailers.lua] [--json]
 */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { report, temporaryFolder } from './support.mjs'

const SERVERS = 50
/**
 * How long a server stays as it is, at least and at most, in milliseconds: some six changes a second. The script sends one mail
 * after the other, and the mail sink greets after a tenth of a second, so that more than nine would queue up, here as in HAProxy.
 */
const STAY = [4000, 12_000]

const option = (name, fallback) => {
  const at = process.argv.indexOf(name)
  return at < 0 ? fallback : process.argv[at + 1]
}
const root = fileURLToPath(new URL('..', import.meta.url))
const minutes = Number(option('--minutes', 10))
const script = resolve(option('--script', join(root, 'lua/mailers.lua')))
if (!(minutes > 0)) {
  console.error('--minutes wants a number above 0')
  process.exit(2)
}
const folder = temporaryFolder('soak')
const mails = join(folder, 'mails')

const listen = (server, port) =>
  new Promise((done, failed) => {
    server.removeAllListeners('listening').removeAllListeners('error').once('error', failed)
    server.listen(port, '127.0.0.1', () => done(server.address().port))
  })

class Flapping {
  async up() {
    this.server = createServer((socket) => socket.on('error', () => undefined).resume())
    for (;;)
      try {
        this.port = await listen(this.server, this.port ?? 0)
        return
      } catch (error) {
        // another process is connecting from this port
        if (error.code !== 'EADDRINUSE') throw error
        await sleep(20)
      }
  }

  async flap(end) {
    for (;;) {
      const stay = STAY[0] + Math.random() * (STAY[1] - STAY[0])
      if (performance.now() + stay > end) return
      await sleep(stay)
      if (this.server.listening) await new Promise((done) => this.server.close(done))
      else await this.up()
    }
  }
}

/** Preloaded into the process under test: reports the event loop delay at exit. */
const WATCH = `
import { monitorEventLoopDelay } from 'node:perf_hooks'
const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
process.on('exit', () => process._rawDebug('p99 ' + delay.percentile(99) / 1e6))`

const memory = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024

/** Counts reported changes; the number of remaining servers distinguishes changes of one kind. */
const changes = (texts) => {
  const counts = { total: 0 }
  for (const text of texts) {
    const change = /Server be1\/s\d+ is (?:UP|DOWN)/.exec(text)?.[0]
    if (change === undefined) continue
    counts.total++
    counts[change] = (counts[change] ?? 0) + 1
  }
  return counts
}

const servers = Array.from({ length: SERVERS }, () => new Flapping())
for (const each of servers) await each.up()
const free = createServer()
const mailPort = await listen(free, 0)
await new Promise((done) => free.close(done))
writeFileSync(
  join(folder, 'haproxy.cfg'),
  `global
    log stdout format raw local0
    stats socket ${folder}/sock level admin
    tune.lua.bool-sample-conversion normal
    lua-load ${script}
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
mailers m
    mailer sink 127.0.0.1:${mailPort}
backend be1
    email-alert mailers m
    email-alert from haproxy@example.com
    email-alert to admin@example.com
    email-alert level info
    default-server inter 200ms fall 2 rise 2
${servers.map(({ port }, i) => `    server s${i} 127.0.0.1:${port} check`).join('\n')}
`,
)
const child = spawn(
  process.execPath,
  [
    ...['--import', `data:text/javascript,${encodeURIComponent(WATCH)}`, join(root, 'dist/cli/main.js'), 'run'],
    ...[join(folder, 'haproxy.cfg'), '--live', `--mail-sink=127.0.0.1:${mailPort}`, '--mail-dir', mails],
  ],
  { stdio: ['ignore', 'pipe', 'pipe'] },
)
const output = { out: '', err: '' }
child.stdout.setEncoding('utf8').on('data', (text) => (output.out += text))
child.stderr.setEncoding('utf8').on('data', (text) => (output.err += text))

const end = performance.now() + minutes * 60_000
const flapping = servers.map((each) => each.flap(end))
await sleep(minutes * 12_000)
const early = memory(child.pid)
await Promise.all(flapping)
await sleep(3000)
const late = memory(child.pid)
child.kill('SIGTERM')
await new Promise((done) => child.on('close', done))

const logged = changes(output.out.split('\n').filter((line) => line.startsWith('Server ')))
const kept = changes(readdirSync(mails).map((name) => readFileSync(join(mails, name), 'utf8')))
const lost = Object.keys(logged).filter((key) => key !== 'total' && (kept[key] ?? 0) < logged[key])
const double = Object.keys(kept).filter((key) => key !== 'total' && kept[key] > (logged[key] ?? 0))
const p99 = Number(/p99 ([\d.]+)/.exec(output.err)?.[1])
const verdict = (holds) => ({ holds: holds ? 'pass' : 'FAIL' })
const figures = {
  'changes that were logged': { figure: logged.total, ...verdict(logged.total > 0) },
  'mails, one for each': { figure: kept.total, limit: logged.total, ...verdict(lost.length === 0) },
  'mails that came twice': { figure: double.length, limit: 0, ...verdict(double.length === 0) },
  'memory after a fifth (MiB)': { figure: early },
  'memory at the end (MiB)': { figure: late, limit: early * 1.2, ...verdict(late <= early * 1.2) },
  'event loop delay, 99th percentile (ms)': { figure: p99, limit: 20, ...verdict(p99 < 20) },
}
report(`${SERVERS} servers that go and come back, ${minutes} minutes`, figures)
for (const each of servers) each.server.close()
if (lost.length > 0) console.error(`without a mail: ${lost.join(', ')}`)
if (double.length > 0) console.error(`more mails than changes: ${double.join(', ')}`)
if (Object.values(figures).some(({ holds }) => holds === 'FAIL')) process.exitCode = 1
