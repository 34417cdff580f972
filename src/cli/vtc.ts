/** `hapsim vtc FILE…`: regression tests in varnishtest's language. */
import { Command } from 'commander'
import { listOption } from './repeatable.js'
import { UsageError, type Terminal } from './terminal.js'
import type { ExploreTestsFlags } from './vtc/explore.js'
import type { VtcFlags } from './vtc/run.js'
import { parseDefinition, parseSeconds } from './vtc/flags.js'
import { integerAtLeast, parseIntegerOption } from './world.js'

/** The `vtc` command. */
export const vtcCommand = (terminal: Terminal): Command =>
  new Command('vtc')
    .description("run regression tests in varnishtest's language (.vtc), in virtual time")
    .argument('<file...>', 'test files (.vtc), or directories of them')
    .addOption(listOption('-D, --define <name=value>', 'define a macro', parseDefinition))
    .option('-t, --duration <seconds>', 'how long a test may take, in virtual time', parseSeconds, 60)
    .option('-k, --keep-going', 'continue after a test has failed')
    .option('-q, --quiet', 'print failures in one line, without logs')
    .option('-v, --verbose', 'print the log of every test')
    .option('--json', 'print one JSON object per test')
    .option('--live', 'run on real sockets in real time, with hapsim-haproxy')
    .option('--haproxy <program>', 'run another HAProxy; implies --live')
    .option(
      '-j, --jobs <n>',
      'how many tests run at a time with --live, or schedules with --explore',
      integerAtLeast(1),
      1,
    )
    .option(
      '--explore <n>',
      'run each test under up to n schedules and report those in which it fails',
      integerAtLeast(1),
    )
    .option('--seed <n>', 'seed all randomness', parseIntegerOption, 1)
    .addHelpText(
      'after',
      `
Exit codes are varnishtest's: 0 if tests have passed, 1 if one has failed, 2 for
files that cannot be read, and 77 if all were skipped. In virtual time, tests that run programs (shell, process) are
skipped; with --live they run.

Examples:
  hapsim vtc reg-tests/mailers/healthcheckmail.vtc
  hapsim vtc -k reg-tests/http-rules
  hapsim vtc --explore 500 reg-tests/mailers
  hapsim vtc --haproxy /usr/sbin/haproxy -j 4 -k reg-tests`,
    )
    .action(async (paths: string[], flags: VtcFlags & Partial<ExploreTestsFlags>) => {
      const { explore } = flags
      if (explore !== undefined) {
        if (flags.live || flags.haproxy !== undefined)
          throw new UsageError('--explore is not possible with --live: schedules exist in virtual time only')
        const { exploreTests } = await import('./vtc/explore.js')
        terminal.exitCode = await exploreTests(paths, { ...flags, explore }, terminal)
        return
      }
      // imported lazily: not needed by other commands
      const { runVtc } = await import('./vtc/run.js')
      terminal.exitCode = await runVtc(paths, flags, terminal)
    })
