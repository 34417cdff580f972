/** Stick tables in the model of a configuration (`struct stktable` in include/haproxy/stick_table-t.h). */
import type { Micros } from '../../engine/clock.js'
import type { Place } from '../syntax/place.js'

/** Types of keys, by the names that `type` takes. */
export type TableKeyType = 'integer' | 'ip' | 'ipv6' | 'string' | 'binary'

/** What a table stores of one data type, see {@link TABLE_DATA_TYPES}. */
export interface TableData {
  /** length of an array (`gpc`, `gpc_rate`, `gpt`); 1 for other types */
  readonly elements: number
  /** the period of a rate; undefined for other types */
  readonly period: Micros | undefined
}

/** A table, of a proxy or of a section `peers`. */
export interface StickTableConfig {
  /** of a proxy: its name; of a section `peers`: `<section>/<table>` */
  readonly name: string
  /** the name that peers use: without the section */
  readonly networkName: string
  readonly place: Place
  readonly type: TableKeyType
  /** bytes of a key; longer ones are truncated. That of a string includes the NUL at its end. */
  readonly keySize: number
  /** maximum number of entries */
  readonly size: number
  /** time after which unused entries expire; undefined: never */
  readonly expire: Micros | undefined
  /** refuses new entries when it is full, instead of removing the oldest */
  readonly nopurge: boolean
  /** learns from peers and sends them nothing */
  readonly receiveOnly: boolean
  /** `srvkey`: how servers are identified in `server_key` */
  readonly serverKey: 'name' | 'addr'
  /** name of the table that receives the updates of peers */
  readonly writeTo: string | undefined
  /** rates of bytes are divided by it, 1 … 1024 */
  readonly byteRateFactor: number
  /** stored data by name */
  readonly data: ReadonlyMap<string, TableData>
  /** `peers`: the section whose peers share the table */
  readonly peers: string | undefined
}
