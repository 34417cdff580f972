/** `process pNAME …`: a program of the system that runs beside the test (VTest's src/vtc_process.c, without terminals). */
import { Failure, Skip } from '../failure.js'
import { hexBytes } from '../http/index.js'
import type { Script } from '../script.js'
import type { Program } from '../world.js'
import { checkName } from './names.js'
import { Actor, type Command, type Resettable, type Test } from '../test.js'

class ProgramOfTest implements Resettable {
  readonly actor: Actor
  command: string | undefined
  expectedExit = 0
  expectedSignal: number | undefined
  program: Program | undefined

  constructor(
    readonly test: Test,
    readonly name: string,
  ) {
    this.actor = new Actor(test, name)
    test.macros.define(`${name}_dir`, `${test.world.folder}/${name}`)
    test.macros.define(`${name}_out`, `${test.world.folder}/${name}/term`)
    test.macros.define(`${name}_err`, `${test.world.folder}/${name}/stderr`)
  }

  start(line: number): void {
    const { test, command } = this
    if (this.program) throw new Failure('Already running, -wait first')
    if (command === undefined) throw new Failure(`process ${this.name} has no command`)
    const { spawn } = test.world
    if (!spawn || !test.options.runsPrograms)
      throw new Skip(`line ${line}: process runs a program of the system`, 'programs of the system')
    this.actor.dump(4, 'CMD', command)
    this.program = spawn(command, test.environment)
    test.macros.define(`${this.name}_pid`, String(this.program.pid))
  }

  get running(): Program {
    if (!this.program) throw new Failure('No process running')
    return this.program
  }

  *wait(): Script {
    const program = this.running
    yield { what: `the end of ${this.name}`, on: program.changed, ready: () => program.end !== undefined }
    const { code, signal, output } = program.end!
    this.actor.dump(4, 'stdout', output)
    this.program = undefined
    if (signal !== undefined ? this.expectedSignal === undefined : code !== this.expectedExit)
      throw new Failure(`Bad exit code: ${signal ?? code}, expected ${this.expectedExit}`)
  }

  *reset(): Script {
    const { program } = this
    if (!program || program.end) return
    program.kill('SIGTERM')
    yield { what: `the end of ${this.name}`, on: program.changed, ready: () => program.end !== undefined }
  }
}

const SIGNALS: Readonly<Record<string, string>> = { TERM: 'SIGTERM', INT: 'SIGINT', KILL: 'SIGKILL', HUP: 'SIGHUP' }

export const process: Command<Test> = function* (words, test) {
  const name = checkName(words, 'Process', 'p')
  const it = test.thing('process', name, () => new ProgramOfTest(test, name))
  for (let word = words.next(); word !== undefined; word = words.next())
    switch (word) {
      case '-start':
        it.start(words.line)
        break
      case '-run':
        it.start(words.line)
        yield* it.wait()
        break
      case '-wait':
        yield* it.wait()
        break
      case '-stop':
        it.running.kill('SIGTERM')
        break
      case '-close':
        it.running.closeInput()
        break
      case '-kill': {
        const signal = words.text('the signal')
        it.running.kill(SIGNALS[signal] ?? `SIG${signal}`)
        break
      }
      case '-expect-exit':
        it.expectedExit = words.count('the exit code')
        break
      case '-expect-signal':
        it.expectedSignal = words.count('the signal')
        break
      case '-write':
      case '-writeln':
        it.running.write(words.text('the text') + (word === '-writeln' ? '\n' : ''))
        break
      case '-writehex':
        it.running.write(hexBytes(words.text('the bytes')))
        break
      case '-log':
      case '-dump':
      case '-hexdump':
      case '-allow-core':
        break
      case '-need-bytes':
        yield* needBytes(it.running, words.count('the number of bytes'))
        break
      case '-expect-text':
      case '-expect-cursor':
      case '-match-text':
      case '-screen_dump':
      case '-screen-dump':
      case '-winsz':
      case '-ansi-response':
      case '-key':
        throw new Skip(`process ${word}: terminals are not emulated`, 'terminals of programs')
      default:
        if (word.startsWith('-')) throw new Failure(`Unknown process argument: ${word}`)
        it.command = word
    }
}

function* needBytes(program: Program, count: number): Script {
  yield {
    what: `${count} bytes of output`,
    on: program.changed,
    ready: () => program.output.length >= count || program.end !== undefined,
  }
}
