/** `hapsim check FILE…`: whether HAProxy would start, and what of a configuration hapsim leaves out. */
import { Command } from 'commander'
import type { CheckFlags } from './check/run.js'
import type { Terminal } from './terminal.js'
import { allowExecOption, allowWriteOption, envOption, luaOption, startLimitOption, timeZoneOption } from './world.js'

export const checkCommand = (terminal: Terminal): Command =>
  new Command('check')
    .description('say whether HAProxy would start with a configuration, and what of it hapsim leaves out')
    .argument('<file...>', 'configurations (.cfg) in their order, folders of them, or one script (.lua)')
    .option('--json', 'one JSON object a line')
    .addOption(envOption("that of this command's own process"))
    .addOption(timeZoneOption("this machine's"))
    .addOption(luaOption())
    .addOption(allowExecOption())
    .addOption(allowWriteOption())
    .addOption(startLimitOption())
    .addHelpText(
      'after',
      `
Looks at this machine as 'haproxy -c' does: names are looked up, certificates
and scripts are read. Nothing is opened. Exit codes are HAProxy's: 0 it would
start, 1 it would not, 2 it would not for want of something to listen at.

Examples:
  hapsim check haproxy.cfg
  hapsim check global.cfg conf.d --env PORT=8080
  hapsim check haproxy.cfg --json`,
    )
    .action(async (files: string[], flags: CheckFlags) => {
      // loaded only here: a simulation does not wait for it
      const { runCheck } = await import('./check/run.js')
      terminal.exitCode = runCheck(files, flags, terminal)
    })
