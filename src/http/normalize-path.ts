/** Normalization of paths and queries, as `http-request normalize-uri` does it (HAProxy's src/uri_normalizer.c; RFC 3986, section 6.2.2). */

/** The names of `http-request normalize-uri`. */
export type PathNormalizer =
  | 'path-merge-slashes'
  | 'path-strip-dot'
  | 'path-strip-dotdot'
  | 'query-sort-by-name'
  | 'percent-to-uppercase'
  | 'percent-decode-unreserved'
  | 'fragment-strip'
  | 'fragment-encode'

/**
 * A path with its query, normalized; undefined if it is invalid.
 * @param option `full` or `strict` of the normalizers that have it
 */
export const normalizePath = (path: string, normalizer: PathNormalizer, option: boolean): string | undefined => {
  const query = path.indexOf('?')
  const end = query < 0 ? path.length : query
  const [before, after] = [path.slice(0, end), path.slice(end)]
  switch (normalizer) {
    case 'path-merge-slashes':
      return before.replace(/\/+/g, '/') + after
    case 'path-strip-dot':
      return stripDots(before) + after
    case 'path-strip-dotdot':
      return stripParents(before, option) + after
    case 'query-sort-by-name':
      return before + sortQuery(after)
    case 'percent-to-uppercase':
      return changeEncoded(path, option, (encoded) => encoded.toUpperCase())
    case 'percent-decode-unreserved':
      return changeEncoded(path, option, decodeUnreserved)
    case 'fragment-strip':
      return path.replace(/#.*/s, '')
    case 'fragment-encode':
      return path.replaceAll('#', '%23')
  }
}

/** Removes the segments `.`. */
const stripDots = (path: string): string => path.replace(/(^|\/)(?:\.(?:\/|$))+/g, '$1')

/** Removes the segments `..` and those before them. @param full also those that have none before them */
const stripParents = (path: string, full: boolean): string => {
  let result = ''
  let parents = 0
  let at = path.length - 1
  if (at >= 2 && path.endsWith('/..')) {
    parents++
    at -= 2
  }
  while (at >= 0) {
    if (at >= 3 && path.startsWith('/../', at - 3)) {
      parents++
      at -= 3
      continue
    }
    // the character here is a slash, or the last one of the path
    const slash = at === 0 ? -1 : path.lastIndexOf('/', at - 1)
    if (parents === 0) {
      result = path.slice(slash + 1, at + 1) + result
      at = slash
    } else {
      if (at > 0) parents--
      at = slash
    }
  }
  if (parents === 0) return result
  return `${full ? '' : '/..'.repeat(parents)}/${result}`
}

/** Sorts the parameters of a query, which begins with its `?` or is empty, by the bytes of their names. */
const sortQuery = (query: string): string => {
  if (query.length < 2) return query
  const names = query
    .slice(1)
    .replace(/&$/, '')
    .split('&')
    .map((parameter) => ({ parameter, name: parameter.split('=', 1)[0]! }))
  names.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return `?${names.map(({ parameter }) => parameter).join('&')}`
}

/** Changes the encoded bytes of a text. @param strict a `%` that encodes nothing makes it invalid */
const changeEncoded = (text: string, strict: boolean, change: (encoded: string) => string): string | undefined => {
  if (strict && /%(?![0-9a-f]{2})/i.test(text)) return undefined
  return text.replace(/%[0-9a-f]{2}/gi, change)
}

const decodeUnreserved = (encoded: string): string => {
  const char = String.fromCharCode(parseInt(encoded.slice(1), 16))
  return /[A-Za-z0-9\-._~]/.test(char) ? char : encoded
}
