/** The blocks of a channel's buffer, and their sizes as in HAProxy's internal representation of messages (HTX, include/haproxy/htx.h). */
import type { Fields } from '../../http/index.js'
import { BLOCK_SIZE, sizeOfFields, sizeOfHead } from '../../http/h1/limits.js'
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
export const spaceOf = (block: Block): number => {
  if (block.kind === 'data') return BLOCK_SIZE + block.bytes.length
  return block.kind === 'head' ? sizeOfHead(startLine(block.head), block.head.fields) : sizeOfFields(block.fields)
}

/** The same without overheads, which is what byte counters count. */
export const dataOf = (block: Block): number => {
  if (block.kind === 'data') return block.bytes.length
  const space = spaceOf(block)
  const blocks = block.kind === 'head' ? block.head.fields.length + 2 : block.fields.length + 1
  return space - blocks * BLOCK_SIZE
}
