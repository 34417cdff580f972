/** Where the rules of a check or a mail are evaluated. */
import type { ResponseHead } from '../../http/index.js'
import type { SampleContext, SampleMessage } from '../samples/context.js'
import type { Server } from '../server/server.js'
import type { HttpAnswer } from './http-input.js'

export interface DialogueContext extends SampleContext {
  readonly response: SampleMessage<ResponseHead>
  /** undefined for mails */
  readonly server: Server | undefined
  /** the response to an HTTP request, once its head has been received */
  readonly answer: HttpAnswer | undefined
}
