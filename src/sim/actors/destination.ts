/** URLs of requests, and where a client connects to. */
import { formatAddress, type Address } from '../../net/address.js'
import type { TlsClient } from '../../net/tls.js'

/** What a URL says. */
export interface Destination {
  /** equal for URLs whose requests can share a connection */
  readonly key: string
  readonly address: Address
  /** the value of Host: without the default port */
  readonly host: string
  /** `host:port`, the target of CONNECT */
  readonly authority: string
  /** path and query */
  readonly target: string
  /** settings of TLS, for `https` */
  readonly tls: TlsClient | undefined
}

const URL_PARTS = /^(https?):\/\/(\[[\da-f:.]+\]|[^/?#:@[\]]+)(?::(\d+))?([/?][^#]*)?(?:#.*)?$/is

/**
 * Parses a URL. Throws a RangeError for an invalid one.
 *
 * @param parse parses `host:port`
 * @param to the address to connect to instead of that in the URL
 */
export const parseUrl = (url: string, parse: (address: string) => Address, to: string | undefined): Destination => {
  const [, scheme, host, port, path = ''] = URL_PARTS.exec(url) ?? []
  if (scheme === undefined)
    throw new RangeError(`'${url}' is not a URL: expected http://HOST[:PORT][/PATH] or https://…`)
  const isTls = scheme.toLowerCase() === 'https'
  const authority = `${host!}:${port ?? (isTls ? 443 : 80)}`
  const address = parse(to ?? authority)
  const serverName = /^[[\d]/.test(host!) ? undefined : host
  return {
    key: `${isTls ? `https ${host!} ` : ''}${formatAddress(address)}`,
    address,
    host: port === undefined ? host! : `${host!}:${port}`,
    authority,
    target: path.startsWith('/') ? path : `/${path}`,
    tls: isTls ? { verify: false, serverName, alpn: ['http/1.1'] } : undefined,
  }
}
