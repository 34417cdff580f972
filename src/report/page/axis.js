/** The axis of a panel: times, lengths of folded pauses, and the label of the first difference. */

/** @param {Panel} panel */
const drawAxis = ({ context: c, width, run }) => {
  const { scale } = view
  c.fillStyle = colours.ground
  c.fillRect(0, 0, width, AXIS)
  c.fillStyle = colours.line
  c.fillRect(0, AXIS - 1, width, 1)
  c.font = NUMBERS
  c.textBaseline = 'middle'
  let free = 4
  for (const [x, text] of ticks(width)) {
    if (x > width) break
    if (x < free - 4 || x < 0) continue
    const textWidth = c.measureText(text).width
    if (x + textWidth > width) break
    c.fillStyle = colours.muted
    c.fillRect(x, AXIS - 9, 1, 8)
    c.fillStyle = colours.text
    c.fillText(text, x + 2, AXIS - 16)
    free = x + textWidth + 14
  }
  drawPauseLengths(c, width)
  const first = firstDifference[run]
  if (first === undefined) return
  const x = toPixels(scale.from[run][first])
  if (x < -80 || x > width) return
  const text = 'first difference'
  c.font = FONT
  const textWidth = c.measureText(text).width
  c.fillStyle = colours.accent
  c.beginPath()
  c.roundRect(x - 12, 0, textWidth + 12, 16, [3, 3, 3, 0])
  c.fill()
  c.fillStyle = colours.ground
  c.fillText(text, x - 6, 8.5)
}

/**
 * Tick marks: instants if time is folded, else round times.
 *
 * @param {number} width
 * @returns {Iterable<[number, string]>}
 */
function* ticks(width) {
  const { scale } = view
  if (scale.folded) {
    for (let i = scale.instantAt(view.left); i < scale.times.length; i++)
      yield [toPixels(scale.bases[i]), formatTime(scale.times[i])]
    return
  }
  const last = scale.times[scale.times.length - 1]
  const room = Math.max(1, (110 / view.zoom / scale.width) * last)
  const power = 10 ** Math.floor(Math.log10(room))
  const step = power * ([1, 2, 5].find((each) => each * power >= room) ?? 10)
  for (let time = Math.ceil(scale.timeAt(view.left) / step) * step; time <= last; time += step) {
    const x = toPixels(scale.placeOf(time))
    if (x > width) return
    yield [x, step >= 1e5 ? `${time / 1e6} s` : formatTime(time)]
  }
}

/** @param {CanvasRenderingContext2D} c @param {number} width */
const drawPauseLengths = (c, width) => {
  const { scale } = view
  if (!scale.folded) return
  c.fillStyle = colours.muted
  for (let i = scale.instantAt(view.left); i + 1 < scale.times.length; i++) {
    const from = toPixels(scale.bases[i] + scale.slots[i] * SLOT)
    if (from > width) break
    const pause = scale.times[i + 1] - scale.times[i]
    const to = toPixels(scale.bases[i + 1])
    if (pause <= LONG_PAUSE || to - from < 30) continue
    const text = `+${formatLength(pause)}`
    const textWidth = c.measureText(text).width
    if (textWidth < to - from - 4) c.fillText(text, (from + to - textWidth) / 2, 7)
  }
}
