/**
 * The implementation of `hapsim-haproxy`, in HAProxy's order (`main` and `init` in src/haproxy.c): command line, directory, condition,
 * configuration files, then a check or a running process.
 */
import { systemErrorText } from '../../bytes/errno.js'
import { connect } from 'node:net'
import { writeFileSync } from 'node:fs'
import { printable } from '../../bytes/printable.js'
import { evaluateConditionText, type ConfigFile } from '../../config/index.js'
import { configurationReader, exitAfterFlush, lineWriter, LiveRun, StderrConsole } from '../../live/index.js'
import { startExternalCommand } from '../external-command.js'
import { parseCommandLine, type Arguments, type EarlyExit } from './arguments.js'
import { CHECK_EXIT_CODES, checkResultLines } from './check.js'
import { readConfigFiles } from './config-files.js'
import { inheritedVariables } from './environment.js'
import { keywordText } from './keywords.js'
import { MEMORY_HELP } from './memory-help.js'
import { setIdentity } from './identity.js'
import { installSignalHandlers, signalOldProcesses } from './signals.js'
import { usage } from './usage.js'
import { buildText, versionText } from './version.js'

/**
 * Runs the command and returns its exit code.
 *
 * @param hapsim the version of hapsim
 * @param program the path of this program
 */
export const runHaproxy = async (args: readonly string[], hapsim: string, program: string): Promise<number> => {
  const parsed = parseCommandLine(args)
  const quiet = 'code' in parsed ? false : parsed.quiet && !parsed.verbose
  const operator = new StderrConsole({ stderr: lineWriter(process.stderr), pid: process.pid, quiet, program })
  if ('code' in parsed) return exitEarly(parsed, operator, hapsim)
  return new Invocation(parsed, operator, quiet).run()
}

const exitEarly = ({ alert, show, code }: EarlyExit, operator: StderrConsole, hapsim: string): number => {
  if (alert !== undefined) operator.write('alert', alert)
  if (show === 'usage') return showUsage()
  if (show !== undefined)
    process.stdout.write(
      show === 'memory help' ? MEMORY_HELP : versionText() + (show === 'build options' ? buildText(hapsim) : ''),
    )
  return code
}

const showUsage = (): number => {
  const { out, err } = usage()
  process.stdout.write(out)
  process.stderr.write(err)
  return 1
}

class Invocation {
  constructor(
    readonly args: Arguments,
    readonly operator: StderrConsole,
    readonly quiet: boolean,
  ) {}

  async run(): Promise<number> {
    const { args, operator } = this
    if (args.directory !== undefined)
      try {
        process.chdir(args.directory)
      } catch (error) {
        operator.write('alert', `Could not change to directory ${args.directory} : ${systemErrorText(error)}`)
        return 1
      }
    if (args.condition !== undefined) return this.#condition(args.condition)
    const files = readConfigFiles(args.files)
    if ('error' in files) {
      operator.write('alert', files.error)
      return 1
    }
    if (files.length === 0) return showUsage()
    if (args.background && !args.check) {
      this.#complain('-D: background mode is not supported; use -db and & of the shell')
      return 1
    }
    return this.#withFiles(files)
  }

  #condition(text: string): number {
    const value = evaluateConditionText(text, inheritedVariables())
    if (typeof value === 'boolean') return value ? 0 : 1
    this.operator.write('alert', value.error)
    return 2
  }

  async #withFiles(files: readonly ConfigFile[]): Promise<number> {
    const { args } = this
    if (args.lacksMaster) {
      this.operator.write('alert', 'a master CLI socket was defined, but master-worker mode (-W) is not enabled.')
      return 1
    }
    const environment = inheritedVariables()
    const run = new LiveRun({
      config: configurationReader(files, { ...args, checkOnly: args.check, environment }),
      environment,
      seed: process.pid,
      lua: '5.4',
      allow: { exec: true, write: 'anywhere' },
      startLimit: 0,
      exec: startExternalCommand(this.quiet),
      streams: { stdout: lineWriter(process.stdout), stderr: lineWriter(process.stderr) },
      operator: this.operator,
      ...(args.oldProcesses.length > 0 && {
        signalPredecessors: (signal: NodeJS.Signals) => signalOldProcesses(args.oldProcesses, signal),
      }),
      warn: (text) => this.#complain(text),
      onListening: ({ uid, gid }) => {
        // before switching the user, which may not be allowed to signal them
        signalOldProcesses(args.oldProcesses, args.oldSignal)
        return setIdentity(uid, gid, (text) => this.operator.write('warning', text))
      },
    })
    if (args.keywords !== undefined)
      process.stdout.write(keywordText(args.keywords, run.haproxy.process.runtime.registry))
    return args.check ? this.#check(run) : this.#serve(run)
  }

  #check(run: LiveRun): number {
    const found = run.check()
    for (const line of this.quiet ? [] : checkResultLines(found, this.args.verbose)) process.stdout.write(`${line}\n`)
    return CHECK_EXIT_CODES[found.result]
  }

  async #serve(run: LiveRun): Promise<number> {
    const { args } = this
    if (args.oldSocket !== undefined && !(await canConnect(args.oldSocket))) return this.#withoutOldSockets(run)
    const ignore = installSignalHandlers(run, (text) => this.#complain(text))
    try {
      const started = await run.start()
      if (started) {
        for (const sentence of args.unsupported) this.#complain(sentence)
        if (args.pidFile !== undefined) this.#writePid(run, args.pidFile)
      }
      return await run.ended
    } finally {
      ignore()
      exitAfterFlush()
    }
  }

  /** The old process does not answer: exits after the messages of the configuration. */
  #withoutOldSockets(run: LiveRun): number {
    if (run.check().result === 'failed') return 1
    this.operator.write('warning', `Failed to connect to the old process socket '${this.args.oldSocket}'`)
    this.operator.write('alert', 'Failed to get the sockets from the old process!')
    return 1
  }

  #writePid(run: LiveRun, path: string): void {
    try {
      writeFileSync(path, `${process.pid}\n`)
    } catch {
      this.operator.write('alert', `[haproxy.main()] Cannot create pidfile ${path}`)
      run.finish(1)
    }
  }

  #complain(text: string): void {
    if (!this.quiet) process.stderr.write(`${printable(`hapsim: ${text}`)}\n`)
  }
}

/** Whether a Unix socket accepts connections. */
const canConnect = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    }).on('error', () => resolve(false))
  })
