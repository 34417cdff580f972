/** A request and its response (`struct http_txn`, include/haproxy/http_ana-t.h). */
import type { HttpReply } from '../../../config/model/replies.js'
import type { Fields } from '../../../http/fields.js'
import type { RequestHead, ResponseHead } from '../../../http/message.js'

import { CookieState } from './cookie-state.js'

/** How far a message is, in order (`enum h1_state` of analysers). */
export enum MessageState {
  WAITING,
  /** its head is complete and being analysed */
  BODY,
  /** it is being forwarded */
  DATA,
  ENDING,
  DONE,
  CLOSING,
  CLOSED,
  TUNNEL,
}

/** One of the two messages. */
export class Message<Head extends RequestHead | ResponseHead> {
  state = MessageState.WAITING
  /** set once the head is complete */
  head: Head | undefined
  /** whether it was received as HTTP/1.1 or later (`HTTP_MSGF_VER_11`); undefined: it was not received */
  isVersion11: boolean | undefined
  /** rewrites that fail are skipped (`http-request strict-mode off`) */
  isSoft = false
  /** the target of the request has an authority, which `Host` repeats (`HTX_SL_F_HAS_AUTHORITY`) */
  hasAuthority = false
  /** whether `Expect` has been handled */
  isExpectHandled = false

  /** Whether its end is known from the message, and not from the end of the connection. */
  get hasLength(): boolean {
    return this.head !== undefined && this.head.body !== 'close'
  }

  get hasBody(): boolean {
    return this.head !== undefined && this.head.body !== 'none'
  }
}

export class Transaction {
  readonly request = new Message<RequestHead>()
  readonly response = new Message<ResponseHead>()
  /** status of the response; -1: not known yet, 0: none is sent */
  status = -1
  /** status of the server's response */
  serverStatus = -1
  /** the method that the client has sent, before rules */
  method = ''
  /** fields of a response 103 that the rules which follow still add to */
  earlyHints: Fields | undefined
  /** the first line of the request as logs show it */
  requestLine: string | undefined
  /** the reply that a rule has chosen */
  reply: HttpReply | undefined
  /** the request is delayed and then refused */
  isTarpit = false
  /** both sides become a tunnel (CONNECT, or another protocol) */
  wantsTunnel = false
  /** the request can be sent once more (`retry-on`) */
  mayRetry = false
  isRetryDisabled = false
  /** the reply to an internal error has failed itself */
  isConstReply = false
  /** the client takes HAProxy for its proxy (`option http-use-proxy-header`) */
  usesProxyConnection = false
  /** it is not the first of its connection */
  isNotFirst = false
  /** caches may keep the response, and its cookies */
  isCacheable = false
  mayCacheCookies = false
  /** what `capture cookie` has captured */
  clientCookie: string | undefined
  serverCookie: string | undefined
  /** the cookie of persistence */
  readonly cookie = new CookieState()
}
