/** Executes commands: reads them, expands their macros, and finds what carries them out (`parse_string` in VTest's src/vtc.c). */
import { readArguments, type Arguments } from './arguments.js'
import { Aborted, Failure, Skip } from './failure.js'
import { MacroProblem } from './reader/macros.js'
import { CommandReader, SyntaxProblem, type Source } from './reader/words.js'
import type { Script } from './script.js'
import type { Actor, Commands } from './test.js'

/** The longest text of a command in the log. */
const SHOWN_COMMAND = 60

/** Executes the commands of `source`. Throws a {@link Failure}, a {@link Skip}, or {@link Aborted}. */
export function* execute<Subject>(
  source: Source,
  commands: Commands<Subject>,
  subject: Subject,
  actor: Actor,
): Script<void> {
  const { test } = actor
  const reader = new CommandReader(source)
  for (;;) {
    let line = source.line
    try {
      if (test.isOver) throw new Aborted('the test has ended')
      const command = reader.next()
      if (command === undefined) return
      line = command.line
      test.places.set(actor.name, { file: source.file, line })
      const words = readArguments(command, source.file, test.macros)
      actor.log(2, `=== ${shownCommand(words)}`)
      if (words.name === 'loop') yield* loop(words, commands, subject, actor)
      else yield* run(words, commands, subject, actor)
    } catch (error) {
      const failure = asFailure(error)
      if (failure instanceof Failure || failure instanceof Skip) {
        failure.place ??= { file: source.file, line: error instanceof SyntaxProblem ? error.line : line }
        if (failure instanceof Failure) failure.actor ??= actor.name
      }
      throw failure
    }
  }
}

const asFailure = (error: unknown): unknown =>
  error instanceof SyntaxProblem || error instanceof MacroProblem ? placed(error) : error

const placed = (error: SyntaxProblem | MacroProblem): Failure => new Failure(error.message)

const shownCommand = ({ name, rest }: Arguments): string => {
  const text = [name, ...rest.map(({ text: each }) => each)].join(' ').split('\n')[0]!
  return text.length > SHOWN_COMMAND ? `${text.slice(0, SHOWN_COMMAND)}...` : text
}

function* run<Subject>(words: Arguments, commands: Commands<Subject>, subject: Subject, actor: Actor): Script {
  const { name } = words
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command) {
    yield* command(words, subject, actor) ?? []
    return
  }
  const shared = actor.test.sharedCommands[name]
  if (!Object.hasOwn(actor.test.sharedCommands, name) || !shared) throw new Failure(`Unknown command: "${name}"`)
  yield* shared(words, { commands: commands as Commands<unknown>, subject }, actor) ?? []
}

function* loop<Subject>(words: Arguments, commands: Commands<Subject>, subject: Subject, actor: Actor): Script {
  const count = words.count('the number of repetitions')
  const body = words.source('the commands to repeat')
  words.end()
  for (let turn = 0; turn < count; turn++) {
    actor.log(4, `Loop #${turn}`)
    yield* execute(body, commands, subject, actor)
  }
}
