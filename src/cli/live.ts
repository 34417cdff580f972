/** `hapsim run --live FILE`: a process on real sockets that runs until it is stopped. Imported on demand. */
import { encodeText } from '../bytes/text.js'
import { printable } from '../bytes/printable.js'
import {
  configurationReader,
  exitAfterFlush,
  lineWriter,
  LiveRun,
  StderrConsole,
  SIGNAL_EXIT_CODES,
  type StopSignal,
} from '../live/index.js'
import { toMicros } from '../sim/index.js'
import { isScript } from './built-in.js'
import { exitBySigusr1 } from './sigusr1.js'
import { readConfigFiles } from './haproxy/config-files.js'
import { inheritedVariables } from './haproxy/environment.js'
import { startSink, type SinkFlags } from './mail-sink.js'
import { startExternalCommand } from './external-command.js'
import { UsageError, type Terminal } from './terminal.js'
import type { WorldFlags } from './world.js'

export interface LiveFlags extends WorldFlags, SinkFlags {
  readonly withoutFrontends?: true
}

/** Returns the exit code. Stops after `--for`, if given. */
export const runLive = async (names: readonly string[], flags: LiveFlags, terminal: Terminal): Promise<number> => {
  if (names.length === 0) throw new UsageError("missing required argument 'file'")
  if (names.some(isScript)) throw new UsageError('--live needs a configuration with real servers')
  if (flags.at.length > 0) throw new UsageError('--at applies to simulated servers only, not to --live')
  if (flags.http.length > 0 || flags.tcp.length > 0)
    throw new UsageError('--http and --tcp add simulated servers and cannot be used with --live')
  terminal.ignoresWriteErrors = true
  const streams = { stdout: lineWriter(process.stdout), stderr: lineWriter(process.stderr) }
  const warn = (text: string) => void streams.stderr.write(encodeText(`${printable(`hapsim: ${text}`)}\n`))
  const signals = new SignalHandlers()
  const sink = await startSink(flags, terminal, streams.stdout, warn)
  let limit: NodeJS.Timeout | undefined
  try {
    const operator = new StderrConsole({ stderr: streams.stderr, pid: process.pid })
    const files = readConfigFiles(names)
    if ('error' in files) {
      operator.write('alert', files.error)
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
      modules: flags.modules === true,
      opensFrontends: flags.withoutFrontends !== true,
      allow: { exec: flags.allowExec === true, write: flags.allowWrite === true },
      ...(flags.startLimit !== undefined && { startLimit: flags.startLimit }),
      ...(flags.allowExec && { exec: startExternalCommand(false) }),
      streams,
      warn,
    })
    signals.run = run
    limit = flags.for === undefined ? undefined : setTimeout(() => run.stopSoftly(), toMicros(flags.for) / 1000)
    await run.start()
    return await run.ended
  } finally {
    clearTimeout(limit)
    signals.ignore()
    await sink?.stop()
    exitAfterFlush()
  }
}

/** Signal handlers, installed before the run exists. */
class SignalHandlers {
  /** the process to signal; until it is set, signals end the command */
  run: LiveRun | undefined
  readonly #handlers: readonly (readonly [NodeJS.Signals, () => void])[] = [
    ...(['SIGINT', 'SIGTERM', 'SIGUSR1'] as const).map((name) => [name, () => this.#stop(name)] as const),
    ['SIGHUP', () => this.run?.dumpStates()],
  ]

  constructor() {
    process.off('SIGUSR1', exitBySigusr1)
    for (const [name, handler] of this.#handlers) process.on(name, handler)
  }

  ignore(): void {
    for (const [name, handler] of this.#handlers) process.off(name, handler)
  }

  #stop(name: StopSignal): void {
    if (this.run) this.run.signal(name)
    else process.exit(SIGNAL_EXIT_CODES[name])
  }
}
