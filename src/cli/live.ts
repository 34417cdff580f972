/** `hapsim run --live FILE`: a process on real sockets, until it is told to stop. Loaded only where it is asked for. */
import { encodeText } from '../bytes/text.js'
import { printable } from '../bytes/printable.js'
import { configurationReader, leave, lineWriter, LiveRun, Operator, SIGNALLED, type StopSignal } from '../live/index.js'
import { toMicros } from '../sim/index.js'
import { isScript } from './built-in.js'
import { endEarly } from './early.js'
import { readConfigFiles } from './haproxy/config-files.js'
import { inheritedVariables } from './haproxy/environment.js'
import { startSink, type SinkFlags } from './mail-sink.js'
import { startCommand } from './run-command.js'
import { WrongCall, type Terminal } from './terminal.js'
import type { WorldFlags } from './world.js'

export interface LiveFlags extends WorldFlags, SinkFlags {
  readonly withoutFrontends?: true
}

/** Returns the exit code. It stops by itself after `--for`, where that is given. */
export const runLive = async (names: readonly string[], flags: LiveFlags, terminal: Terminal): Promise<number> => {
  if (names.length === 0) throw new WrongCall("missing required argument 'file'")
  if (names.some(isScript)) throw new WrongCall('--live needs a configuration: its servers are real ones')
  if (flags.at.length > 0) throw new WrongCall('--at is for simulated servers; --live has real ones')
  if (flags.http.length > 0 || flags.tcp.length > 0)
    throw new WrongCall('--http and --tcp put simulated servers somewhere; --live has real ones')
  terminal.serves = true
  const terminals = { stdout: lineWriter(process.stdout), stderr: lineWriter(process.stderr) }
  const complain = (text: string) => void terminals.stderr.write(encodeText(`${printable(`hapsim: ${text}`)}\n`))
  const signals = new Signals()
  const sink = await startSink(flags, terminal, terminals.stdout, complain)
  let limit: NodeJS.Timeout | undefined
  try {
    const operator = new Operator({ stderr: terminals.stderr, pid: process.pid })
    const files = readConfigFiles(names)
    if ('error' in files) {
      operator.say('alert', files.error)
      return 1
    }
    const environment = { ...inheritedVariables(flags.tz), ...flags.env }
    const run = new LiveRun({
      config: configurationReader(files, { environment }),
      environment,
      ...(flags.tz !== undefined && { timezone: flags.tz }),
      operator,
      seed: flags.seed,
      lua: flags.lua,
      tryFrontends: flags.withoutFrontends !== true,
      allow: { exec: flags.allowExec === true, write: flags.allowWrite === true },
      ...(flags.startLimit !== undefined && { startLimit: flags.startLimit }),
      ...(flags.allowExec && { exec: startCommand(false) }),
      terminals,
      complain,
    })
    signals.run = run
    limit = flags.for === undefined ? undefined : setTimeout(() => run.stopSoftly(), toMicros(flags.for) / 1000)
    await run.start()
    return await run.ended
  } finally {
    clearTimeout(limit)
    signals.ignore()
    await sink?.stop()
    leave()
  }
}

/** What it is told by signals, from the first moment on. */
class Signals {
  /** whom they are for; before there is one, they end the command */
  run: LiveRun | undefined
  readonly #heard: readonly (readonly [NodeJS.Signals, () => void])[] = [
    ...(['SIGINT', 'SIGTERM', 'SIGUSR1'] as const).map((name) => [name, () => this.#stop(name)] as const),
    ['SIGHUP', () => this.run?.dumpStates()],
  ]

  constructor() {
    process.off('SIGUSR1', endEarly)
    for (const [name, heard] of this.#heard) process.on(name, heard)
  }

  ignore(): void {
    for (const [name, heard] of this.#heard) process.off(name, heard)
  }

  #stop(name: StopSignal): void {
    if (this.run) this.run.signal(name)
    else process.exit(SIGNALLED[name])
  }
}
