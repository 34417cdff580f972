/** Mouse, touch and keyboard input. */

/**
 * @param {Place | undefined} place
 * @param {boolean} [show] whether to scroll to it
 */
const select = (place, show) => {
  view.selected = place
  if (place && show) scrollIntoView(place)
  showDetails()
  redraw()
}

/**
 * Scrolls as little as needed, but to a third of the panel if it was out of view.
 *
 * @param {Place} place
 */
const scrollIntoView = ({ run, item }) => {
  const { width, height } = panels[run]
  const x = toPixels(view.scale.from[run][item])
  if (x < 40 || x > width - 120) view.left = view.scale.from[run][item] - width / 3 / view.zoom
  const line = lineOf({ run, item })
  if (line) {
    const y = line.y - view.top
    if (y < 0) view.top = line.y - GROUP
    else if (y + ROW > height - AXIS) view.top = line.y + ROW - (height - AXIS)
  }
}

const goToDifference = () => {
  const run = firstDifference[1] !== undefined ? 1 : 0
  const item = firstDifference[run]
  if (item === undefined) return
  const { width } = panels[run]
  const x = view.scale.from[run][item]
  // zoom to show as many of the following differences as is legible
  const last = onlyHere.reduce((far, only, r) => {
    for (const each of only) far = Math.max(far, view.scale.from[r][each])
    return far
  }, x)
  view.zoom = Math.min(16, Math.max(9, (width - 190) / (last - x + 2)))
  view.left = x - 40 / view.zoom
  select({ run, item }, true)
}

/**
 * @param {number} factor
 * @param {number} [at] the fixed point, in pixels
 */
const zoomBy = (factor, at) => {
  const { width } = panels[0]
  const fixed = at ?? width / 2
  const x = view.left + fixed / view.zoom
  view.zoom *= factor
  clampView(width)
  view.left = x - fixed / view.zoom
  redraw()
}

/** @param {number} x @param {number} y pixels */
const panBy = (x, y) => {
  view.left += x / view.zoom
  view.top += y
  redraw()
}

/**
 * The item at a point of a panel: the nearest one of the row.
 *
 * @param {Panel} panel
 * @param {number} px
 * @param {number} py
 */
const itemAt = ({ run }, px, py) => {
  const line = linesBetween(view.top + py - AXIS, view.top + py - AXIS + 1)[0]
  if (py < AXIS || !line || line.row === undefined) return undefined
  const from = view.scale.from[run]
  const to = view.scale.to[run]
  const items = rows[line.row].items[run]
  const start = firstAbove(view.scale.reach[line.row][run], view.left - 10 / view.zoom)
  let best
  let bestDistance = 14
  for (let i = start; i < items.length; i++) {
    const left = toPixels(from[items[i]])
    if (left > px + 14) break
    const right = toPixels(to[items[i]])
    // points are in front of spans
    const distance = px < left ? left - px : px > right ? px - right : right > left ? 8 : 0
    if (distance <= bestDistance) {
      bestDistance = distance
      best = items[i]
    }
  }
  return best === undefined ? undefined : { run, item: best }
}

/** @param {Panel} panel */
const listenToPanel = (panel) => {
  const { canvas, run } = panel
  /** @type {{ x: number, y: number, moved: boolean } | undefined} */
  let drag
  canvas.addEventListener('pointerdown', (event) => {
    drag = { x: event.clientX, y: event.clientY, moved: false }
    canvas.setPointerCapture(event.pointerId)
  })
  canvas.addEventListener('pointermove', (event) => {
    if (!drag) return hover(panel, event)
    if (!drag.moved && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 4) return
    drag.moved = true
    canvas.classList.add('dragging')
    panBy(drag.x - event.clientX, drag.y - event.clientY)
    drag.x = event.clientX
    drag.y = event.clientY
  })
  canvas.addEventListener('pointerup', (event) => {
    canvas.classList.remove('dragging')
    if (drag && !drag.moved) select(itemAt(panel, event.offsetX, event.offsetY))
    drag = undefined
  })
  canvas.addEventListener('pointercancel', () => (drag = undefined))
  canvas.addEventListener('pointerleave', () => (byId('tip').hidden = true))
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) panBy(event.deltaX || event.deltaY, 0)
      else zoomBy(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0015)), event.offsetX)
    },
    { passive: false },
  )
  canvas.addEventListener('keydown', (event) => moveSelection(event, run))
}

/** @param {Panel} panel @param {PointerEvent} event */
const hover = (panel, event) => {
  const tip = byId('tip')
  const place = itemAt(panel, event.offsetX, event.offsetY)
  panel.canvas.classList.toggle('over', place !== undefined)
  tip.hidden = place === undefined
  if (!place) return
  const { text, at, kind } = runs[place.run].items[place.item]
  tip.textContent = `${formatTime(at)}  ${KIND_LABELS[kind]}: ${text}`
  const board = byId('board').getBoundingClientRect()
  const x = Math.min(event.clientX - board.left + 14, board.width - tip.offsetWidth - 8)
  tip.style.left = `${Math.max(4, x)}px`
  tip.style.top = `${Math.min(event.clientY - board.top + 18, board.height - tip.offsetHeight - 4)}px`
}

/** Arrow keys within a panel. @param {KeyboardEvent} event @param {number} run */
const moveSelection = (event, run) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
  if (!step) return
  event.preventDefault()
  if (event.shiftKey) return panBy(step[0] * 120, step[1] * ROW * 2)
  const selected = view.selected?.run === run ? view.selected : undefined
  const line = selected && lineOf(selected)
  if (!selected || !line || line.row === undefined) return select(firstVisible(run), true)
  const items = rows[line.row].items[run]
  if (step[0] !== 0) {
    const next = items[indexInRow(items, run, selected.item) + step[0]]
    if (next !== undefined) select({ run, item: next }, true)
    return
  }
  const from = view.scale.from[run]
  for (let i = lines.indexOf(line) + step[1]; i >= 0 && i < lines.length; i += step[1]) {
    const { row } = lines[i]
    const others = row === undefined ? [] : rows[row].items[run]
    if (others.length === 0) continue
    const distance = (/** @type {number} */ each) => Math.abs(from[each] - from[selected.item])
    return select({ run, item: others.reduce((best, each) => (distance(each) < distance(best) ? each : best)) }, true)
  }
}

/**
 * The first visible item.
 *
 * @param {number} run
 * @returns {Place | undefined}
 */
const firstVisible = (run) => {
  let best
  for (const { row } of lines) {
    if (row === undefined) continue
    const items = rows[row].items[run]
    const item = items.find((each) => view.scale.from[run][each] >= view.left)
    if (item !== undefined && (best === undefined || view.scale.from[run][item] < view.scale.from[run][best]))
      best = item
  }
  return best === undefined ? undefined : { run, item: best }
}

/**
 * Global keys, except in input fields.
 * @type {Record<string, () => void>}
 */
const KEYS = {
  '+': () => zoomBy(1.5),
  '=': () => zoomBy(1.5),
  '-': () => zoomBy(1 / 1.5),
  0: () => fit(),
  d: goToDifference,
  n: () => goToMatch(1),
  N: () => goToMatch(-1),
  t: () => fold(!view.scale.folded),
  '/': () => inputById('search').focus(),
  '?': () => showKeys(!keysAreShown()),
  Escape: () => (keysAreShown() ? showKeys(false) : select(undefined)),
}

const keysAreShown = () => byId('keys').hasAttribute('open')

/** @param {boolean} shown */
const showKeys = (shown) => void byId('keys').toggleAttribute('open', shown)

const listen = () => {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target instanceof HTMLInputElement) {
      if (event.key === 'Escape') event.target.blur()
      return
    }
    const action = KEYS[event.key]
    if (!action) return
    event.preventDefault()
    action()
  })
  document.addEventListener('pointerdown', (event) => {
    if (event.target instanceof Node && !byId('keys').contains(event.target)) showKeys(false)
  })
  const field = inputById('search')
  field.addEventListener('input', () => search(field.value))
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') goToMatch(event.shiftKey ? -1 : 1)
  })
  const filter = inputById('filter')
  filter.addEventListener('input', () => {
    view.filter = filter.value.trim()
    changeRows()
  })
  byId('next').addEventListener('click', () => goToMatch(1))
  byId('previous').addEventListener('click', () => goToMatch(-1))
  byId('zoom-in').addEventListener('click', () => zoomBy(1.5))
  byId('zoom-out').addEventListener('click', () => zoomBy(1 / 1.5))
  byId('fit').addEventListener('click', fit)
  byId('folded').addEventListener('click', () => fold(!view.scale.folded))
  byId('list').addEventListener('click', showList)
  byId('difference').addEventListener('click', goToDifference)
  byId('rows').addEventListener('wheel', (event) => panBy(0, event.deltaY), { passive: true })
  for (const button of document.querySelectorAll('header button.jump'))
    if (button instanceof HTMLElement)
      button.addEventListener('click', () =>
        select({ run: Number(button.dataset.run), item: Number(button.dataset.item) }, true),
      )
  document.getElementById('copy')?.addEventListener('click', copyCommand)
}

const copyCommand = () => {
  const command = byId('command')
  const done = () => (byId('copy').textContent = 'Copied')
  // a page opened from a file cannot write to the clipboard: select the text instead
  navigator.clipboard?.writeText(command.textContent ?? '').then(done, () => getSelection()?.selectAllChildren(command))
}
