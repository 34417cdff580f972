/**
 * Starting a process with 300,000 backends of one server each and a script that reads one of them: duration and peak memory, compared with
 * the real HAProxy if installed. Targets: faster than HAProxy, with a third of its memory. A second script iterates over all of
 * core.backends: its time must grow linearly.
 *
 * node bench/startup.mjs [--json] [--backends N]
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { report, temporaryFolder } from './support.mjs'

const count = Number(process.argv[process.argv.indexOf('--backends') + 1] || 0) || 300_000

const configuration = (backends, script) => {
  const lines = [
    'global',
    '    tune.lua.bool-sample-conversion normal',
    `    lua-load ${script}`,
    'defaults',
    '    mode http',
    '    timeout connect 1s',
    '    timeout client 1s',
    '    timeout server 1s',
    'frontend fe',
    '    bind unix@fe.sock',
  ]
  for (let i = 0; i < backends; i++)
    lines.push(`backend be${i}`, `    server s1 10.${i >> 16}.${(i >> 8) & 255}.${i & 255}:80`)
  return `${lines.join('\n')}\n`
}

const READ_ONE = `core.register_init(function()
  local backend = core.backends["be${count >> 1}"]
  print("read " .. backend:get_name() .. " " .. backend.servers.s1:get_addr())
end)
`

const READ_ALL = `core.register_init(function()
  local clock, count = os.time(), 0
  for name, backend in pairs(core.backends) do
    if backend.servers.s1:get_weight() == 1 then count = count + 1 end
  end
  print("read " .. count)
end)
`

/** Runs in a child process: starts the configuration in a directory and reports the result. */
const child = async (folder) => {
  const { Simulation } = await import('../dist/index.js')
  const haproxy = new Simulation().haproxy({ config: { file: 'haproxy.cfg' }, directory: folder })
  const built = performance.now()
  haproxy.start()
  console.log(haproxy.output.join('\n'))
  console.log(JSON.stringify({ init: performance.now() - built }))
}

/** Peak memory of a running process in MB (Linux). */
const peakOf = (pid) => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

/** Runs a command until it prints `read …`; returns seconds and megabytes. */
const measure = (command, args, cwd) =>
  new Promise((resolve, reject) => {
    const start = performance.now()
    const running = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const take = (data) => {
      output += data
      const line = /^read .*$/m.exec(output)
      if (!line) return
      const seconds = (performance.now() - start) / 1000
      const megabytes = peakOf(running.pid)
      running.stdout.off('data', take)
      running.kill('SIGKILL')
      resolve({ seconds, megabytes, line: line[0] })
    }
    running.stdout.on('data', take)
    let errors = ''
    running.stderr.on('data', (data) => (errors += data))
    running.on('exit', () => reject(new Error(`${command} ended: ${output}${errors.slice(0, 2000)}`)))
  })

const play = async (command, args, backends, script) => {
  const folder = temporaryFolder('bench')
  writeFileSync(join(folder, 'haproxy.cfg'), configuration(backends, 'bench.lua'))
  writeFileSync(join(folder, 'bench.lua'), script)
  return await measure(command, [...args(folder)], folder)
}

const main = async () => {
  const self = fileURLToPath(import.meta.url)
  const simulated = (backends, script) =>
    play(process.execPath, (folder) => [self, '--child', folder], backends, script)
  const binary = join(process.env.HAPSIM_UPSTREAM ?? join(homedir(), '.cache', 'hapsim-upstream'), 'haproxy')
  const real = (backends, script) => play(binary, () => ['-db', '-f', 'haproxy.cfg'], backends, script)
  const title = count.toLocaleString('en')
  const figures = { [`hapsim, ${title} backends, one read`]: await simulated(count, READ_ONE) }
  if (existsSync(binary)) figures[`HAProxy, ${title} backends, one read`] = await real(count, READ_ONE)
  figures[`hapsim, ${title} backends, all read`] = await simulated(count, READ_ALL)
  figures[`hapsim, ${(count / 10).toLocaleString('en')} backends, all read`] = await simulated(count / 10, READ_ALL)
  report('start of a large configuration (seconds, MB at most)', figures)
}

if (process.argv[2] === '--child') await child(process.argv[3])
else await main()
