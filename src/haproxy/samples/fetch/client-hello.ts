/** Fetches of the ClientHello of TLS that has been received as plain bytes (`smp_fetch_ssl_hello_sni` and others, src/payload.c). */
import type { FetchProgress, Fetch } from '../keyword.js'
import { bin, bool, sint, str, type Sample } from '../sample.js'
import { ofBytes, tooShort } from './payload.js'

const u16 = (bytes: string, at: number): number => (bytes.charCodeAt(at) << 8) | bytes.charCodeAt(at + 1)
const u24 = (bytes: string, at: number): number => (bytes.charCodeAt(at) << 16) | u16(bytes, at + 1)

const HANDSHAKE = 0x16
const CLIENT_HELLO = 0x01
/** Sizes of the headers of the record and of the message. */
const RECORD_SIZE = 5
const MESSAGE_SIZE = 4
/** Minimum size of messages with extensions. */
const SHORTEST_RECORD = 49
const SHORTEST_HELLO = 43
/** Version and random number, before the session's identifier. */
const SESSION_AT = 34

/** Types of extensions (RFC 6066, 8422, 8446, 7301, 5077). */
const Extension = {
  SERVER_NAME: 0,
  SUPPORTED_GROUPS: 10,
  SIGNATURE_ALGORITHMS: 13,
  ALPN: 16,
  SESSION_TICKET: 35,
  KEY_SHARE: 51,
} as const

/** HAProxy counts the header of the message as a part of its contents for some of the fetches. */
const HEADER_SLACK = MESSAGE_SIZE

/** Positions of the parts of a ClientHello. */
interface Hello {
  readonly bytes: string
  readonly ciphersAt: number
  readonly ciphersSize: number
  /** position, and the number of bytes of the message from there; undefined: the length of the list is wrong */
  readonly extensionsAt: number | undefined
  readonly extensionsSize: number
}

/**
 * Parses a ClientHello; 'short' if bytes are missing, undefined for anything else.
 * @param slack bytes that may be missing at its end
 */
const parseHello = (input: string, slack: number): Hello | 'short' | undefined => {
  if (input === '') return 'short'
  if (input.charCodeAt(0) !== HANDSHAKE) return undefined
  if (input.length < 3) return 'short'
  if (input.charCodeAt(1) < 0x03) return undefined
  if (input.length < RECORD_SIZE) return 'short'
  if (u16(input, 3) < SHORTEST_RECORD) return undefined
  const message = input.slice(RECORD_SIZE)
  if (message === '') return 'short'
  if (message.charCodeAt(0) !== CLIENT_HELLO) return undefined
  if (message.length < MESSAGE_SIZE) return 'short'
  const size = u24(message, 1)
  if (size < SHORTEST_HELLO) return undefined
  if (message.length < MESSAGE_SIZE + size - slack) return 'short'
  return parseBody(message.slice(MESSAGE_SIZE), size)
}

const parseBody = (bytes: string, size: number): Hello | undefined => {
  if (bytes.charCodeAt(0) < 0x03 || bytes.charCodeAt(1) < 0x01) return undefined
  const session = bytes.charCodeAt(SESSION_AT)
  if (session > 32 || session > size - SESSION_AT - 1) return undefined
  let at = SESSION_AT + 1 + session
  let left = size - at
  const ciphersSize = u16(bytes, at)
  if (left < 4 || ciphersSize < 2 || ciphersSize > left) return undefined
  const ciphersAt = at + 2
  at += 2 + ciphersSize
  left -= 2 + ciphersSize
  const methods = bytes.charCodeAt(at)
  const noExtensions = { bytes, ciphersAt, ciphersSize, extensionsAt: undefined, extensionsSize: 0 }
  if (left < 2 || methods < 1 || methods > left) return noExtensions
  at += 1 + methods
  left -= 1 + methods
  const extensionsSize = u16(bytes, at)
  if (left < 2 || extensionsSize > left - 2) return noExtensions
  return { bytes, ciphersAt, ciphersSize, extensionsAt: at + 2, extensionsSize }
}

/** An extension: position and size of its contents, and the number of bytes from there to the end of the list. */
interface FoundExtension {
  readonly at: number
  readonly size: number
  readonly left: number
}

/** The first extension of a type that is accepted; 'invalid' if the list is malformed before it. */
const findExtension = (
  { bytes, extensionsAt, extensionsSize }: Hello,
  type: number,
  accepts: (found: FoundExtension) => boolean = () => true,
): FoundExtension | 'invalid' | undefined => {
  if (extensionsAt === undefined) return 'invalid'
  let at = extensionsAt
  for (let left = extensionsSize; left >= 4;) {
    const size = u16(bytes, at + 2)
    if (size > left - 4) return 'invalid'
    const found = { at: at + 4, size, left: left - 4 }
    if (u16(bytes, at) === type && accepts(found)) return found
    at += 4 + size
    left -= 4 + size
  }
  return undefined
}

/** A fetch of a ClientHello. */
const ofHello = (
  name: string,
  value: (hello: Hello, progress: FetchProgress) => Sample | undefined,
  slack = 0,
): Fetch => ({
  name,
  bind: () =>
    ofBytes(({ input }, progress) => {
      const hello = parseHello(input, slack)
      return hello === 'short' ? tooShort(progress) : hello && value(hello, progress)
    }),
})

/** The list in an extension, preceded by its length. */
const listOf = (hello: Hello, type: number): string | undefined => {
  const found = findExtension(hello, type)
  if (!found || found === 'invalid' || found.size < 2) return undefined
  const size = u16(hello.bytes, found.at)
  if (size < 2 || size > found.left - 2) return undefined
  return hello.bytes.slice(found.at + 2, found.at + 2 + size)
}

const list = (name: string, type: number): Fetch =>
  ofHello(
    name,
    (hello) => {
      const bytes = listOf(hello, type)
      return bytes === undefined ? undefined : bin(bytes)
    },
    HEADER_SLACK,
  )

const serverName = ({ bytes, ...hello }: Hello): Sample | undefined => {
  let isInvalid = false
  const found = findExtension({ bytes, ...hello }, Extension.SERVER_NAME, ({ at, size, left }) => {
    const names = u16(bytes, at)
    if (size < 2 || names < 4 || names > left - 2) isInvalid = true
    return isInvalid || bytes.charCodeAt(at + 2) === 0
  })
  if (isInvalid || !found || found === 'invalid') return undefined
  return str(bytes.slice(found.at + 5, found.at + 5 + u16(bytes, found.at + 3)))
}

/** The names of protocols: all of them one after another for ACLs, or the first one. */
const protocol = (hello: Hello, progress: FetchProgress): Sample | undefined => {
  const found = findExtension(hello, Extension.ALPN)
  if (!found || found === 'invalid' || found.size < 3) return undefined
  const offset = (progress.cursor ?? 2) as number
  const length = hello.bytes.charCodeAt(found.at + offset)
  const end = offset + 1 + length
  if (end > found.size) return undefined
  progress.hasNext = end < found.size
  progress.cursor = end
  return str(hello.bytes.slice(found.at + offset + 1, found.at + end))
}

/** The groups of all key shares. */
const keyShareGroups = (hello: Hello): Sample | undefined => {
  const shares = listOf(hello, Extension.KEY_SHARE)
  if (shares === undefined) return undefined
  let groups = ''
  for (let at = 0; at < shares.length; at += 4 + u16(shares, at + 2)) groups += shares.slice(at, at + 2)
  return bin(groups)
}

/** 0: no extension for session tickets, 1: it is empty, 2: it has a ticket. */
const sessionTicket = (hello: Hello): Sample | undefined => {
  const found = findExtension(hello, Extension.SESSION_TICKET)
  if (found === 'invalid') return undefined
  return sint(found ? (found.size > 0 ? 2 : 1) : 0)
}

/** The type of a handshake message, which has to be complete. */
const helloType: ReturnType<Fetch['bind']> = ofBytes(({ input }, progress) => {
  if (input === '') return tooShort(progress)
  if (!isRecord(input.charCodeAt(0))) return undefined
  if (input.length < 9) return tooShort(progress)
  if (input.charCodeAt(1) < 3 || u16(input, 3) < 4) return undefined
  return input.length < 9 + u24(input, 6) ? tooShort(progress) : sint(input.charCodeAt(5))
})

/** Whether a byte is the type of a record of SSL 3 or TLS. */
const isRecord = (type: number): boolean => (type >= 0x14 && type <= 0x17) || type === 0xff

/** The version as HAProxy represents it: major number in the upper 16 bits, minor number in the lower 16. */
const versionAt = (bytes: string, at: number): number => (bytes.charCodeAt(at) << 16) | bytes.charCodeAt(at + 1)

/** The version of the client's hello, also in the format of SSL 2. */
const helloVersion: ReturnType<Fetch['bind']> = ofBytes(({ input, isFull }, progress) => {
  if (input === '') return tooShort(progress)
  if (!isRecord(input.charCodeAt(0))) return oldVersion(input, isFull, progress)
  if (input.length < 11) return tooShort(progress)
  const length = u16(input, 3)
  if (input.charCodeAt(1) < 3 || length < 6 || length > 16384 + 2048) return undefined
  return input.length - 5 < length && !isFull ? tooShort(progress) : sint(versionAt(input, 9))
})

/** Of a hello in the format of SSL 2, with a short or a long header. */
const oldVersion = (input: string, isFull: boolean, progress: FetchProgress): Sample | undefined => {
  const isShort = (input.charCodeAt(0) & 0x80) !== 0
  const header = isShort ? 2 : 3
  if (input.length < header + 1) return tooShort(progress)
  const length = u16(input, 0) & (isShort ? 0x7fff : 0x3fff)
  const padding = isShort ? 0 : input.charCodeAt(2)
  if (input.charCodeAt(header) !== CLIENT_HELLO) return undefined
  const at = header + 1
  if (input.length < at + 8) return tooShort(progress)
  const [ciphers, session, challenge] = [u16(input, at + 2), u16(input, at + 4), u16(input, at + 6)]
  if (ciphers % 3 !== 0 || (session !== 0 && session !== 16) || challenge < 16 || challenge > 32) return undefined
  if (length !== 9 + ciphers + session + challenge) return undefined
  const missing = at + 8 + ciphers + session + challenge + padding > input.length
  return missing && !isFull ? tooShort(progress) : sint(versionAt(input, at))
}

export const CLIENT_HELLO_FETCHES: readonly Fetch[] = [
  ofHello('req.ssl_sni', serverName),
  ofHello('req_ssl_sni', serverName),
  ofHello('req.ssl_alpn', protocol),
  ofHello(
    'req.ssl_cipherlist',
    ({ bytes, ciphersAt, ciphersSize }) => bin(bytes.slice(ciphersAt, ciphersAt + ciphersSize)),
    HEADER_SLACK,
  ),
  ofHello(
    'req.ssl_ec_ext',
    (hello) => {
      const found = findExtension(hello, Extension.SUPPORTED_GROUPS)
      return found === 'invalid' ? undefined : bool(found !== undefined)
    },
    HEADER_SLACK,
  ),
  ofHello('req.ssl_st_ext', sessionTicket),
  list('req.ssl_supported_groups', Extension.SUPPORTED_GROUPS),
  list('req.ssl_sigalgs', Extension.SIGNATURE_ALGORITHMS),
  ofHello('req.ssl_keyshare_groups', keyShareGroups, HEADER_SLACK),
  ...['req.ssl_hello_type', 'req_ssl_hello_type', 'res.ssl_hello_type', 'rep_ssl_hello_type'].map((name) => ({
    name,
    bind: () => helloType,
  })),
  ...['req.ssl_ver', 'req_ssl_ver'].map((name) => ({ name, bind: () => helloVersion })),
]
