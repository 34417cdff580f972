/** Changing how the body of a message is delimited, before it is forwarded (`hlua_http_msg_set_body_len`, src/hlua.c). */
import type { RequestHead, ResponseHead } from '../../../http/message.js'
import { addField, type Rewritable } from './rewriting.js'

type Head = RequestHead | ResponseHead

/** A body that ended with the connection ends as announced from now on; whether there is a body at all is not changed. */
const delimit = (head: Head, kind: 'chunked' | 'length'): void => {
  head.isVersion11 = true
  if (head.body !== 'none' && head.body !== 'tunnel') head.body = kind
}

/** Has the body sent in chunks. Returns false if there is no room for the field. */
export const sendInChunks = (target: Rewritable): boolean => {
  const head = target.message.head!
  if (head.isChunked) return true
  if (!addField(target, 'transfer-encoding', 'chunked')) return false
  head.fields.remove('content-length')
  head.length = undefined
  head.isChunked = head.hasTransferCoding = true
  delimit(head, 'chunked')
  return true
}

/** Announces the length of the body. Returns false if there is no room for the field. */
export const announceLength = (target: Rewritable, length: number | bigint): boolean => {
  const head = target.message.head!
  if (head.length !== undefined) head.fields.remove('content-length')
  if (!addField(target, 'content-length', String(length))) return false
  if (head.isChunked) {
    head.fields.remove('transfer-encoding')
    head.isChunked = head.hasTransferCoding = false
  }
  head.length = Number(length)
  delimit(head, 'length')
  return true
}
