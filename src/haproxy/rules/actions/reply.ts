/** Actions that answer the client: `return`, `deny`, `tarpit`, `auth` (src/http_act.c). */
import type { AuthAction } from '../../../config/rules/actions/auth.js'
import type { ReplyAction } from '../../../config/rules/actions/reply.js'
import { RequestAnalyser } from '../../streams/analysers.js'
import { countFrontend } from '../../streams/counting.js'
import { sendErrorPage, sendReply } from '../../streams/http/replies.js'
import type { Stream } from '../../streams/stream.js'
import type { RunAction } from '../action.js'
import type { ActionGroup } from './group.js'

/** The reply to a request was sent in place of a server's response. */
const interceptRequest = (stream: Stream): void => {
  stream.times.requestAt = stream.now
  stream.request.analysers &= RequestAnalyser.END
  if (stream.session.frontend === stream.backend) countFrontend(stream, 'interceptedRequests')
}

const returnReply: RunAction = (action, { stream, isResponse }) => {
  const { reply } = action as ReplyAction
  stream!.transaction!.status = reply.status
  stream!.endBy('L')
  stream!.endIn(isResponse ? 'H' : 'R')
  if (!sendReply(stream!, reply)) return 'error'
  if (!isResponse) interceptRequest(stream!)
  return 'abort'
}

/** Lets the caller answer with a reply. */
const deny: RunAction = (action, { stream }) => {
  const { reply } = action as ReplyAction
  const transaction = stream!.transaction!
  transaction.status = reply.status
  transaction.reply = reply
  return 'deny'
}

/** Asks for credentials: by the page of 401, or of 407 if the request is to a forward proxy. */
const auth: RunAction = (action, { stream, proxy }) => {
  const transaction = stream!.transaction!
  const isProxy = transaction.usesProxyConnection
  transaction.status = isProxy ? 407 : 401
  const field = isProxy ? 'proxy-authenticate' : 'www-authenticate'
  const realm = `Basic realm="${(action as AuthAction).realm ?? proxy.name}"`
  if (!sendErrorPage(stream!, (fields) => fields.set(field, realm))) return 'error'
  interceptRequest(stream!)
  stream!.endBy('L')
  stream!.endIn('R')
  return 'abort'
}

export const REPLY_ACTIONS: ActionGroup = {
  return: returnReply,
  deny,
  tarpit: (action, scope) => {
    scope.stream!.transaction!.isTarpit = true
    return deny(action, scope)
  },
  auth,
}
