/** The `hapsim` command line: its commands and error handling. */
import { Command, CommanderError, Help, type Option } from 'commander'
import { applyConfigFile } from './config-file.js'
import { checkCommand } from './check.js'
import { exploreCommand } from './explore.js'
import { initCommand } from './init.js'
import { JobDied } from './jobs.js'
import { replayCommand } from './replay.js'
import { runCommand } from './run.js'
import { testCommand } from './test.js'
import { UsageError, type Terminal } from './terminal.js'
import { vtcCommand } from './vtc.js'

/** Neither a failure of what was run nor a usage error (EX_SOFTWARE). */
const JOB_DIED_EXIT_CODE = 70

/**
 * Runs one command line and sets the exit code of the terminal.
 *
 * @param args without the interpreter and the program
 */
export const runProgram = async (args: readonly string[], terminal: Terminal, version: string): Promise<void> => {
  const program = new Command('hapsim')
    .description("Runs HAProxy's Lua scripts, unchanged, in a deterministic simulation of HAProxy.")
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.write(text.trimEnd()),
      writeErr: (text) => terminal.writeError(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, 'hapsim: ')),
    })
    .configureHelp({ optionDescription: optionDescription })
    .showHelpAfterError("(see 'hapsim --help')")
    .hook('preAction', (_, command) => applyConfigFile(command))
  for (const command of [
    runCommand(terminal),
    checkCommand(terminal),
    exploreCommand(terminal),
    replayCommand(terminal),
    testCommand(terminal),
    vtcCommand(terminal),
    initCommand(terminal),
  ]) {
    command.copyInheritedSettings(program)
    command.showHelpAfterError(`(see 'hapsim ${command.name()} --help')`)
    program.addCommand(command)
  }
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) terminal.exitCode = error.exitCode === 0 ? 0 : 2
    else if (error instanceof UsageError) {
      terminal.exitCode = 2
      terminal.writeError(`hapsim: ${error.message}`)
    } else if (error instanceof JobDied) {
      terminal.exitCode = JOB_DIED_EXIT_CODE
      terminal.writeError(`hapsim: ${error.message}`)
    } else throw error
  }
}

/** The help text of an option. Commander calls the value of an option given without one its preset. */
const optionDescription = (option: Option): string =>
  new Help().optionDescription(option).replace(/\(preset: "(.*)"\)$/, '(default: $1)')
