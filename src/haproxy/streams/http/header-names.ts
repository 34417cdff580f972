/** `option http-restrict-req-hdr-names` (`http_req_restrict_header_names`). */
import type { Proxy } from '../../proxy/proxy.js'
import type { Stream } from '../stream.js'

const ALLOWED = /^[a-z0-9-]*$/i

/** Applies the option of a proxy to the names of header fields. */
export const restrictNames = (stream: Stream, proxy: Proxy): 'accepted' | 'refused' => {
  const { headerNames } = proxy.config
  if (headerNames !== 'delete' && headerNames !== 'reject') return 'accepted'
  const fields = stream.transaction!.request.head!.fields
  const others = new Set([...fields].map(({ name }) => name).filter((name) => !ALLOWED.test(name)))
  if (others.size > 0 && headerNames === 'reject') return 'refused'
  for (const name of others) fields.remove(name)
  return 'accepted'
}
