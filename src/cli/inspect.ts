/** `--inspect`: an editor looks on, by the Debug Adapter Protocol. */
import { InvalidArgumentError, Option } from 'commander'
import type { Debugger, Listen } from '../debug/index.js'
import { WrongCall, type Terminal } from './terminal.js'

export const inspectOption = (): Option =>
  new Option('--inspect [port]', 'wait for an editor to debug Lua, at a port of this machine or by stdio')
    .preset(USUAL_PORT)
    .argParser(listen)

/** That of Visual Studio Code's own examples. */
const USUAL_PORT = '4711'

const listen = (value: string): Listen => {
  if (value === 'stdio') return 'stdio'
  if (!/^\d+$/.test(value) || Number(value) > 65_535) throw new InvalidArgumentError('write a port, or stdio')
  return { port: Number(value) }
}

/** A debugger that an editor has connected to, and a terminal of whose lines it is told. */
export interface Inspected {
  readonly inspector: Debugger
  readonly terminal: Terminal
}

/** Waits until an editor is there. @param directory from which names of files start */
export const startInspection = async (where: Listen, terminal: Terminal, directory = '.'): Promise<Inspected> => {
  // loaded only here: nobody else waits for it
  const { Connection, Debugger } = await import('../debug/index.js')
  const connection = new Connection(where)
  const inspector = new Debugger(connection, {
    directory,
    clock: () => terminal.clock(),
    terminate: () => process.exit(TERMINATED),
  })
  try {
    const address = inspector.listen()
    if (where !== 'stdio') terminal.complain(`hapsim: waiting for an editor at ${address}`)
  } catch (error) {
    throw new WrongCall(`--inspect: ${(error as Error).message}`)
  }
  inspector.waitForEditor()
  return { inspector, terminal: told(terminal, inspector, where === 'stdio') }
}

/** As of a program that was told to end. */
const TERMINATED = 143

/** Its lines go to the editor, too: to nobody else where the standard output is the editor's. */
const told = (terminal: Terminal, inspector: Debugger, instead: boolean): Terminal => ({
  write: (text) => {
    if (!instead) terminal.write(text)
    inspector.print(text)
  },
  complain: (text) => {
    terminal.complain(text)
    inspector.print(text, 'stderr')
  },
  colours: terminal.colours && !instead,
  // what an editor takes is not the test's fault
  clock: () => terminal.clock() - inspector.stoppedFor,
  exitCode: 0,
})
