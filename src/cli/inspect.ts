/** `--inspect`: debugging by an editor over the Debug Adapter Protocol. */
import { InvalidArgumentError, Option } from 'commander'
import type { Debugger, Listen } from '../debug/index.js'
import { UsageError, type Terminal } from './terminal.js'

/** The `--inspect` option. */
export const inspectOption = (): Option =>
  new Option('--inspect [port]', 'wait for an editor to debug Lua, on a local TCP port or stdio')
    .preset(DEFAULT_PORT)
    .argParser(parseListen)

/** The port of Visual Studio Code's examples. */
const DEFAULT_PORT = '4711'

const parseListen = (value: string): Listen => {
  if (value === 'stdio') return 'stdio'
  if (!/^\d+$/.test(value) || Number(value) > 65_535) throw new InvalidArgumentError('expected a port or stdio')
  return { port: Number(value) }
}

/** A connected debugger, and a terminal whose output is also sent to it. */
export interface InspectedTerminal {
  readonly inspector: Debugger
  readonly terminal: Terminal
}

/**
 * Waits until an editor is connected.
 *
 * @param directory relative file names start here
 */
export const startInspection = async (
  where: Listen,
  terminal: Terminal,
  directory = '.',
): Promise<InspectedTerminal> => {
  // imported lazily: rarely used
  const { EditorConnection, Debugger } = await import('../debug/index.js')
  const connection = new EditorConnection(where)
  const inspector = new Debugger(connection, {
    directory,
    clock: () => terminal.clock(),
    terminate: () => process.exit(SIGTERM_EXIT_CODE),
  })
  try {
    const address = inspector.listen()
    if (where !== 'stdio') terminal.writeError(`hapsim: waiting for an editor at ${address}`)
  } catch (error) {
    throw new UsageError(`--inspect: ${(error as Error).message}`)
  }
  inspector.waitForEditor()
  return { inspector, terminal: teeTerminal(terminal, inspector, where === 'stdio') }
}

/** Exit code after SIGTERM. */
const SIGTERM_EXIT_CODE = 143

/** A terminal that also writes to the editor; only to it if stdout carries the protocol. */
const teeTerminal = (terminal: Terminal, inspector: Debugger, instead: boolean): Terminal => ({
  write: (text) => {
    if (!instead) terminal.write(text)
    inspector.print(text)
  },
  writeError: (text) => {
    terminal.writeError(text)
    inspector.print(text, 'stderr')
  },
  colours: terminal.colours && !instead,
  // time spent in the debugger does not count
  clock: () => terminal.clock() - inspector.stoppedFor,
  exitCode: 0,
})
