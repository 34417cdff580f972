/** The line of a stick table, `stick-table` in proxies and `table` in `peers` (parse_stick_table in src/stick_table.c). */
import { strtol } from '../../bytes/integers.js'
import type { Line } from '../syntax/line.js'
import type { ParseContext } from '../parse-context.js'
import type { TableKeyType } from '../model/tables.js'
import { firstByte } from '../../bytes/text.js'
import { isDurationError, parseDuration, parseSize, trailingUnitText } from '../syntax/units.js'
import { parseStore } from './store.js'
import { makeTableDraft, type TableDraft, type TableOwner } from './table-draft.js'

/** Bytes of keys by default; types with a length accept `len`. */
const KEY_TYPES: ReadonlyMap<
  string,
  { readonly type: TableKeyType; readonly size: number; readonly hasLength: boolean }
> = new Map([
  ['integer', { type: 'integer', size: 4, hasLength: false }],
  ['ip', { type: 'ip', size: 4, hasLength: false }],
  ['ipv4', { type: 'ip', size: 4, hasLength: false }],
  ['ipv6', { type: 'ipv6', size: 16, hasLength: false }],
  ['string', { type: 'string', size: 32, hasLength: true }],
  ['binary', { type: 'binary', size: 32, hasLength: true }],
])

const MAX_FACTOR = 1024

/** Declares the table of a `stick-table` or `table` line, whose settings begin at word `from`. Returns undefined after errors. */
export const readStickTable = (
  context: ParseContext,
  line: Line,
  from: number,
  owner: TableOwner,
): TableDraft | undefined => {
  const inPeers = owner.kind === 'peers'
  const name = inPeers ? `${owner.name}/${line.at(1)}` : owner.name
  const other = context.tables.find(name)
  if (other) {
    const { file, line: number } = other.place
    context.alert(
      line,
      `stick-table name '${inPeers ? line.at(1) : name}' conflicts with table declared in ${other.owner.kind} ` +
        `'${other.owner.kind === 'peers' ? other.owner.name : other.name}' at ${file}:${number}.`,
    )
    return undefined
  }
  const networkName = inPeers ? line.at(1) : name
  const table = new TableLine(context, line, from, makeTableDraft(name, networkName, owner, line.place)).parse()
  if (table) context.tables.add(table)
  return table
}

type UntypedDraft = ReturnType<typeof makeTableDraft>

class TableLine {
  constructor(
    private readonly context: ParseContext,
    private readonly line: Line,
    private at: number,
    private readonly table: UntypedDraft,
  ) {}

  parse(): TableDraft | undefined {
    const { line, table } = this
    while (line.at(this.at) !== '') if (!this.setting(line.at(this.at++))) return undefined
    if (table.size === 0) return void this.fail('missing size.')
    const { type } = table
    return type === undefined ? void this.fail('missing type.') : { ...table, type }
  }

  /** Reports an error. Returns false. */
  private fail(message: string, separator = ':'): false {
    this.context.alert(this.line, `${this.line.at(0)}${separator} ${message}`)
    return false
  }

  /** The argument of the current setting; undefined if it is missing, after reporting that. */
  private argument(name: string): string | undefined {
    const value = this.line.at(this.at++)
    if (value !== '') return value
    this.fail(`missing argument after '${name}'.`)
    return undefined
  }

  /** Parses a setting, whose name precedes {@link at}. Returns whether it is valid. */
  private setting(name: string): boolean {
    const { table } = this
    switch (name) {
      case 'size':
        return this.size(name, (size) => void (table.size = size))
      case 'expire':
        return this.expire(name)
      case 'nopurge':
        return (table.nopurge = true)
      case 'recv-only':
        return (table.receiveOnly = true)
      case 'type':
        return this.type()
      case 'store':
        return this.store()
      case 'srvkey':
        return this.serverKey()
      case 'write-to': {
        const value = this.line.at(this.at++)
        if (value === '') return this.fail('write-to requires table name.', ' :')
        table.writeTo = value
        return true
      }
      case 'brates-factor':
        return this.size(name, (factor) => void (table.byteRateFactor = factor)) && this.factorInRange(name)
      case 'peers': {
        if (table.owner.kind === 'peers') break
        const value = this.argument(name)
        table.peers = value
        return value !== undefined
      }
    }
    return this.fail(`unknown argument '${name}'.`)
  }

  private size(name: string, set: (size: number) => void): boolean {
    const value = this.argument(name)
    if (value === undefined) return false
    const size = parseSize(value)
    if (typeof size !== 'number')
      return this.fail(`unexpected character '${firstByte(size.rest) ?? '\0'}' in argument of '${name}'.`)
    set(size)
    return true
  }

  private factorInRange(name: string): boolean {
    const { byteRateFactor } = this.table
    if (byteRateFactor > 0 && byteRateFactor <= MAX_FACTOR) return true
    return this.fail(`argument '${name}' must be greater than 0 and lower or equal than ${MAX_FACTOR}.`)
  }

  private expire(name: string): boolean {
    const { context, line } = this
    const value = this.argument(name)
    if (value === undefined) return false
    const parsed = parseDuration(value)
    if (!isDurationError(parsed)) {
      if (parsed.trailing !== '')
        context.main.add('warning', `config : ${trailingUnitText(value, parsed.trailing)}`, line.place)
      this.table.expire = parsed.value === 0 ? undefined : parsed.value
      return true
    }
    const where = `in argument <${value}> to <${name}>`
    if (typeof parsed !== 'string')
      return this.fail(`unexpected character '${parsed.unexpected}' in argument of '${name}'.`)
    context.alertWithoutSpace(
      line,
      parsed === 'overflow'
        ? `${line.at(0)}: timer overflow ${where}, maximum value is 2147483647 ms (~24.8 days).`
        : `${line.at(0)}: timer underflow ${where}, minimum non-null value is 1 ms.`,
    )
    return false
  }

  private type(): boolean {
    const { line, table } = this
    const name = line.at(this.at++)
    const known = KEY_TYPES.get(name)
    if (!known) return this.fail(`unknown type '${name}'.`)
    table.type = known.type
    table.keySize = known.size
    if (!known.hasLength || line.at(this.at) !== 'len') return true
    const { value, rest } = strtol(line.at(this.at + 1))
    if (rest !== '' || value === 0) {
      this.context.alert(line, "'len' expects a positive integer argument.")
      return false
    }
    table.keySize = known.type === 'string' ? value + 1 : value
    this.at += 2
    return true
  }

  private store(): boolean {
    const { context, line, table } = this
    const problem = parseStore(line.at(this.at++), table.data, {
      warn: (text) =>
        context.main.add('warning', `config : parsing [${line.file}:${line.line}]: ${line.at(0)}: ${text}`, line.place),
      warnOfUnit: (text) => context.main.add('warning', `config : ${text}`, line.place),
    })
    return problem === undefined || this.fail(problem)
  }

  private serverKey(): boolean {
    const value = this.line.at(this.at++)
    if (value !== 'name' && value !== 'addr') return this.fail(`unknown server key type '${value}'.`, ' :')
    this.table.serverKey = value
    return true
  }
}
