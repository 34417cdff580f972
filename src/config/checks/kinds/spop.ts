/**
 * `option spop-check`: the hello of a stream processing offload agent (doc/SPOE.txt; what it takes
 * for a good hello is what HAProxy 3.2 takes for one).
 */
import { connect, expect, makeProgram, send, type CustomPattern, type CustomVerdict, type Program } from '../program.js'
import { STATUS } from '../status.js'
import { hexBytes, type CheckKind } from './kind.js'

/** Frame types and value types of the protocol. */
const AGENT_HELLO = 101
const AGENT_DISCONNECT = 102
const FINAL = 1
const TYPE_MASK = 0x0f
const STRING = 8
const INTEGERS: ReadonlySet<number> = new Set([2, 3, 4, 5])

const MAX_FRAME_SIZE = 16380
const MIN_FRAME_SIZE = 256

const text = (value: string): string => String.fromCharCode(value.length) + value

/** HAPROXY-HELLO: versions, frame size, no capabilities, and that it is a check. */
const HELLO = [
  '\x01\x00\x00\x00\x01\x00\x00',
  `${text('supported-versions')}\x08${text('2.0')}`,
  `${text('max-frame-size')}\x03\xfc\xf0\x06`,
  `${text('capabilities')}\x08${text('')}`,
  `${text('healthcheck')}\x11`,
].join('')

const INVALID = 'invalid frame received'
const INVALID_FRAME: CustomVerdict = { failed: { status: STATUS.L7RSP, info: INVALID } }

/** Length, type, flags and the two numbers of a frame. */
const HEADER = 11

const AGENT: CustomPattern = {
  type: 'custom',
  judge: ({ input, lastRead }): CustomVerdict => {
    if (input.length < HEADER) return lastRead ? INVALID_FRAME : 'wait'
    if (!isHello(input)) return INVALID_FRAME
    const size = [0, 1, 2, 3].reduce((sum, i) => sum * 256 + input.charCodeAt(i), 0)
    if (input.length < 4 + size) return lastRead ? INVALID_FRAME : 'wait'
    const problem = judgeItems(new FrameReader(input.slice(HEADER, 4 + size)))
    return problem === undefined
      ? { passed: { status: STATUS.L7OK, code: 0, info: 'SPOA server is ok' } }
      : { failed: { status: STATUS.L7RSP, info: problem } }
  },
}

/** A whole frame that belongs to no stream; what it is called does not matter to HAProxy beyond that. */
const isHello = (input: string): boolean => {
  const type = input.charCodeAt(4)
  const isFinal = (input.charCodeAt(8) & FINAL) !== 0
  return (type === AGENT_HELLO || type === AGENT_DISCONNECT) && isFinal && input.slice(9, 11) === '\0\0'
}

class FrameReader {
  #at = 0

  constructor(readonly data: string) {}

  get atEnd(): boolean {
    return this.#at >= this.data.length
  }

  byte(): number {
    return this.data.charCodeAt(this.#at++) || 0
  }

  skip(count: number): void {
    this.#at += count
  }

  /** A number of variable length; undefined when it is cut off. */
  varint(): number | undefined {
    if (this.atEnd) return undefined
    let value = this.byte()
    if (value < 240) return value
    let scale = 16
    for (;;) {
      if (this.atEnd) return undefined
      const byte = this.byte()
      value += byte * scale
      if (byte < 128) return value
      scale *= 128
    }
  }

  string(): string | undefined {
    const length = this.varint()
    if (length === undefined || this.#at + length > this.data.length) return undefined
    const value = this.data.slice(this.#at, this.#at + length)
    this.#at += length
    return value
  }

  /** Passes over a value of any type; false when it is cut off. */
  skipValue(): boolean {
    if (this.atEnd) return false
    const type = this.byte() & TYPE_MASK
    if (INTEGERS.has(type)) return this.varint() !== undefined
    if (type === 6 || type === 7) {
      this.skip(type === 6 ? 4 : 16)
      return this.#at <= this.data.length
    }
    return type < 8 || this.string() !== undefined
  }
}

/** Why the agent's HELLO is rejected. */
const judgeItems = (reader: FrameReader): string | undefined => {
  const seen = new Set<string>()
  while (!reader.atEnd) {
    const key = reader.string()
    if (key === undefined || key === '') return INVALID
    const item = ITEMS.find(([name]) => key.startsWith(name))
    if (item === undefined) {
      if (!reader.skipValue()) return INVALID
      continue
    }
    const problem = item[1](reader)
    if (problem !== undefined) return problem
    seen.add(item[0])
  }
  const missing = ITEMS.find(([name]) => !seen.has(name))
  return missing && `${missing[0]} value not found`
}

type Item = readonly [string, (reader: FrameReader) => string | undefined]

const ITEMS: readonly Item[] = [
  [
    'version',
    (reader) => {
      const version = /^\s*(\d+)\.(\d+)\s*$/.exec(readString(reader) ?? '')
      if (version === null) return INVALID
      return version[1] === '2' && version[2] === '0' ? undefined : 'unsupported version'
    },
  ],
  [
    'max-frame-size',
    (reader) => {
      if (!INTEGERS.has(reader.byte() & TYPE_MASK)) return INVALID
      const size = reader.varint()
      if (size === undefined) return INVALID
      return size < MIN_FRAME_SIZE || size > MAX_FRAME_SIZE ? 'max-frame-size too big or too small' : undefined
    },
  ],
  ['capabilities', (reader) => (readString(reader) === undefined ? INVALID : undefined)],
]

const readString = (reader: FrameReader): string | undefined =>
  (reader.byte() & TYPE_MASK) === STRING ? reader.string() : undefined

const program = (): Program =>
  makeProgram('spop', [
    { ...connect(), implicit: false },
    send(1, `\x00\x00\x00${text(HELLO)}`),
    expect(2, AGENT, { minRecv: 4 }),
  ])

/** An agent's hello. */
const EXAMPLE = [
  hexBytes('65000000010000'),
  `${text('version')}\x08${text('2.0')}`,
  `${text('max-frame-size')}\x03\xfc\xf0\x06`,
  `${text('capabilities')}\x08${text('')}`,
].join('')

export const spopCheck: CheckKind = {
  option: 'spop-check',
  maxArguments: 0,
  parse: program,
  example: { response: `\x00\x00\x00${text(EXAMPLE)}` },
}
