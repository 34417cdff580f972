/** Draws a panel: the axis, the rows and their items. Only visible items are drawn. */

/** @typedef {{ run: number, canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, width: number, height: number }} Panel */

const FONT = '11.5px system-ui, sans-serif'
const NUMBERS = '11px ui-monospace, monospace'

/** @type {Record<string, string>} */
let colours = {}

const readColours = () => {
  const style = getComputedStyle(document.documentElement)
  colours = {}
  for (const name of [
    'ground',
    'text',
    'muted',
    'line',
    'band',
    'pause',
    'step',
    'held',
    'event',
    'log',
    'mail',
    'connection',
    'world',
    'good',
    'warning',
    'bad',
    'accent',
    'match',
  ])
    colours[name] = style.getPropertyValue(`--${name}`).trim()
}

/** @type {Record<string, string>} */
const COLOUR_NAMES = {
  step: 'step',
  held: 'held',
  event: 'event',
  log: 'log',
  message: 'log',
  print: 'log',
  mail: 'mail',
  request: 'connection',
  connection: 'connection',
  server: 'world',
  action: 'world',
  cli: 'world',
}

/** @param {Item} item */
const itemColour = (item) =>
  colours[item.level && item.kind !== 'held' && item.kind !== 'mail' ? item.level : COLOUR_NAMES[item.kind]]

/** @param {number} x a position on the scale */
const toPixels = (x) => (x - view.left) * view.zoom

/** @param {Panel} panel */
const drawPanel = (panel) => {
  const { context: c, width, height } = panel
  c.fillStyle = colours.ground
  c.fillRect(0, 0, width, height)
  c.save()
  c.beginPath()
  c.rect(0, AXIS, width, height - AXIS)
  c.clip()
  drawInstants(panel)
  for (const line of linesBetween(view.top, view.top + height - AXIS)) drawLine(panel, line)
  drawRelations(panel)
  drawDifference(panel)
  c.restore()
  drawAxis(panel)
}

/**
 * Bands behind instants, and hatching where time is folded.
 *
 * @param {Panel} panel
 */
const drawInstants = ({ context: c, width, height }) => {
  const { scale } = view
  if (!scale.folded) return
  const first = scale.instantAt(view.left)
  let drawn = -1
  for (let i = first; i < scale.times.length; i++) {
    const from = toPixels(scale.bases[i])
    if (from > width) break
    const to = from + scale.slots[i] * SLOT * view.zoom
    if (to - drawn < 1) continue
    drawn = to
    if (to - from > 5) {
      c.fillStyle = colours.band
      c.fillRect(from, AXIS, to - from, height)
    }
    const next = i + 1 < scale.times.length ? toPixels(scale.bases[i + 1]) : to
    if (next - to > 14 && scale.times[i + 1] - scale.times[i] > LONG_PAUSE)
      drawPause(c, to, Math.min(next, width + 20), height)
  }
}

/** @param {CanvasRenderingContext2D} c @param {number} from @param {number} to @param {number} height */
const drawPause = (c, from, to, height) => {
  const middle = (from + to) / 2
  c.strokeStyle = colours.pause
  c.lineWidth = 1.5
  for (const x of [middle - 3, middle + 3]) {
    c.beginPath()
    for (let y = AXIS, side = -2; y < height; y += 8, side = -side) c.lineTo(x + side, y)
    c.stroke()
  }
}

/** @param {Panel} panel @param {Line} line */
const drawLine = (panel, line) => {
  const { context: c, width } = panel
  const y = line.y - view.top + AXIS
  if (line.row === undefined) return
  c.fillStyle = colours.line
  c.fillRect(0, y + ROW - 1, width, 1)
  drawRow(panel, rows[line.row], line.row, y + ROW / 2)
}

/** @param {Panel} panel @param {Row} row @param {number} r @param {number} y its middle */
const drawRow = (panel, row, r, y) => {
  const { run, context: c, width } = panel
  const items = row.items[run]
  if (items.length === 0) {
    c.fillStyle = run === 1 && difference ? colours.accent : colours.muted
    c.font = FONT
    c.textBaseline = 'middle'
    c.fillText('— none in this run', Math.max(8, differenceX(run) + 10), y)
    return
  }
  const all = runs[run].items
  const from = view.scale.from[run]
  const to = view.scale.to[run]
  const start = firstAbove(view.scale.reach[r][run], view.left - 10 / view.zoom)
  const selected = view.selected?.run === run ? view.selected.item : -1
  let lastColumn = -1
  for (let i = start; i < items.length; i++) {
    const index = items[i]
    const x = toPixels(from[index])
    if (x > width + 10) break
    const item = all[index]
    const isMatch = view.matches[run].has(index)
    const special = isMatch || index === selected || onlyHere[run].has(index)
    const column = Math.round(x)
    if (column === lastColumn && !special && item.end === undefined) continue
    lastColumn = column
    const end = toPixels(to[index])
    c.globalAlpha = view.searching && !isMatch ? 0.3 : 1
    if (isMatch) halo(c, x, end, y, colours.match)
    if (onlyHere[run].has(index)) ring(c, x, end, y, colours.accent, 1)
    SHAPES[item.kind](c, x, end, y, itemColour(item), item)
    if (index === selected) ring(c, x, end, y, colours.text, 2)
    const next = labelEnd(items, i, from, width)
    drawLabel(c, item, row, x, end, y, next)
    c.globalAlpha = 1
  }
}

/**
 * The right end of the space for a label: the next item of the row.
 *
 * @param {number[]} items
 * @param {number} i
 * @param {Float64Array} from
 * @param {number} width
 */
const labelEnd = (items, i, from, width) => {
  for (let next = i + 1; next < items.length; next++)
    if (from[items[next]] > from[items[i]]) return Math.min(width, toPixels(from[items[next]]) - 9)
  return width
}

/**
 * The label of an item, without the name of its lane.
 *
 * @param {Item} item
 * @param {Row} row
 */
const labelOf = (item, row) => {
  if (item.kind === 'step') return row.kind === 'thread' ? item.text : ''
  return item.text.startsWith(`${row.name} `) ? item.text.slice(row.name.length + 1) : item.text
}

/** @param {CanvasRenderingContext2D} c @param {Item} item @param {Row} row @param {number} x @param {number} end @param {number} y @param {number} room */
const drawLabel = (c, item, row, x, end, y, room) => {
  const label = labelOf(item, row)
  if (label === '') return
  c.font = FONT
  c.textBaseline = 'middle'
  c.fillStyle = item.level === 'bad' ? colours.bad : colours.text
  if (item.kind === 'connection') {
    if (end - x > 34) c.fillText(truncateText(c, label, end - x - 14), Math.max(4, x + 5), y)
    return
  }
  if (item.kind === 'held') {
    const start = Math.max(x, 0)
    const inside = end - start - 18
    // the next item is the step at its end: the label goes after that
    if (end + 9 + c.measureText(label).width > c.canvas.clientWidth && inside > 90)
      return drawOutlined(c, truncateText(c, label, inside), start + 7, y)
    return c.fillText(truncateText(c, label, 420), end + 9, y)
  }
  const fits = truncateText(c, label, room - x - 10)
  if (fits.length > 2) c.fillText(fits, x + 10, y)
}

/**
 * Text that is legible on hatching.
 *
 * @param {CanvasRenderingContext2D} c
 * @param {string} text
 * @param {number} x
 * @param {number} y
 */
const drawOutlined = (c, text, x, y) => {
  c.strokeStyle = colours.ground
  c.lineWidth = 4
  c.lineJoin = 'round'
  c.strokeText(text, x, y)
  c.fillText(text, x, y)
}

/**
 * Truncates a text to a width.
 *
 * @param {CanvasRenderingContext2D} c
 * @param {string} text
 * @param {number} room
 */
const truncateText = (c, text, room) => {
  if (room < 14) return ''
  const start = text.length > 160 ? text.slice(0, 160) : text
  const { width } = c.measureText(start)
  if (width <= room) return start.length < text.length ? `${start}…` : start
  let length = Math.floor((start.length * (room - 10)) / width)
  while (length > 0 && c.measureText(start.slice(0, length)).width > room - 10) length--
  return `${start.slice(0, Math.max(0, length))}…`
}

/**
 * Lines between the selected step and its items, or the selected item and its step.
 *
 * @param {Panel} panel
 */
const drawRelations = ({ context: c, run }) => {
  if (view.selected?.run !== run) return
  const { item } = view.selected
  const step = runs[run].items[item].step ?? item
  const ends = insideSteps[run].get(step)
  const start = ends && lineOf({ run, item: step })
  if (!start) return
  const x = toPixels(view.scale.from[run][step])
  const y = start.y - view.top + AXIS + ROW / 2
  c.strokeStyle = colours.muted
  c.lineWidth = 1.25
  c.setLineDash([3, 3])
  for (const end of ends) {
    const line = lineOf({ run, item: end })
    if (!line) continue
    const endX = toPixels(view.scale.from[run][end])
    const endY = line.y - view.top + AXIS + ROW / 2
    c.beginPath()
    c.moveTo(x, y + Math.sign(endY - y) * 9)
    c.bezierCurveTo(x, (y + endY) / 2, endX, (y + endY) / 2, endX, endY - Math.sign(endY - y) * 9)
    c.stroke()
  }
  c.setLineDash([])
}

/**
 * The position of the first difference.
 *
 * @param {number} run
 */
const differenceX = (run) => {
  const first = firstDifference[run]
  return first === undefined ? -Infinity : toPixels(view.scale.from[run][first]) - 12
}

/** @param {Panel} panel */
const drawDifference = ({ context: c, run, height }) => {
  const first = firstDifference[run]
  if (first === undefined) return
  const x = toPixels(view.scale.from[run][first])
  c.fillStyle = colours.accent
  c.fillRect(differenceX(run), AXIS, 2, height)
  const line = lineOf({ run, item: first })
  if (line) ring(c, x, x, line.y - view.top + AXIS + ROW / 2, colours.accent, 2)
}
