/** What actions that rewrite messages have in common. */
import type { Message } from '../../streams/http/transaction.js'
import type { Rewritable } from '../../streams/http/rewriting.js'
import { countFailedRewrite } from '../../streams/counting.js'
import type { RequestHead, ResponseHead } from '../../../http/message.js'
import type { ActionScope, Outcome } from '../action.js'

/** A message that rewrites of rules change. */
interface RuleTarget<Head extends RequestHead | ResponseHead> extends Rewritable<Head> {
  readonly message: Message<Head>
}

/** The request that an action of `http-request` is run for. */
export const requestOf = ({ stream }: ActionScope): RuleTarget<RequestHead> => ({
  message: stream!.transaction!.request,
  buffer: stream!.request.buffer,
})

export const responseOf = ({ stream }: ActionScope): RuleTarget<ResponseHead> => ({
  message: stream!.transaction!.response,
  buffer: stream!.response.buffer,
})

/** The message that an action is run for. */
export const messageOf = (scope: ActionScope): RuleTarget<RequestHead | ResponseHead> =>
  scope.isResponse ? responseOf(scope) : (requestOf(scope) as RuleTarget<RequestHead | ResponseHead>)

/** Counts a rewrite for which there was no room. It is an error, unless rules have said `strict-mode off`. */
export const failRewrite = (
  { stream }: ActionScope,
  { isSoft }: Pick<Message<RequestHead | ResponseHead>, 'isSoft'>,
): Outcome => {
  countFailedRewrite(stream!)
  if (isSoft) return 'continue'
  stream!.endBy('P')
  return 'error'
}
