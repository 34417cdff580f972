/** The names of connections to servers: `sni`, which TLS asks for, and `pool-conn-name` (`connect_server`, src/backend.c). */
import { toByteString } from '../../bytes/text.js'
import { parseExpression } from '../../config/samples/expression.js'
import { streamsOf } from '../balance/server-streams.js'
import { evaluateAs } from '../samples/expression.js'
import { SAMPLES } from '../samples/registry.js'
import { bytesOf } from '../samples/sample.js'
import type { Server } from '../server/server.js'
import { samplesOf } from '../streams/samples.js'
import type { Stream } from '../streams/stream.js'

/** The value of an expression of the server for the stream. */
const valueOf = (text: string, stream: Stream, server: Server): string | undefined => {
  const { nameExpressions } = streamsOf(server)
  let expression = nameExpressions.get(text)
  if (!expression) {
    const parsed = parseExpression([toByteString(text)], 0, 0, false, SAMPLES)
    // its errors were reported when the configuration was read
    if ('error' in parsed) return undefined
    expression = parsed.expression
    nameExpressions.set(text, expression)
  }
  const sample = evaluateAs(expression, 'str', samplesOf(stream, stream.backend))
  return sample && bytesOf(sample)
}

/** The name that is asked for; undefined: the server has no `sni`, or it has no value. */
export const serverNameOf = (stream: Stream, server: Server): string | undefined => {
  const { sni } = server.config.tls
  return sni === undefined || server.ssl !== 1 ? undefined : valueOf(sni, stream, server)
}

/** What distinguishes connections that are otherwise the same: `pool-conn-name`, or the name that was asked for. */
export const connectionNameOf = (stream: Stream, server: Server): string | undefined => {
  const { poolConnName } = server.config
  return poolConnName === undefined ? serverNameOf(stream, server) : valueOf(poolConnName, stream, server)
}
