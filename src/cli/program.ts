/** The command line as a whole: what commands there are, and what becomes of errors. */
import { Command, CommanderError, Help, type Option } from 'commander'
import { applyConfigFile } from './config-file.js'
import { checkCommand } from './check.js'
import { exploreCommand } from './explore.js'
import { initCommand } from './init.js'
import { JobDied } from './jobs.js'
import { replayCommand } from './replay.js'
import { runCommand } from './run.js'
import { testCommand } from './test.js'
import { WrongCall, type Terminal } from './terminal.js'

/** Of its own kind: neither a failure of what was run nor a wrong call. */
const JOB_DIED = 70

/** Runs one call. `args` come without the names of the interpreter and the program. Sets the terminal's exit code. */
export const runProgram = async (args: readonly string[], terminal: Terminal, version: string): Promise<void> => {
  const program = new Command('hapsim')
    .description("Runs HAProxy's Lua scripts, unchanged, in a deterministic simulation of HAProxy.")
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.write(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, 'hapsim: ')),
    })
    .configureHelp({ optionDescription: describe })
    .showHelpAfterError('(hapsim --help shows how to call it)')
    .hook('preAction', (_, command) => applyConfigFile(command))
  for (const command of [
    runCommand(terminal),
    checkCommand(terminal),
    exploreCommand(terminal),
    replayCommand(terminal),
    testCommand(terminal),
    initCommand(terminal),
  ]) {
    command.copyInheritedSettings(program)
    command.showHelpAfterError(`(hapsim ${command.name()} --help shows how to call it)`)
    program.addCommand(command)
  }
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) terminal.exitCode = error.exitCode === 0 ? 0 : 2
    else if (error instanceof WrongCall) {
      terminal.exitCode = 2
      terminal.complain(`hapsim: ${error.message}`)
    } else if (error instanceof JobDied) {
      terminal.exitCode = JOB_DIED
      terminal.complain(`hapsim: ${error.message}`)
    } else throw error
  }
}

/** What `--help` says of an option; commander calls the value of one that is given without any its preset. */
const describe = (option: Option): string =>
  new Help().optionDescription(option).replace(/\(preset: "(.*)"\)$/, '(without one: $1)')
