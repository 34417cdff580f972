/** The view: the visible part of the scale, the rows, and the selection. */
const ROW = 26
const GROUP = 22
const AXIS = 40

const view = {
  scale: new Scale(true),
  /** pixels per unit of the scale */
  zoom: 16,
  /** the position at the left edge */
  left: 0,
  /** vertical scroll offset, in pixels */
  top: 0,
  /** @type {Set<string>} */
  hiddenKinds: new Set(),
  filter: '',
  /** @type {Place | undefined} */
  selected: undefined,
  /** @type {Set<number>[]} */
  matches: runs.map(() => new Set()),
  searching: false,
}

/**
 * Lines of the display: group headings and rows.
 * @typedef {{ y: number, head?: string, row?: number }} Line
 */
/** @type {Line[]} */
let lines = []
let linesHeight = 0

const layoutLines = () => {
  lines = []
  let y = 0
  let kind = ''
  const wanted = view.filter.toLowerCase()
  rows.forEach((row, i) => {
    if (view.hiddenKinds.has(row.kind) || !row.label.toLowerCase().includes(wanted)) return
    if (row.kind !== kind) {
      kind = row.kind
      lines.push({ y, head: KINDS[kind] })
      y += GROUP
    }
    lines.push({ y, row: i })
    y += ROW
  })
  linesHeight = y
}

/**
 * The lines between two vertical positions.
 *
 * @param {number} from
 * @param {number} to
 */
const linesBetween = (from, to) => {
  let first = lines.findIndex((line) => line.y + ROW > from)
  if (first < 0) return []
  let last = first
  while (last < lines.length && lines[last].y < to) last++
  return lines.slice(first, last)
}

/**
 * The line that shows an item; a step is on two, of which that of its task is preferred.
 *
 * @param {Place} place
 */
const lineOf = ({ run, item }) => {
  const { kind } = runs[run].items[item]
  const found = lines.filter((line) => line.row !== undefined && includes(rows[line.row].items[run], run, item))
  return (kind === 'step' && found.find((line) => rows[line.row ?? 0].kind === 'task')) || found[0]
}

/** @param {number[]} items @param {number} run @param {number} item */
const includes = (items, run, item) => items[indexInRow(items, run, item)] === item

/**
 * The index of an item in the sorted items of a row.
 *
 * @param {number[]} items
 * @param {number} run
 * @param {number} item
 */
const indexInRow = (items, run, item) => {
  const all = runs[run].items
  const { order } = all[item]
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (all[items[middle]].order < order) low = middle + 1
    else high = middle
  }
  while (low < items.length && items[low] !== item && all[items[low]].order === order) low++
  return low
}

/** @param {number} width of a panel */
const clampView = (width) => {
  const minZoom = Math.min(16, Math.max(0.0005, width / (view.scale.width * 1.05)))
  view.zoom = Math.min(view.scale.maxZoom, Math.max(minZoom, view.zoom))
  const shown = width / view.zoom
  const margin = shown * 0.1
  const most = Math.max(-margin, view.scale.width - shown * 0.75)
  view.left = Math.min(most, Math.max(-margin, view.left))
}

/** @param {number} width of a panel */
const showAll = (width) => {
  view.zoom = Math.min(24, (width - 24) / (view.scale.width + 2))
  view.left = -8 / view.zoom
}
