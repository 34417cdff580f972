/**
 * What a channel holds: bytes, or an HTTP message as a list of blocks whose sizes are counted as in HAProxy's internal representation
 * (HTX, include/haproxy/htx.h). The blocks at the front may be scheduled for sending ("output data"); the others are still to be analysed.
 */
import type { Fields } from '../../http/index.js'
import { BLOCK_SIZE, HTX_SIZE, sizeOfFields, sizeOfHead } from '../../http/h1/limits.js'
import type { RequestHead, ResponseHead } from '../../http/message.js'

export interface HeadBlock {
  readonly kind: 'head'
  readonly head: RequestHead | ResponseHead
}

export interface DataBlock {
  readonly kind: 'data'
  /** a byte string */
  bytes: string
  /** bytes from here to the end of the chunk in which they came; undefined: not known */
  announced: number | undefined
}

export interface TrailersBlock {
  readonly kind: 'trailers'
  readonly fields: Fields
}

export type Block = HeadBlock | DataBlock | TrailersBlock

const startLine = (head: RequestHead | ResponseHead): readonly string[] =>
  'method' in head ? [head.method, head.uri, head.version] : [head.version, head.statusText, head.reason]

/** The space that a block takes, its overhead included. */
const spaceOf = (block: Block): number => {
  if (block.kind === 'data') return BLOCK_SIZE + block.bytes.length
  return block.kind === 'head' ? sizeOfHead(startLine(block.head), block.head.fields) : sizeOfFields(block.fields)
}

/** The same without overheads, which is what byte counters count. */
const dataOf = (block: Block): number => {
  if (block.kind === 'data') return block.bytes.length
  const space = spaceOf(block)
  const blocks = block.kind === 'head' ? block.head.fields.length + 2 : block.fields.length + 1
  return space - blocks * BLOCK_SIZE
}

export class MessageBuffer {
  #blocks: Block[] = []
  #output = 0
  /** the message is complete: no block follows (`HTX_FL_EOM`) */
  isComplete = false
  /** the message could not be read, or not be written */
  problem: 'parsing' | 'processing' | undefined

  /**
   * @param size `tune.bufsize`
   * @param isHttp whether it holds a message rather than bytes
   */
  constructor(
    readonly size: number,
    public isHttp: boolean,
  ) {}

  get isEmpty(): boolean {
    return this.#blocks.length === 0
  }

  /** Whether something is scheduled for sending (`co_data`). */
  get hasOutput(): boolean {
    return this.#output > 0
  }

  /** Whether something is still to be analysed (`ci_data`). */
  get hasInput(): boolean {
    return this.#blocks.length > this.#output
  }

  /** Bytes, without the overhead of blocks (`htx->data`). */
  get data(): number {
    let data = 0
    for (const block of this.#blocks) data += dataOf(block)
    return data
  }

  /** Bytes that are scheduled for sending, heads included (`co_data`). */
  get outputData(): number {
    let data = 0
    for (let at = 0; at < this.#output; at++) data += dataOf(this.#blocks[at]!)
    return data
  }

  /** Bytes that fit in (`channel_recv_max` and its like). @param reserve bytes to keep free */
  room(reserve: number): number {
    let free = this.size - (this.isHttp ? HTX_SIZE : 0) - reserve
    for (const block of this.#blocks) free -= this.isHttp ? spaceOf(block) : dataOf(block)
    return Math.max(0, free)
  }

  /** The first head that is still to be analysed. */
  get head(): RequestHead | ResponseHead | undefined {
    const block = this.#blocks[this.#output]
    return block?.kind === 'head' ? block.head : undefined
  }

  /** The head that is to be analysed or to be sent next. */
  get anyHead(): RequestHead | ResponseHead | undefined {
    const first = this.#blocks[0]
    return this.head ?? (first?.kind === 'head' ? first.head : undefined)
  }

  /** The input, as one byte string: that of a message is its body, as far as it is here. */
  get input(): string {
    let text = ''
    for (let at = this.#output; at < this.#blocks.length; at++) {
      const block = this.#blocks[at]!
      if (block.kind === 'data') text += block.bytes
    }
    return text
  }

  /** The body of the message, what is scheduled for sending included; empty once the head is sent. */
  get body(): string {
    const first = this.anyHead
    if (first === undefined) return ''
    let text = ''
    for (const block of this.#blocks) if (block.kind === 'data') text += block.bytes
    return text
  }

  /** Bytes of the body, or of its current chunk, that are announced and have not been received (`htx->extra`). */
  get missing(): number {
    const last = this.#blocks.at(-1)
    if (last?.kind === 'data') return (last.announced ?? last.bytes.length) - last.bytes.length
    return last?.kind === 'head' && last.head.body === 'length' ? (last.head.length ?? 0) : 0
  }

  /** Bytes of the input, heads included, without the overhead of blocks. */
  get inputData(): number {
    let data = 0
    for (let at = this.#output; at < this.#blocks.length; at++) data += dataOf(this.#blocks[at]!)
    return data
  }

  /** Bytes of the input without heads and trailers. */
  get inputLength(): number {
    let length = 0
    for (let at = this.#output; at < this.#blocks.length; at++) {
      const block = this.#blocks[at]!
      if (block.kind === 'data') length += block.bytes.length
    }
    return length
  }

  /** Whether trailers have been received. */
  get hasTrailers(): boolean {
    return this.#blocks.at(-1)?.kind === 'trailers'
  }

  /** Adds a block; returns the bytes that counters count for it. */
  push(block: Block): number {
    const last = this.#blocks.at(-1)
    if (block.kind === 'data' && last?.kind === 'data' && this.#output < this.#blocks.length) {
      // pieces are joined, those of several chunks, too, as there is one block for all of them
      last.bytes += block.bytes
      if (block.announced !== undefined) last.announced = last.bytes.length + block.announced - block.bytes.length
    } else this.#blocks.push(block)
    return dataOf(block)
  }

  /** Schedules all input for sending. Returns its bytes. */
  forward(): number {
    let data = 0
    for (; this.#output < this.#blocks.length; this.#output++) data += dataOf(this.#blocks[this.#output]!)
    return data
  }

  /** Schedules the first head alone. */
  forwardHead(): void {
    this.#output++
  }

  /** The next block to be sent. */
  get next(): Block | undefined {
    return this.#output > 0 ? this.#blocks[0] : undefined
  }

  /** Removes the block that is sent. */
  shift(): void {
    this.#blocks.shift()
    this.#output--
  }

  /** Drops the input and keeps what is scheduled for sending (`channel_htx_truncate`). */
  truncate(): void {
    if (this.#output === 0) return this.erase()
    this.#blocks.length = this.#output
  }

  /** Drops everything (`channel_htx_erase`). */
  erase(): void {
    this.#blocks = []
    this.#output = 0
    this.isComplete = false
    this.problem = undefined
  }

  /** Drops the body of the message that is still to be analysed. */
  dropBody(): void {
    this.#blocks = this.#blocks.filter((block, at) => at < this.#output || block.kind === 'head')
  }

  /** Bytes that are scheduled for sending, with those of heads and trailers (`co_data`). */
  get outputLength(): number {
    let length = 0
    for (let at = 0; at < this.#output; at++) length += dataOf(this.#blocks[at]!)
    return length
  }

  /** The data that are scheduled for sending, as one byte string. */
  get output(): string {
    let text = ''
    for (let at = 0; at < this.#output; at++) {
      const block = this.#blocks[at]!
      if (block.kind === 'data') text += block.bytes
    }
    return text
  }

  /** Removes so many bytes of the first block, which is data that are scheduled for sending; the block, too, once it is empty. */
  consume(count: number): void {
    const block = this.#blocks[0] as DataBlock
    if (count >= block.bytes.length) return this.shift()
    block.bytes = block.bytes.slice(count)
    if (block.announced !== undefined) block.announced -= count
  }

  /** A copy of all blocks, to be sent again (`l7_buffer`). */
  snapshot(): readonly Block[] {
    return this.#blocks.map((block) => ({ ...block }))
  }

  /** Puts blocks back, scheduled for sending. */
  restore(blocks: readonly Block[], isComplete: boolean): void {
    this.#blocks = blocks.map((block) => ({ ...block }))
    this.#output = this.#blocks.length
    this.isComplete = isComplete
    this.problem = undefined
  }
}
