/** `haproxy hNAME -cli {…}`: commands of the runtime API and what they answer. */
import { Failure } from '../failure.js'
import { execute } from '../interpreter.js'
import type { Source } from '../reader/words.js'
import type { Script } from '../script.js'
import { isProblem, type Pipe } from '../world.js'
import { expectMatch } from './syslog.js'
import type { Actor, Commands } from '../test.js'

class CliSession {
  pipe: Pipe | undefined

  constructor(
    readonly actor: Actor,
    readonly address: string,
  ) {}

  *connect(): Script<Pipe> {
    const pipe = yield* this.actor.test.world.connect(this.address)
    if (isProblem(pipe)) throw new Failure(`CLI failed to open ${this.address}: ${pipe.error}`)
    this.actor.log(3, `CLI connected to ${this.address}`)
    return (this.pipe = pipe)
  }

  /** Sends a line, and that nothing follows: HAProxy then ends the connection after its answer. */
  *send(text: string): Script {
    const pipe = this.pipe ?? (yield* this.connect())
    this.actor.dump(4, 'CLI send', `${text}\n`)
    const line = `${text}\n`
    for (let sent = 0; sent < line.length;) {
      const count = pipe.send(line.slice(sent))
      if (typeof count !== 'number') throw new Failure(`CLI send error ${count.error}`)
      sent += count
      if (count === 0) {
        let isFirst = true
        yield {
          what: 'room to send a command',
          on: pipe.changed,
          ready: () => !isFirst || ((isFirst = false), pipe.failure !== undefined),
        }
      }
    }
    pipe.finish()
  }

  /** Receives the answer, up to the end of the connection. */
  *receive(): Script<string> {
    const pipe = this.pipe
    if (!pipe) throw new Failure('CLI: there is no connection: a command must be sent before')
    let text = ''
    for (;;) {
      yield {
        what: 'the answer of the runtime API',
        on: pipe.changed,
        ready: () => pipe.received.length > 0 || pipe.ended,
      }
      const bytes = pipe.received.take(pipe.received.length)
      if (bytes === '') break
      text += bytes
    }
    if (pipe.failure !== undefined) throw new Failure(`CLI recv() failed (${pipe.failure})`)
    if (text !== '' && !text.endsWith('\n')) throw new Failure('CLI rx: the answer does not end with a line feed')
    this.close()
    this.actor.log(4, 'CLI connection normally closed')
    this.actor.dump(4, 'CLI recv', text)
    return text
  }

  close(): void {
    this.pipe?.close()
    this.pipe = undefined
  }
}

const CLI_COMMANDS: Commands<CliSession> = {
  *send(words, session) {
    const text = words.text('the command')
    words.end()
    yield* session.send(text)
  },
  *expect(words, session, actor) {
    const operator = words.text('the operator')
    const pattern = words.text('the regular expression')
    words.end()
    expectMatch(actor, operator, pattern, yield* session.receive(), 'CLI expect')
  },
}

/** Runs the commands of `-cli`. @param address of the socket of the runtime API */
export function* runCli(source: Source, address: string, actor: Actor): Script {
  const session = new CliSession(actor, address)
  try {
    yield* session.connect()
    yield* execute(source, CLI_COMMANDS, session, actor)
    actor.log(2, 'CLI ending')
  } finally {
    session.close()
  }
}
