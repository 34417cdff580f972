/** Replies that HAProxy makes, in the model of a configuration (`struct http_reply`, include/haproxy/http_htx-t.h). */
import type { StoredResponse } from '../../http/index.js'
import type { LogFormat } from '../samples/log-format.js'

/** What the body of a reply is made of. Texts are byte strings. */
export type ReplyBody =
  | { readonly from: 'nothing' }
  /** the error file of the status: the proxy's, or HAProxy's own */
  | { readonly from: 'default-errorfiles' }
  /** the error file of the status in a section `http-errors` */
  | { readonly from: 'errorfiles'; readonly section: string }
  /** a whole response in a file */
  | { readonly from: 'errorfile'; readonly response: StoredResponse | undefined }
  | { readonly from: 'text'; readonly text: string }
  | { readonly from: 'format'; readonly format: LogFormat }

/** A reply. */
export interface HttpReply {
  readonly status: number
  readonly contentType: string | undefined
  readonly fields: readonly { readonly name: string; readonly value: LogFormat }[]
  readonly body: ReplyBody
}
