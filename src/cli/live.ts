/** `hapsim run --live FILE`: a process on real sockets, until it is told to stop. Loaded only where it is asked for. */
import { leave, lineWriter, LiveRun, MailSink, type LineWriter, type StopSignal } from '../live/index.js'
import { isIp, parseAddress } from '../net/address.js'
import { ConsoleView } from '../report/console.js'
import { toMicros } from '../sim/index.js'
import { startCommand } from './run-command.js'
import { WrongCall, type Terminal } from './terminal.js'
import type { WorldOptions } from './world.js'

export interface LiveFlags extends WorldOptions {
  /** an address, or true for {@link MAIL_SINK} */
  readonly mailSink?: string | true
  readonly mailDir?: string
  readonly withoutFrontends?: true
}

export const MAIL_SINK = '127.0.0.1:2525'

const SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGUSR1']

/** @param limited whether it stops by itself after `--for`. Returns the exit code. */
export const runLive = async (
  file: string,
  flags: LiveFlags,
  limited: boolean,
  terminal: Terminal,
): Promise<number> => {
  if (file.endsWith('.lua')) throw new WrongCall('--live needs a configuration: its servers are real ones')
  if (flags.at.length > 0) throw new WrongCall('--at is for simulated servers; --live has real ones')
  terminal.serves = true
  const terminals = { stdout: lineWriter(process.stdout), stderr: lineWriter(process.stderr) }
  const complain = (text: string) => void terminals.stderr.write(Buffer.from(`hapsim: ${text}\n`))
  const sink = await startSink(flags, terminal, terminals.stdout, complain)
  const environment = { ...process.env, ...flags.env } as Record<string, string>
  const run = new LiveRun({
    config: { file },
    environment,
    seed: flags.seed,
    lua: flags.lua,
    tryFrontends: flags.withoutFrontends !== true,
    allow: { exec: flags.allowExec === true, write: flags.allowWrite === true },
    ...(flags.allowExec && { exec: startCommand(false) }),
    terminals,
    complain,
  })
  const listeners = SIGNALS.map((name) => ({ name, heard: () => run.signal(name) }))
  for (const { name, heard } of listeners) process.on(name, heard)
  const limit = limited ? setTimeout(() => run.signal('SIGUSR1'), toMicros(flags.for) / 1000) : undefined
  try {
    await run.start()
    return await run.ended
  } finally {
    clearTimeout(limit)
    for (const { name, heard } of listeners) process.off(name, heard)
    await sink?.stop()
    leave()
  }
}

const startSink = async (
  { mailSink, mailDir }: LiveFlags,
  terminal: Terminal,
  stdout: LineWriter,
  complain: (text: string) => void,
): Promise<MailSink | undefined> => {
  if (mailSink === undefined && mailDir === undefined) return undefined
  const text = mailSink === undefined || mailSink === true ? MAIL_SINK : mailSink
  const parsed = parseAddress(text, { portOk: true, portMandatory: true })
  if ('error' in parsed) throw new WrongCall(`--mail-sink: ${parsed.error}`)
  if (!isIp(parsed.address)) throw new WrongCall(`--mail-sink: '${text}' is not an IP address with a port`)
  const view = new ConsoleView(terminal.colours)
  const began = terminal.clock()
  try {
    const sink = await MailSink.start({
      host: parsed.address.ip,
      port: parsed.address.port,
      directory: mailDir,
      now: () => Math.round((terminal.clock() - began) * 1000),
      taken({ at, from, to, subject, date, body }) {
        const text = view.render({ type: 'mail', server: 'the mail sink', at, from, to, subject, date, body })
        stdout.write(Buffer.from(`${text}\n`))
      },
      complain,
    })
    complain(`mails are taken at ${parsed.address.ip}:${sink.port}`)
    return sink
  } catch (error) {
    throw new WrongCall(`--mail-sink: ${(error as Error).message}`)
  }
}
