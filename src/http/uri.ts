/**
 * Request targets, split as by HAProxy's `http_uri_parser` (src/http.c; RFC 9112, section 3.2): `*`, `/path`, an absolute URI or an
 * authority.
 */

export type UriFormat = 'empty' | 'asterisk' | 'path' | 'absolute or authority'

/** The parts of a request target; missing parts are undefined. Concatenated they give the target. */
export interface Uri {
  readonly format: UriFormat
  /** including `://` */
  readonly scheme: string | undefined
  /** including the user information */
  readonly authority: string | undefined
  /** including the query; never empty */
  readonly path: string | undefined
}

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i

export const parseUri = (uri: string): Uri => {
  const nothing = { scheme: undefined, authority: undefined, path: undefined }
  if (uri === '') return { format: 'empty', ...nothing }
  if (uri[0] === '*') return { format: 'asterisk', ...nothing }
  if (uri[0] === '/') return { format: 'path', ...nothing, path: uri }
  const scheme = SCHEME.exec(uri)?.[0]
  const from = scheme?.length ?? 0
  const length = uri.slice(from).search(/[/?#]/)
  const end = length < 0 ? uri.length : from + length
  return {
    format: 'absolute or authority',
    scheme,
    authority: uri.slice(from, end),
    path: scheme === undefined || end === uri.length ? undefined : uri.slice(end),
  }
}

/** An authority without the user information before its last `@`. */
export const withoutUserInfo = (authority: string): string => authority.slice(authority.lastIndexOf('@') + 1)

/** Splits a path from its query. The query excludes the `?`, and is undefined if there is no `?`. */
export const splitQuery = (path: string): { readonly path: string; readonly query: string | undefined } => {
  const at = path.indexOf('?')
  return at < 0 ? { path, query: undefined } : { path: path.slice(0, at), query: path.slice(at + 1) }
}

/** The port of a host, without the colon: possibly empty, undefined if the host has no port (`http_get_host_port`). */
export const portOf = (host: string): string | undefined => /:([0-9]*)$/.exec(host)?.[1]

/** A host without its port and colon. */
export const withoutPort = (host: string): string => {
  const port = portOf(host)
  return port === undefined ? host : host.slice(0, host.length - port.length - 1)
}

/**
 * Whether a port is the default one of a scheme (`http_is_default_port`).
 * @param scheme including `://`; if undefined, the default ports of both http and https match
 */
export const isDefaultPort = (scheme: string | undefined, port: string): boolean => {
  if (port === '') return true
  const lower = scheme?.toLowerCase()
  return (
    (port === '80' && (lower === undefined || lower === 'http://')) ||
    (port === '443' && (lower === undefined || lower === 'https://'))
  )
}

const FORBIDDEN = /[^\x21-\x7e]|[#,/?@\\]/

/** Whether a host contains forbidden characters; brackets must enclose an IP literal (`http_authority_has_forbidden_char`). */
export const hasForbiddenCharacter = (host: string): boolean => {
  if (FORBIDDEN.test(host)) return true
  let isOpen = false
  for (let at = 0; at < host.length; at++) {
    const char = host[at]
    if (char !== '[' && char !== ']') continue
    const isAllowed = char === '[' ? at === 0 : at === host.length - 1 || host[at + 1] === ':'
    if (!isAllowed) return true
    isOpen = !isOpen
  }
  return isOpen
}
