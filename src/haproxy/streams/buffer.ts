/**
 * What a channel holds: bytes, or an HTTP message as a list of blocks whose sizes are counted as in HAProxy's internal representation
 * (HTX, include/haproxy/htx.h). The blocks at the front may be scheduled for sending ("output data"); the others are still to be analysed.
 */
import { BLOCK_SIZE, HTX_SIZE } from '../../http/h1/limits.js'
import type { RequestHead, ResponseHead } from '../../http/message.js'
import { dataOf, spaceOf, type Block, type DataBlock } from './block.js'

export class MessageBuffer {
  #blocks: Block[] = []
  #output = 0
  /** bytes of the first block of the input that are scheduled already, though it can be sent as a whole only */
  #partial = 0
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

  /** Whether something is scheduled for sending and can be sent (`co_data`). */
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

  /** Bytes that are scheduled for sending, without the overhead of blocks (`co_data`). */
  get outputData(): number {
    let data = this.#partial
    for (let at = 0; at < this.#output; at++) data += dataOf(this.#blocks[at]!)
    return data
  }

  /** Bytes of a body that fit in (`htx_free_data_space`, `c_room`). */
  get dataRoom(): number {
    return this.isHttp ? Math.max(0, this.room(0) - BLOCK_SIZE) : this.room(0)
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

  /** The size of the first head that is still to be analysed, without the overhead of blocks (`http_get_hdrs_size`). */
  get headData(): number {
    const first = this.#blocks[this.#output]
    return first?.kind === 'head' ? dataOf(first) : 0
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
    return data - this.#partial
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
    let data = -this.#partial
    this.#partial = 0
    for (; this.#output < this.#blocks.length; this.#output++) data += dataOf(this.#blocks[this.#output]!)
    return data
  }

  /** Schedules the first bytes of the input (`c_adv`). A head or trailers leave the buffer once all their bytes are scheduled. */
  advance(bytes: number): void {
    let left = bytes
    while (left > 0 && this.hasInput) {
      const block = this.#blocks[this.#output]!
      const size = dataOf(block) - this.#partial
      if (size > left) {
        if (block.kind === 'data') this.#split(this.#output++, left)
        else this.#partial += left
        return
      }
      left -= size
      this.#partial = 0
      this.#output++
    }
  }

  /** Divides a block of data in two. */
  #split(at: number, length: number): void {
    const block = this.#blocks[at] as DataBlock
    const { bytes, announced } = block
    this.#blocks.splice(
      at,
      1,
      { ...block, bytes: bytes.slice(0, length) },
      {
        kind: 'data',
        bytes: bytes.slice(length),
        announced: announced === undefined ? undefined : announced - length,
      },
    )
  }

  /** The block that a byte belongs to, and its place there (`htx_find_offset`). The block is the number of blocks if there are fewer bytes. */
  #find(offset: number): { readonly at: number; readonly within: number } {
    let within = offset
    let at = 0
    for (; at < this.#blocks.length; at++) {
      const size = dataOf(this.#blocks[at]!)
      if (within < size) return { at, within }
      within -= size
    }
    return { at, within: 0 }
  }

  /** Forgets the sizes of chunks, as filters may change the body (`HTX_FL_ALTERED_PAYLOAD`). */
  forgetChunks(): void {
    for (const block of this.#blocks) if (block.kind === 'data') block.announced = undefined
  }

  /**
   * Data from a place on, up to the first block of another kind; undefined if another kind of block is there.
   * @param offset bytes before it, those that are scheduled for sending included
   */
  copy(offset: number, length: number): string | undefined {
    const { at, within } = this.#find(offset)
    let text = ''
    for (let next = at; next < this.#blocks.length && text.length < length; next++) {
      const block = this.#blocks[next]!
      if (block.kind !== 'data') return text === '' ? undefined : text
      const start = next === at ? within : 0
      text += block.bytes.slice(start, start + length - text.length)
    }
    return text
  }

  /** Inserts data at an offset; beyond the end, after all data and before the trailers. There must be room for it. */
  insert(offset: number, bytes: string): void {
    const { at, within } = this.#find(offset)
    const block = this.#blocks[at]
    if (block?.kind === 'data') {
      block.bytes = block.bytes.slice(0, within) + bytes + block.bytes.slice(within)
      block.announced = undefined
      return
    }
    const end = this.hasTrailers ? this.#blocks.length - 1 : this.#blocks.length
    this.#blocks.splice(end, 0, { kind: 'data', bytes, announced: undefined })
  }

  /** Removes data from a place on, up to the first block of another kind. Returns how much. */
  remove(offset: number, length: number): number {
    let left = length
    let { at, within } = this.#find(offset)
    while (left > 0) {
      const block = this.#blocks[at]
      if (block?.kind !== 'data') break
      const part = Math.min(left, block.bytes.length - within)
      block.bytes = block.bytes.slice(0, within) + block.bytes.slice(within + part)
      block.announced = undefined
      left -= part
      if (block.bytes === '') this.#blocks.splice(at, 1)
      else at++
      within = 0
    }
    return length - left
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
    this.#partial = 0
  }

  /** Drops everything (`channel_htx_erase`). */
  erase(): void {
    this.#blocks = []
    this.#output = this.#partial = 0
    this.isComplete = false
    this.problem = undefined
  }

  /** Drops the body of the message that is still to be analysed. */
  dropBody(): void {
    this.#blocks = this.#blocks.filter((block, at) => at < this.#output || block.kind === 'head')
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
    this.#partial = 0
    this.isComplete = isComplete
    this.problem = undefined
  }
}
