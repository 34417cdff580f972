/** `hapsim check FILE…`: validates configurations as `haproxy -c` does and lists what hapsim does not emulate. */
import { Command } from 'commander'
import type { CheckFlags } from './check/run.js'
import type { Terminal } from './terminal.js'
import {
  allowExecOption,
  allowWriteOption,
  envOption,
  luaOption,
  modulesOption,
  startLimitOption,
  timeZoneOption,
} from './world.js'

/** The `check` command. */
export const checkCommand = (terminal: Terminal): Command =>
  new Command('check')
    .description("validate a configuration as 'haproxy -c' does, and list what hapsim does not emulate")
    .argument('<file...>', 'configuration files (.cfg) in order, directories of them, or a script (.lua)')
    .option('--json', 'print one JSON object per line')
    .addOption(envOption('the environment of this command'))
    .addOption(timeZoneOption("the host's"))
    .addOption(luaOption())
    .addOption(modulesOption())
    .addOption(allowExecOption())
    .addOption(allowWriteOption())
    .addOption(startLimitOption())
    .addHelpText(
      'after',
      `
Like 'haproxy -c', resolves names and reads certificates and scripts on this
machine; no socket is opened. Exit codes are HAProxy's: 0 if the configuration
is valid, 1 if it is not, 2 if it has no listener.

Examples:
  hapsim check haproxy.cfg
  hapsim check global.cfg conf.d --env PORT=8080
  hapsim check haproxy.cfg --json`,
    )
    .action(async (files: string[], flags: CheckFlags) => {
      // imported lazily to keep simulations fast to start
      const { runCheck } = await import('./check/run.js')
      terminal.exitCode = runCheck(files, flags, terminal)
    })
