/** What logs show of messages: `capture request header` and `capture response header` (`http_capture_headers`, src/http_ana.c). */
import { lowerCase } from '../../../http/characters.js'
import type { Fields } from '../../../http/index.js'
import type { Stream } from '../stream.js'

/** Keeps the last value of each captured field. */
export const captureFields = (stream: Stream, direction: 'request' | 'response', fields: Fields): void => {
  const { traffic } = stream.context.plan(stream.session.frontend)
  const slots = direction === 'request' ? traffic?.requestCaptures : traffic?.responseCaptures
  if (!slots || slots.length === 0) return
  const captured = slots.map(({ name, length }) => {
    if (name === undefined) return undefined
    return fields.all(lowerCase(name)).at(-1)?.slice(0, length)
  })
  if (direction === 'request') stream.requestCaptures = captured
  else stream.responseCaptures = captured
}

/** Makes room for the captures of a stream. */
export const prepareCaptures = (stream: Stream): void => {
  const { traffic } = stream.context.plan(stream.session.frontend)
  if (!traffic) return
  const { requestCaptures, responseCaptures } = traffic
  if (requestCaptures.length > 0) stream.requestCaptures = requestCaptures.map(() => undefined)
  if (responseCaptures.length > 0) stream.responseCaptures = responseCaptures.map(() => undefined)
}
