/** Checks the form of a request's target, and `Host` against its authority (last part of `h1_headers_to_hdr_list` in HAProxy's src/h1.c). */
import { equalsIgnoringCase } from '../characters.js'
import { KNOWN_METHODS } from '../methods.js'
import { hasForbiddenCharacter, isDefaultPort, parseUri, portOf, withoutPort, withoutUserInfo } from '../uri.js'

/**
 * - `ok`: valid; `host`, if defined, replaces the value of the field
 * - `invalid`: the form of the target is not allowed for the method
 * - `wrong authority`, `wrong host`: violations at the target or at the field, which can be tolerated
 */
export interface TargetCheck {
  readonly outcome: 'ok' | 'invalid' | 'wrong authority' | 'wrong host'
  readonly host?: string
}

const OK: TargetCheck = { outcome: 'ok' }
const INVALID: TargetCheck = { outcome: 'invalid' }
const WRONG_HOST: TargetCheck = { outcome: 'wrong host' }

/** @param host the value of `Host`, undefined if absent */
export const checkTarget = (method: string, uri: string, host: string | undefined): TargetCheck => {
  const { format, scheme, authority } = parseUri(uri)
  const isConnect = method === 'CONNECT'
  switch (format) {
    case 'asterisk':
      // also allowed for unknown methods: `PRI * HTTP/2.0`
      return uri === '*' && (method === 'OPTIONS' || !KNOWN_METHODS.includes(method)) ? OK : INVALID
    case 'path':
      return isConnect ? INVALID : OK
    case 'empty':
      return INVALID
    default:
      if (isConnect !== (scheme === undefined)) return INVALID
      return checkAuthority(scheme, withoutUserInfo(authority!), host)
  }
}

const checkAuthority = (scheme: string | undefined, authority: string, host: string | undefined): TargetCheck => {
  if (hasForbiddenCharacter(authority)) return { outcome: 'wrong authority' }
  return scheme === undefined ? checkConnect(authority, host) : checkAbsolute(scheme, authority, host)
}

/** `h1_validate_connect_authority`: a port is mandatory; `Host` may omit a default port, and loses it otherwise. */
const checkConnect = (authority: string, host: string | undefined): TargetCheck => {
  const port = portOf(authority)
  if (!port) return { outcome: 'wrong authority' }
  if (host === undefined) return OK
  const name = withoutPort(authority)
  const hostPort = portOf(host)
  const hostName = hostPort === undefined ? host : withoutPort(host)
  if (!equalsIgnoringCase(hostName, name)) return WRONG_HOST
  if (!hostPort) return isDefaultPort(undefined, port) ? OK : WRONG_HOST
  if (hostPort !== port) return WRONG_HOST
  return isDefaultPort(undefined, port) ? { outcome: 'ok', host: hostName } : OK
}

/** `h1_validate_mismatch_authority`: one of them may omit the scheme's default port. */
const checkAbsolute = (scheme: string, authority: string, host: string | undefined): TargetCheck => {
  if (host === undefined || equalsIgnoringCase(authority, host)) return OK
  const port = portOf(authority)
  const hostPort = portOf(host)
  if (port === undefined && hostPort === undefined) return WRONG_HOST
  if (![port, hostPort].every((each) => each === undefined || isDefaultPort(scheme, each))) return WRONG_HOST
  return equalsIgnoringCase(withoutPort(authority), withoutPort(host)) ? OK : WRONG_HOST
}

/** A target in absolute form and its host, without default port and with a path. */
export interface NormalizedTarget {
  readonly uri: string
  readonly host: string
}

/** Scheme-based normalization (RFC 3986, section 6.2.3; `http_scheme_based_normalize`); undefined if nothing changes. */
export const normalizedTarget = (uri: string): NormalizedTarget | undefined => {
  const { scheme, authority, path } = parseUri(uri)
  if (scheme === undefined) return undefined
  const whole = withoutUserInfo(authority!)
  const port = portOf(whole)
  const isDefault = port !== undefined && isDefaultPort(scheme, port)
  if (!isDefault && path !== undefined) return undefined
  const host = isDefault ? withoutPort(whole) : whole
  const start = scheme.length + authority!.length - whole.length
  return { uri: uri.slice(0, start) + host + (path ?? '/'), host }
}
