/**
 * What `hapsim-haproxy` does, in HAProxy's order (`main` and `init` in src/haproxy.c): the command line, the directory, a
 * condition, the files, a check, or a process that serves until it is stopped.
 */
import { systemErrorText } from '../../bytes/errno.js'
import { connect } from 'node:net'
import { writeFileSync } from 'node:fs'
import { printable } from '../../bytes/printable.js'
import { evaluateConditionText, type ConfigFile } from '../../config/index.js'
import { configurationReader, leave, lineWriter, LiveRun, Operator } from '../../live/index.js'
import { startCommand } from '../run-command.js'
import { readArguments, type Arguments, type Ending } from './arguments.js'
import { CHECK_EXIT_CODES, checkWords } from './check.js'
import { readConfigFiles } from './config-files.js'
import { inheritedVariables } from './environment.js'
import { keywordText } from './keywords.js'
import { MEMORY_HELP } from './memory-help.js'
import { setIdentity } from './identity.js'
import { attendSignals, tellOldProcesses } from './signals.js'
import { usage } from './usage.js'
import { buildText, versionText } from './version.js'

/**
 * @param hapsim our own version
 * @param program the path of this program
 * @returns the exit code, once everything is over
 */
export const runHaproxy = async (args: readonly string[], hapsim: string, program: string): Promise<number> => {
  const parsed = readArguments(args)
  const quiet = 'code' in parsed ? false : parsed.quiet && !parsed.verbose
  const operator = new Operator({ stderr: lineWriter(process.stderr), pid: process.pid, quiet, program })
  if ('code' in parsed) return end(parsed, operator, hapsim)
  return new Call(parsed, operator, quiet).run()
}

const end = ({ alert, show, code }: Ending, operator: Operator, hapsim: string): number => {
  if (alert !== undefined) operator.say('alert', alert)
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

class Call {
  constructor(
    readonly args: Arguments,
    readonly operator: Operator,
    readonly quiet: boolean,
  ) {}

  async run(): Promise<number> {
    const { args, operator } = this
    if (args.directory !== undefined)
      try {
        process.chdir(args.directory)
      } catch (error) {
        operator.say('alert', `Could not change to directory ${args.directory} : ${systemErrorText(error)}`)
        return 1
      }
    if (args.condition !== undefined) return this.#condition(args.condition)
    const files = readConfigFiles(args.files)
    if ('error' in files) {
      operator.say('alert', files.error)
      return 1
    }
    if (files.length === 0) return showUsage()
    if (args.background && !args.check) {
      this.#complain('-D: a process of Node.js cannot go to the background; use -db, and & of the shell')
      return 1
    }
    return this.#withFiles(files)
  }

  #condition(text: string): number {
    const value = evaluateConditionText(text, inheritedVariables())
    if (typeof value === 'boolean') return value ? 0 : 1
    this.operator.say('alert', value.error)
    return 2
  }

  async #withFiles(files: readonly ConfigFile[]): Promise<number> {
    const { args } = this
    if (args.lacksMaster) {
      this.operator.say('alert', 'a master CLI socket was defined, but master-worker mode (-W) is not enabled.')
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
      exec: startCommand(this.quiet),
      terminals: { stdout: lineWriter(process.stdout), stderr: lineWriter(process.stderr) },
      operator: this.operator,
      ...(args.oldProcesses.length > 0 && {
        tellPredecessors: (signal: NodeJS.Signals) => tellOldProcesses(args.oldProcesses, signal),
      }),
      complain: (text) => this.#complain(text),
      listening: ({ uid, gid }) => {
        // told before it is another user, who may not
        tellOldProcesses(args.oldProcesses, args.oldSignal)
        return setIdentity(uid, gid, (text) => this.operator.say('warning', text))
      },
    })
    if (args.keywords !== undefined)
      process.stdout.write(keywordText(args.keywords, run.haproxy.process.runtime.registry))
    return args.check ? this.#check(run) : this.#serve(run)
  }

  #check(run: LiveRun): number {
    const found = run.check()
    for (const line of this.quiet ? [] : checkWords(found, this.args.verbose)) process.stdout.write(`${line}\n`)
    return CHECK_EXIT_CODES[found.result]
  }

  async #serve(run: LiveRun): Promise<number> {
    const { args } = this
    if (args.oldSocket !== undefined && !(await answers(args.oldSocket))) return this.#withoutOldSockets(run)
    const ignore = attendSignals(run, (text) => this.#complain(text))
    try {
      const started = await run.start()
      if (started) {
        for (const sentence of args.missing) this.#complain(sentence)
        if (args.pidFile !== undefined) this.#writePid(run, args.pidFile)
      }
      return await run.ended
    } finally {
      ignore()
      leave()
    }
  }

  /** Nobody is there whose sockets could be taken over: it ends, once it has said what there is to say of its configuration. */
  #withoutOldSockets(run: LiveRun): number {
    if (run.check().result === 'failed') return 1
    this.operator.say('warning', `Failed to connect to the old process socket '${this.args.oldSocket}'`)
    this.operator.say('alert', 'Failed to get the sockets from the old process!')
    return 1
  }

  #writePid(run: LiveRun, path: string): void {
    try {
      writeFileSync(path, `${process.pid}\n`)
    } catch {
      this.operator.say('alert', `[haproxy.main()] Cannot create pidfile ${path}`)
      run.finish(1)
    }
  }

  #complain(text: string): void {
    if (!this.quiet) process.stderr.write(`${printable(`hapsim: ${text}`)}\n`)
  }
}

/** Whether somebody listens at a Unix socket. */
const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    }).on('error', () => resolve(false))
  })
