/** `return`, `deny` and `tarpit` (`http_action_return` in src/http_act.c). */
import type { ReplyAction } from '../../../config/rules/actions/reply.js'
import { RequestAnalyser } from '../../streams/analysers.js'
import { countFrontend } from '../../streams/counting.js'
import { replyAndClose } from '../../streams/http/replies.js'
import { setHttpEndState } from '../../streams/set-end-state.js'
import type { ActionGroup } from './group.js'

export const REPLY_ACTIONS: ActionGroup = {
  return: (action, { stream, isResponse }) => {
    const { reply } = action as ReplyAction
    const transaction = stream!.transaction!
    transaction.reply = reply
    transaction.status = reply.status
    if (!isResponse) {
      stream!.times.requestAt = stream!.now
      if (stream!.session.frontend === stream!.backend) countFrontend(stream!, 'interceptedRequests')
    }
    stream!.request.analysers &= RequestAnalyser.END
    stream!.endBy('L')
    setHttpEndState(stream!)
    replyAndClose(stream!)
    return 'abort'
  },
  deny: (action, { stream }) => {
    const { reply } = action as ReplyAction
    stream!.transaction!.status = reply.status
    stream!.transaction!.reply = reply
    return 'deny'
  },
  tarpit: (action, { stream }) => {
    const { reply } = action as ReplyAction
    stream!.transaction!.status = reply.status
    stream!.transaction!.reply = reply
    stream!.transaction!.isTarpit = true
    return 'deny'
  },
}
