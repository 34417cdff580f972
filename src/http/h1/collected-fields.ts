/** Collects the fields of a head or of trailers, dropping, merging or rejecting some (`h1_headers_to_hdr_list` in HAProxy's src/h1.c). */
import { equalsIgnoringCase } from '../characters.js'
import { Fields } from '../fields.js'
import { hasForbiddenCharacter } from '../uri.js'
import type { Cursor } from './cursor.js'
import type { FieldLine, TakeField } from './field-lines.js'
import { parseConnection, parseContentLength, parseTransferEncoding, parseUpgrade, withoutElements } from './framing.js'
import { Flag, type Flags } from './states.js'

export class CollectedFields {
  readonly fields = new Fields()
  /** the value of `Content-Length`, without leading zeros */
  lengthDigits: string | undefined
  /** the first `Host` of a request, and the position of its value */
  host: string | undefined
  hostAt = 0

  /** @param limit a message with that many fields is rejected */
  constructor(
    public flags: Flags,
    readonly limit: number,
  ) {}

  /** The limit is reached. */
  get isFull(): boolean {
    return this.fields.length >= this.limit
  }

  readonly take: TakeField = (line, cursor) => {
    if (this.isFull) return false
    if (line.hasWrongName) return true
    const value = this.#valueOf(line, cursor)
    if (value === 'invalid') return false
    if (value === 'dropped') return true
    this.fields.append(line.name, value.text)
    return true
  }

  /** The value to keep. If the field is invalid, the cursor is at the error. */
  #valueOf(line: FieldLine, cursor: Cursor): { text: string } | 'dropped' | 'invalid' {
    const { value, valueAt } = line
    const invalidAt = (at: number): 'invalid' => {
      cursor.at = at
      return 'invalid'
    }
    switch (line.name) {
      case 'transfer-encoding': {
        const { flags, problem } = parseTransferEncoding(value, this.flags)
        this.flags = flags
        const isTolerated = problem === 'error' && (flags & Flag.RESP) !== 0 && cursor.tolerates()
        if (problem !== undefined && !isTolerated) return invalidAt(valueAt)
        break
      }
      case 'content-length': {
        const length = parseContentLength(value, this.lengthDigits)
        if (!length.isValid) return invalidAt(valueAt + length.errorAt)
        const isRepeated = this.lengthDigits !== undefined
        this.lengthDigits = length.digits
        this.flags |= Flag.CLEN
        return isRepeated ? 'dropped' : { text: length.digits }
      }
      case 'connection': {
        const connection = parseConnection(value, this.flags)
        this.flags = connection.flags
        return connection.value === '' ? 'dropped' : { text: connection.value }
      }
      case 'upgrade': {
        const upgrade = parseUpgrade(value, this.flags)
        this.flags = upgrade.flags
        return upgrade.value === '' ? 'dropped' : { text: upgrade.value }
      }
      case 'host':
        if (this.flags & Flag.RESP) break
        if (this.host !== undefined) return equalsIgnoringCase(value, this.host) ? 'dropped' : invalidAt(valueAt)
        if (hasForbiddenCharacter(value)) return invalidAt(valueAt)
        this.host = value
        this.hostAt = valueAt
    }
    return { text: value }
  }

  /** Drops `Upgrade` without the `Connection` option of that name, and the option without the field. */
  settleUpgrade(): void {
    const { fields } = this
    if (!(this.flags & Flag.CONN_UPG)) fields.remove('upgrade')
    else if (!fields.has('upgrade')) {
      this.flags &= ~Flag.CONN_UPG
      fields.rewrite('connection', (value) => withoutElements(value, (option) => option === 'upgrade'))
    }
  }

  /**
   * Resolves conflicts between transfer coding and length: the coding wins, and the connection is closed, as other agents may decide
   * differently (RFC 9112, section 6.1). Returns whether the framing is valid.
   * @param keepsInsecure `h1-do-not-close-on-insecure-transfer-encoding`
   */
  settleFraming(keepsInsecure: boolean): boolean {
    if (!(this.flags & Flag.XFER_ENC)) return true
    if (this.flags & Flag.CLEN) {
      if (!keepsInsecure) this.flags |= Flag.CONN_CLO
      this.flags &= ~Flag.CLEN
      this.lengthDigits = undefined
      this.fields.remove('content-length')
    } else if (!(this.flags & Flag.VER_11)) this.flags |= Flag.CONN_CLO
    return (this.flags & (Flag.CHNK | Flag.RESP)) !== 0
  }
}
