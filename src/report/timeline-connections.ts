/**
 * Connections on a timeline: one lane per destination, and more for concurrent connections. A connection is a span from the connect until
 * both sides have ended it.
 */
import type { Micros, TraceRecord } from '../engine/index.js'
import { formatLength } from './length.js'
import type { MutableItem, TimelineWriter } from './timeline.js'

export interface ConnectionRecord extends TraceRecord {
  readonly type: 'connect' | 'accept' | 'refuse' | 'reset' | 'fail' | 'close'
  readonly connection: number
  /** only in `connect` */
  readonly from?: string
  readonly to?: string
  /** in all others: the addresses of the reporting side */
  readonly local?: string
  readonly remote?: string
  readonly error?: string | undefined
}

interface OpenConnection {
  readonly item: MutableItem | undefined
  readonly row: Row
  readonly to: string
  readonly from: string
  readonly since: Micros
  readonly story: string[]
  /** sides that have not ended it: one until it is accepted */
  sides: number
}

interface Row {
  readonly lane: number
  busy: boolean
}

export class ConnectionLanes {
  readonly #open = new Map<number, OpenConnection>()
  readonly #rows = new Map<string, Row[]>()

  constructor(readonly timeline: TimelineWriter) {}

  observe(record: ConnectionRecord): void {
    if (record.type === 'connect') return this.#connect(record)
    const open = this.#open.get(record.connection)
    if (open === undefined) return
    const time = formatLength(record.at - open.since)
    const order = this.timeline.nextOrder()
    if (record.type === 'accept') {
      open.sides = 2
      open.story.push(`accepted after ${time}`)
      this.#setText(open, 'open')
      return
    }
    const bySide = open.sides === 2 || open.story.length > 0 ? (this.#isClient(open, record) ? 'client' : 'server') : ''
    const by = record.type === 'close' && bySide !== '' ? ` by the ${bySide}` : ''
    open.story.push(`${END_TEXT[record.type]}${by} after ${time}${record.error ? ` (${record.error})` : ''}`)
    if (open.item) {
      open.item.end = record.at
      open.item.endOrder = order
      if (record.type !== 'close') open.item.level = 'bad'
    }
    if (open.item === undefined || open.item.text === 'open' || record.type !== 'close')
      this.#setText(open, END_TEXT[record.type])
    else this.#setText(open, open.item.text)
    if (--open.sides > 0) return
    open.row.busy = false
    this.#open.delete(record.connection)
  }

  #connect({ connection, from = '', to = '', at }: ConnectionRecord): void {
    const row = this.#freeRow(to)
    row.busy = true
    const item = this.timeline.add({ kind: 'connection', lane: row.lane, text: 'open' })
    const open: OpenConnection = { item, row, to, from, since: at, story: [], sides: 1 }
    this.#open.set(connection, open)
    this.#setText(open, 'open')
  }

  #setText({ item, from, to, story }: OpenConnection, text: string): void {
    if (item === undefined) return
    item.text = text
    item.more = [`${from} → ${to}`, ...story].join('\n')
  }

  #isClient(open: OpenConnection, { remote }: ConnectionRecord): boolean {
    return remote === open.to
  }

  #freeRow(to: string): Row {
    let rows = this.#rows.get(to)
    if (rows === undefined) this.#rows.set(to, (rows = []))
    let row = rows.find((each) => !each.busy)
    if (row === undefined) {
      const number = rows.length + 1
      row = { lane: this.timeline.lane('connection', number === 1 ? `→ ${to}` : `→ ${to} #${number}`), busy: false }
      rows.push(row)
    }
    return row
  }
}

const END_TEXT = { refuse: 'refused', reset: 'reset', fail: 'failed', close: 'closed' } as const
