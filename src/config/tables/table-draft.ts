/** Stick tables while the configuration is parsed: rules add the data that they need. */
import type { SampleType } from '../samples/types.js'
import type { StickTableConfig, TableData, TableKeyType } from '../model/tables.js'
import type { Place } from '../syntax/place.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** What declares a table, for messages: a section `peers` or a proxy (the type as in messages: `proxy` for a `listen`). */
export interface TableOwner {
  readonly kind: string
  readonly name: string
}

/** A mutable {@link StickTableConfig}. */
export interface TableDraft extends Omit<Mutable<StickTableConfig>, 'data'> {
  readonly owner: TableOwner
  readonly data: Map<string, TableData>
}

/** A table before its line is parsed, with HAProxy's defaults; the type and the size are mandatory. */
export const makeTableDraft = (
  name: string,
  networkName: string,
  owner: TableOwner,
  place: Place,
): Omit<TableDraft, 'type'> & { type: TableKeyType | undefined } => ({
  name,
  networkName,
  owner,
  place,
  type: undefined,
  keySize: 0,
  size: 0,
  expire: undefined,
  nopurge: false,
  receiveOnly: false,
  serverKey: 'name',
  writeTo: undefined,
  byteRateFactor: 1,
  data: new Map(),
  peers: undefined,
})

const SAMPLE_TYPES: Readonly<Record<TableKeyType, SampleType>> = {
  integer: 'sint',
  ip: 'ipv4',
  ipv6: 'ipv6',
  string: 'str',
  binary: 'bin',
}

/** The type that samples are cast to before they are looked up in a table. */
export const tableSampleType = ({ type }: { readonly type: TableKeyType }): SampleType => SAMPLE_TYPES[type]

/** Adds what `stick` rules store: the server of an entry. */
export const storeServers = ({ data }: TableDraft): void => {
  for (const name of ['server_id', 'server_key'])
    if (!data.has(name)) data.set(name, { elements: 1, period: undefined })
}

/** The tables of a configuration by name. Names of proxies and of tables in `peers` cannot collide. */
export class Tables {
  private readonly byName = new Map<string, TableDraft>()

  /** All tables, in the order of the text. */
  get all(): readonly TableDraft[] {
    return [...this.byName.values()]
  }

  /** The table of this name (stktable_find_by_name). */
  find(name: string): TableDraft | undefined {
    return this.byName.get(name)
  }

  add(table: TableDraft): void {
    this.byName.set(table.name, table)
  }
}
