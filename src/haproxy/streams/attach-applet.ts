/** Attaching an applet to the back of a stream (`sc_applet_create`, src/stconn.c). */
import { SideState } from './connector.js'
import type { Applet, Stream } from './stream.js'

/** Makes an applet answer the stream from now on. Returns false if it cannot be opened. */
export const attachApplet = (stream: Stream, applet: Applet): boolean => {
  const { back } = stream
  const endpoint = applet.open(stream)
  if (!endpoint) return false
  stream.target = applet
  endpoint.owner = stream
  back.endpoint = endpoint
  back.state = SideState.RDY
  return true
}
