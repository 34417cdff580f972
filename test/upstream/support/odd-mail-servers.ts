/** Misbehaving mail servers on loopback: each is named after its behavior and records what it received. */
import type { Socket } from 'node:net'
import { RealServer } from './real-servers.js'

interface Behavior {
  /** what it says at once; pieces are sent with a pause between them (default: a greeting) */
  readonly greeting?: string | readonly string[]
  /** what it answers to a command, or does; what is not named gets 250 */
  readonly answers?: Readonly<Record<string, string | ((socket: Socket) => void)>>
  /** what it does once it has greeted */
  readonly then?: (socket: Socket) => void
  /** says everything one byte at a time, with this many ms between them */
  readonly everyMs?: number
}

const close = (socket: Socket): void => void socket.end()
const reset = (socket: Socket): void => void socket.resetAndDestroy()

const MEGABYTES = 4

export const BEHAVIORS: Readonly<Record<string, Behavior>> = {
  good: {},
  trickles: { everyMs: 5 },
  tricklesForLongerThanOneWaits: { greeting: '220 late\r\n', everyMs: 500, answers: { HELO: '550 no\r\n' } },
  closesAtOnce: { greeting: '', then: close },
  closesInGreeting: { greeting: '22', then: close },
  closesAfterGreeting: { then: close },
  neverGreets: { greeting: '' },
  halfGreets: { greeting: '220 no end' },
  resetsAtOnce: { greeting: '', then: reset },
  resetsAtHelo: { answers: { HELO: reset } },
  refusesService: { greeting: '554 no\r\n' },
  isBusy: { greeting: '421 later\r\n', then: close },
  refusesHelo: { answers: { HELO: '501 what\r\n' } },
  refusesSender: { answers: { MAIL: '550 5.7.1 not you\r\n' } },
  defersRecipient: { answers: { RCPT: '450 4.2.1 not now\r\n' } },
  refusesData: { answers: { DATA: '503 no\r\n' } },
  refusesContent: { answers: { '.': '552 too much\r\n' } },
  closesInContent: { answers: { '.': close } },
  hangsInContent: { answers: { '.': () => undefined } },
  closesAtQuit: { answers: { QUIT: close } },
  hangsAtRecipient: { answers: { RCPT: () => undefined } },
  answersInManyLines: {
    greeting: ['220-first\r\n220-', 'second\r\n', '220 last\r\n'],
    answers: { HELO: '250-a\r\n250-b\r\n250 c\r\n' },
  },
  saysOtherThings: { greeting: 'hello\r\n\r\n220\r\n220x\r\n 220 y\r\n220 here\r\n' },
  endsLinesWithLf: { greeting: '220 x\n', answers: { HELO: '250 y\n' } },
  saysZeros: { greeting: '220 \0\0\x01\xff\r\n', answers: { MAIL: '550 \0 \xff\r\n' } },
  floodsInOneLine: { greeting: `220-${'x'.repeat(MEGABYTES << 20)}\r\n220 at last\r\n` },
  floodsWithoutEnd: { greeting: 'x'.repeat(MEGABYTES << 20) },
  floodsInLines: { greeting: `${'220-line\r\n'.repeat(100_000)}220 at last\r\n` },
  refusesAtLength: { greeting: `554 ${'y'.repeat(20_000)}\r\n` },
  answersTwice: { answers: { HELO: '250 a\r\n250 b\r\n250 c\r\n250 d\r\n250 e\r\n', QUIT: '221 bye\r\n' } },
}

const DEFAULTS: Readonly<Record<string, string>> = { DATA: '354 go on\r\n', QUIT: '221 bye\r\n' }

const PAUSE_MS = 30

export class OddMailServer {
  /** the commands and lines that it heard */
  readonly heard: string[] = []
  /** how many clients have left */
  left = 0
  readonly #server: RealServer

  constructor(readonly behavior: Behavior) {
    this.#server = new RealServer((socket) => this.#serve(socket))
  }

  get port(): number {
    return this.#server.port
  }

  async up(): Promise<this> {
    await this.#server.up()
    return this
  }

  down(): Promise<void> {
    return this.#server.down()
  }

  #serve(socket: Socket): void {
    const { greeting = '220 ready\r\n', answers = {}, then } = this.behavior
    socket.setNoDelay(true)
    socket.on('close', () => this.left++)
    void this.#say(socket, typeof greeting === 'string' ? [greeting] : greeting).then(() => then?.(socket))
    let rest = ''
    let isContent = false
    socket.on('data', (data) => {
      const lines = (rest + data.toString('latin1')).split('\r\n')
      rest = lines.pop()!
      for (const line of lines) {
        this.heard.push(line)
        if (isContent && line !== '.') continue
        const command = line.split(' ')[0]!
        const answer = answers[command] ?? DEFAULTS[command] ?? '250 ok\r\n'
        isContent = answer === DEFAULTS['DATA']
        if (typeof answer === 'string') void this.#say(socket, [answer])
        else answer(socket)
      }
    })
  }

  async #say(socket: Socket, texts: readonly string[]): Promise<void> {
    const { everyMs } = this.behavior
    const pieces = everyMs === undefined ? texts : [...texts.join('')]
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) await new Promise((done) => setTimeout(done, everyMs ?? PAUSE_MS))
      if (!socket.writable) return
      socket.write(Buffer.from(piece, 'latin1'))
    }
  }
}
