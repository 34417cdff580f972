/** The names of connections to servers: `sni`, which TLS asks for, and `pool-conn-name` (`connect_server`, src/backend.c). */
import { toByteString } from '../../bytes/text.js'
import { parseExpression } from '../../config/samples/expression.js'
import { evaluateAs } from '../samples/expression.js'
import { SAMPLES } from '../samples/registry.js'
import { bytesOf } from '../samples/sample.js'
import type { Server } from '../server/server.js'
import { samplesOf } from '../streams/samples.js'
import type { Stream } from '../streams/stream.js'

/** The value of an expression for the stream. */
const valueOf = (text: string, stream: Stream): string | undefined => {
  // its errors were reported when the configuration was read
  const parsed = parseExpression([toByteString(text)], 0, 0, false, SAMPLES)
  const sample = 'error' in parsed ? undefined : evaluateAs(parsed.expression, 'str', samplesOf(stream, stream.backend))
  return sample && bytesOf(sample)
}

/** The name that is asked for; undefined: the server has no `sni`, or it has no value. */
export const serverNameOf = (stream: Stream, { config, ssl }: Server): string | undefined => {
  const { sni } = config.tls
  return sni === undefined || ssl !== 1 ? undefined : valueOf(sni, stream)
}

/** What distinguishes connections that are otherwise the same: `pool-conn-name`, or the name that was asked for. */
export const connectionNameOf = (stream: Stream, server: Server): string | undefined => {
  const { poolConnName } = server.config
  return poolConnName === undefined ? serverNameOf(stream, server) : valueOf(poolConnName, stream)
}
