/**
 * `option spop-check`: the hello of a stream processing offload agent (`spoe_prepare_healthcheck_request` and
 * `spoe_handle_healthcheck_response` in src/flt_spoe.c; doc/SPOE.txt).
 */
import { connect, expect, makeProgram, send, type CustomPattern, type CustomVerdict, type Program } from './program.js'
import { STATUS } from './status.js'

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

export const spopProgram = (): Program =>
  makeProgram('spop', [connect(), send(0, `\x00\x00\x00${text(HELLO)}`), expect(1, AGENT, { minRecv: 4 })])

const AGENT: CustomPattern = {
  type: 'custom',
  judge: ({ input, lastRead }): CustomVerdict => {
    const size = [0, 1, 2, 3].reduce((sum, i) => sum * 256 + (input.charCodeAt(i) || 0), 0)
    if (!lastRead && input.length < 4 + size) return 'wait'
    const problem = judgeFrame(new FrameReader(input.slice(4, 4 + size)))
    return problem === undefined
      ? { passed: { status: STATUS.L7OK, code: 0, info: 'SPOA server is ok' } }
      : { failed: { status: STATUS.L7RSP, info: problem } }
  },
}

const INVALID = 'invalid frame received'

/** The reasons that agents give, by number. */
const REASONS: readonly string[] = [
  ...['normal', 'I/O error', 'a timeout occurred', 'frame is too big', INVALID, 'version value not found'],
  ...['max-frame-size value not found', 'capabilities value not found', 'unsupported version'],
  ...['max-frame-size too big or too small', 'fragmentation not supported', 'invalid interlaced frames'],
  ...['frame-id not found', 'resource allocation error'],
]

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

/** What is wrong with the agent's frame. */
const judgeFrame = (reader: FrameReader): string | undefined => {
  const type = reader.byte()
  if ((type !== AGENT_HELLO && type !== AGENT_DISCONNECT) || reader.data.length < 7) return INVALID
  reader.skip(3)
  if (!(reader.byte() & FINAL)) return 'fragmentation not supported'
  if (reader.byte() !== 0 || reader.byte() !== 0) return INVALID
  return type === AGENT_HELLO ? judgeHello(reader) : judgeDisconnect(reader)
}

const judgeHello = (reader: FrameReader): string | undefined => {
  let hasVersion = false
  let hasSize = false
  while (!reader.atEnd) {
    const key = reader.string()
    if (key === undefined || key === '') return INVALID
    if (key.startsWith('version')) {
      const version = readString(reader)
      if (version === undefined) return INVALID
      if (!/^\s*[12]\.0\s*$/.test(version)) return 'unsupported version'
      hasVersion = true
    } else if (key.startsWith('max-frame-size')) {
      if (!INTEGERS.has(reader.byte() & TYPE_MASK)) return INVALID
      const size = reader.varint()
      if (size === undefined) return INVALID
      if (size < MIN_FRAME_SIZE || size > MAX_FRAME_SIZE) return 'max-frame-size too big or too small'
      hasSize = true
    } else if (key.startsWith('capabilities')) {
      if (readString(reader) === undefined) return INVALID
    } else if (!reader.skipValue()) return INVALID
  }
  if (!hasVersion) return 'version value not found'
  return hasSize ? undefined : 'max-frame-size value not found'
}

const readString = (reader: FrameReader): string | undefined =>
  (reader.byte() & TYPE_MASK) === STRING ? reader.string() : undefined

const judgeDisconnect = (reader: FrameReader): string => {
  let code = 0
  while (!reader.atEnd) {
    const key = reader.string()
    if (key === undefined || key === '') return INVALID
    if (key.startsWith('status-code')) {
      if (!INTEGERS.has(reader.byte() & TYPE_MASK)) return INVALID
      const value = reader.varint()
      if (value === undefined) return INVALID
      code = value
    } else if (!reader.skipValue()) return INVALID
  }
  return REASONS[code] ?? 'an unknown error occurred'
}
