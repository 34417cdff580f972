/**
 * Messages of the FIX protocol: tags and values (src/fix.c; https://www.fixtrading.org/standards/tagvalue-online/). Messages are byte strings.
 */
import { strl2ui } from '../../../bytes/integers.js'

const DELIMITER = '\x01'
/** The minimum length of a message. */
const LEAST_LENGTH = 26

const BEGIN_STRING = 8
const BODY_LENGTH = 9
const CHECKSUM = 10
const MESSAGE_TYPE = 35

/** Names of tags. */
const TAG_NAMES: Readonly<Record<string, number>> = {
  msgtype: MESSAGE_TYPE,
  checksum: CHECKSUM,
  bodylength: BODY_LENGTH,
  targetcompid: 56,
  beginstring: BEGIN_STRING,
  sendercompid: 49,
}

/** The versions, with the highest tag that each defines. */
const GREATEST_TAGS: Readonly<Record<string, number>> = {
  'FIX.4.0': 140,
  'FIX.4.1': 211,
  'FIX.4.2': 446,
  'FIX.4.3': 659,
  'FIX.4.4': 956,
  'FIXT.1.1': 1621,
}
/** Tags that users may define. */
const isUserDefined = (tag: number): boolean => tag >= 10_000 && tag <= 19_999

/** Digits as an unsigned 32-bit integer; undefined for other text and for 0. */
const positive = (text: string): number | undefined => (/^\d+$/.test(text) ? strl2ui(text) || undefined : undefined)

/** `fix_tagid`: a tag by its number or its name; undefined if it has no such name. */
export const fixTag = (name: string): number | undefined => {
  const lower = name.toLowerCase()
  return positive(name) ?? (Object.hasOwn(TAG_NAMES, lower) ? TAG_NAMES[lower] : undefined)
}

/** A tag with its value, and the position of the next one. */
interface Field {
  readonly tag: number
  readonly value: string
  readonly next: number
}

/** Reads the field at an offset; `partial` if its end is missing. */
const readField = (message: string, at: number): Field | 'partial' | 'invalid' => {
  const equals = message.indexOf('=', at)
  const end = equals < 0 ? -1 : message.indexOf(DELIMITER, equals)
  if (end < 0) return 'partial'
  const tag = positive(message.slice(at, equals))
  return tag === undefined ? 'invalid' : { tag, value: message.slice(equals + 1, end), next: end + 1 }
}

const sum = (bytes: string): number => {
  let total = 0
  for (let i = 0; i < bytes.length; i++) total += bytes.charCodeAt(i)
  return total & 0xff
}

/** `fix_validate_message`: whether a message is valid; undefined if it is not complete. */
export const isValidFix = (message: string): boolean | undefined => {
  if (message.length < LEAST_LENGTH) return undefined
  let greatest: number | undefined
  let bodyLength = 0
  let body = 0
  let count = 0
  for (let at = 0; at < message.length;) {
    const field = readField(message, at)
    if (field === 'partial') return undefined
    if (field === 'invalid') return false
    const { tag, value } = field
    if (greatest !== undefined && tag > greatest && !isUserDefined(tag)) return false
    count++
    if (count === 1) {
      greatest = Object.hasOwn(GREATEST_TAGS, value) ? GREATEST_TAGS[value] : undefined
      if (tag !== BEGIN_STRING || greatest === undefined) return false
    } else if (count === 2) {
      const length = positive(value)
      if (tag !== BODY_LENGTH || length === undefined) return false
      bodyLength = length
      body = field.next
    } else if (count === 3) {
      if (tag !== MESSAGE_TYPE) return false
    } else if (tag === CHECKSUM)
      return bodyLength === at - body && value.length === 3 && sum(message.slice(0, at)) === strl2ui(value)
    at = field.next
  }
  return body > 0 ? undefined : false
}

/** `fix_tag_value`: the value of the first field with a tag, up to the checksum, which is the last; undefined if absent or empty. */
export const fixValue = (message: string, wanted: number): string | undefined => {
  for (let at = 0; at < message.length;) {
    const field = readField(message, at)
    if (typeof field === 'string') return undefined
    if (field.tag === wanted) return field.value === '' ? undefined : field.value
    if (field.tag === CHECKSUM) return undefined
    at = field.next
  }
  return undefined
}
