/** `Expect: 100-continue` where HAProxy needs the body itself (`http_handle_expect_hdr`). */
import { equalsIgnoringCase } from '../../../http/characters.js'
import { Fields } from '../../../http/index.js'
import type { Stream } from '../stream.js'
import { sendInterim } from './replies.js'

/** Answers that the client may send the body. */
export const handleExpectation = (stream: Stream): void => {
  const { request } = stream.transaction!
  const { head } = request
  if (head && !request.isExpectHandled && head.isVersion11 && (head.length !== undefined || head.isChunked)) {
    const value = head.fields.get('expect')
    if (value !== undefined && equalsIgnoringCase(value.trim(), '100-continue')) {
      sendInterim(stream, 100, 'Continue', new Fields())
      head.fields.remove('expect')
    }
  }
  request.isExpectHandled = true
}
