/** The name that a connection to a server asks for in its TLS handshake: the value of `sni` for the stream (`connect_server`, src/backend.c). */
import { toByteString } from '../../bytes/text.js'
import { parseExpression } from '../../config/samples/expression.js'
import { evaluateAs } from '../samples/expression.js'
import { SAMPLES } from '../samples/registry.js'
import { bytesOf } from '../samples/sample.js'
import type { Server } from '../server/server.js'
import { samplesOf } from '../streams/samples.js'
import type { Stream } from '../streams/stream.js'

/** @returns undefined: the server has no `sni`, or it has no value */
export const serverNameOf = (stream: Stream, { config, ssl }: Server): string | undefined => {
  const { sni } = config.tls
  if (sni === undefined || ssl !== 1) return undefined
  // its errors were reported when the configuration was read
  const parsed = parseExpression([toByteString(sni)], 0, 0, false, SAMPLES)
  const sample = 'error' in parsed ? undefined : evaluateAs(parsed.expression, 'str', samplesOf(stream, stream.backend))
  return sample && bytesOf(sample)
}
