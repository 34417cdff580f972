/**
 * The data of the page: the runs, and the rows in which their lanes are shown. A lane that several runs have is one row,
 * so that they can be compared by eye.
 *
 * @typedef {{ kind: string, name: string, process: string }} Lane
 * @typedef {{ kind: string, lane: number, also?: number, at: number, order: number, end?: number, endOrder?: number,
 *   text: string, more?: string, level?: string, step?: number }} Item
 * @typedef {{ name: string, end: number, lanes: Lane[], items: Item[], omitted: number }} Run
 * @typedef {{ first?: { left?: number, right?: number }, onlyLeft: number[], onlyRight: number[] }} Difference
 * @typedef {{ kind: string, name: string, label: string, items: number[][] }} Row
 * @typedef {{ run: number, item: number }} Place
 */

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id))

/** @param {string} id */
const inputById = (id) => /** @type {HTMLInputElement} */ (document.getElementById(id))

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} [text]
 */
const element = (tag, className, text) => {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

/** @type {{ runs: Run[], difference?: Difference }} */
const data = JSON.parse(byId('data').textContent ?? '')
const { runs, difference } = data

/**
 * Kinds of lanes in display order.
 * @type {Record<string, string>}
 */
const KINDS = {
  world: 'World',
  client: 'Clients',
  task: 'Tasks',
  event: 'Events',
  mailbox: 'Mailboxes',
  log: 'Logs',
  connection: 'Connections',
  server: 'Servers',
  thread: 'Threads',
}

const manyProcesses =
  new Set(runs.flatMap((run) => run.lanes.map((lane) => lane.process)).filter((name) => name !== '')).size > 1

/** @returns {Row[]} */
const makeRows = () => {
  /** @type {Map<string, Row>} */
  const rows = new Map()
  runs.forEach((run, r) => {
    const ofLane = run.lanes.map(({ kind, name, process }) => {
      // a server is the same whether or not it received a mail in this run
      const key = `${kind === 'mailbox' ? 'server' : kind}\n${process}\n${name}`
      let row = rows.get(key)
      if (!row) {
        const label = manyProcesses && process ? `${process}: ${name}` : name
        row = { kind, name, label, items: runs.map(() => []) }
        rows.set(key, row)
      }
      if (kind === 'mailbox') row.kind = kind
      return row
    })
    run.items.forEach((item, i) => {
      ofLane[item.lane].items[r].push(i)
      if (item.also !== undefined) ofLane[item.also].items[r].push(i)
    })
    for (const row of new Set(ofLane)) row.items[r].sort((a, b) => run.items[a].order - run.items[b].order)
  })
  const order = Object.keys(KINDS)
  const used = [...rows.values()].filter((row) => row.items.some((items) => items.length > 0))
  return used.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}

const rows = makeRows()

/**
 * The items in each step, by run and step.
 * @type {Map<number, number[]>[]}
 */
const insideSteps = runs.map((run) => {
  const inside = new Map()
  run.items.forEach((item, i) => {
    if (item.step === undefined) return
    const list = inside.get(item.step)
    if (list) list.push(i)
    else inside.set(item.step, [i])
  })
  return inside
})

/** Items that only one run has, by run. */
const onlyHere = runs.map((_, r) => new Set(r === 0 ? difference?.onlyLeft : r === 1 ? difference?.onlyRight : []))

/** The first difference in each run. */
const firstDifference = runs.map((_, r) =>
  r === 0 ? difference?.first?.left : r === 1 ? difference?.first?.right : undefined,
)

/** @param {number} at microseconds */
const formatTime = (at) => (at >= 1e6 ? `${(at / 1e6).toFixed(6)} s` : `${(at / 1e3).toFixed(3)} ms`)

/** @param {number} length microseconds */
const formatLength = (length) => {
  if (length < 1e3) return `${length} µs`
  const [number, unit] = length < 1e6 ? [length / 1e3, 'ms'] : [length / 1e6, 's']
  return `${number >= 100 ? Math.round(number) : Number(number.toPrecision(3))} ${unit}`
}
