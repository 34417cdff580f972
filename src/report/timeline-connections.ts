/**
 * Connections on a timeline: one lane for each address that is connected to, and more of them while there are several
 * connections to it at a time. A connection is a span from the asking to when the last of its two sides has ended it.
 */
import type { Micros, TraceRecord } from '../engine/index.js'
import { formatLength } from './length.js'
import type { MutableItem, TimelineWriter } from './timeline.js'

export interface ConnectionRecord extends TraceRecord {
  readonly type: 'connect' | 'accept' | 'refuse' | 'reset' | 'fail' | 'close'
  readonly connection: number
  /** of `connect` */
  readonly from?: string
  readonly to?: string
  /** of all others: the addresses of the side whose record it is */
  readonly local?: string
  readonly remote?: string
  readonly error?: string | undefined
}

interface Open {
  readonly item: MutableItem | undefined
  readonly row: Row
  readonly to: string
  readonly from: string
  readonly since: Micros
  readonly story: string[]
  /** sides that have not ended it yet: one until it is accepted */
  sides: number
}

interface Row {
  readonly lane: number
  busy: boolean
}

export class ConnectionLanes {
  readonly #open = new Map<number, Open>()
  readonly #rows = new Map<string, Row[]>()

  constructor(readonly timeline: TimelineWriter) {}

  take(record: ConnectionRecord): void {
    if (record.type === 'connect') return this.#connect(record)
    const open = this.#open.get(record.connection)
    if (open === undefined) return
    const time = formatLength(record.at - open.since)
    const order = this.timeline.nextOrder()
    if (record.type === 'accept') {
      open.sides = 2
      open.story.push(`accepted after ${time}`)
      this.#tell(open, 'open')
      return
    }
    const bySide = open.sides === 2 || open.story.length > 0 ? (this.#isClient(open, record) ? 'client' : 'server') : ''
    const by = record.type === 'close' && bySide !== '' ? ` by the ${bySide}` : ''
    open.story.push(`${WORDS[record.type]}${by} after ${time}${record.error ? ` (${record.error})` : ''}`)
    if (open.item) {
      open.item.end = record.at
      open.item.endOrder = order
      if (record.type !== 'close') open.item.level = 'bad'
    }
    if (open.item === undefined || open.item.text === 'open' || record.type !== 'close')
      this.#tell(open, WORDS[record.type])
    else this.#tell(open, open.item.text)
    if (--open.sides > 0) return
    open.row.busy = false
    this.#open.delete(record.connection)
  }

  #connect({ connection, from = '', to = '', at }: ConnectionRecord): void {
    const row = this.#freeRow(to)
    row.busy = true
    const item = this.timeline.add({ kind: 'connection', lane: row.lane, text: 'open' })
    const open: Open = { item, row, to, from, since: at, story: [], sides: 1 }
    this.#open.set(connection, open)
    this.#tell(open, 'open')
  }

  #tell({ item, from, to, story }: Open, text: string): void {
    if (item === undefined) return
    item.text = text
    item.more = [`${from} → ${to}`, ...story].join('\n')
  }

  #isClient(open: Open, { remote }: ConnectionRecord): boolean {
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

const WORDS = { refuse: 'refused', reset: 'reset', fail: 'failed', close: 'closed' } as const
