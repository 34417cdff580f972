/** Initialises the page, and redraws it on changes. */

const hasDifference = firstDifference.some((item) => item !== undefined)

/** @type {Panel[]} */
const panels = []
let drawing = false

const redraw = () => {
  if (drawing) return
  drawing = true
  requestAnimationFrame(() => {
    drawing = false
    clampView(panels[0].width)
    view.top = Math.max(0, Math.min(view.top, linesHeight - (panels[0].height - AXIS)))
    byId('rows').scrollTop = view.top
    for (const panel of panels) drawPanel(panel)
    const board = byId('board')
    board.dataset.zoom = view.zoom.toFixed(4)
    board.dataset.left = view.left.toFixed(3)
  })
}

const changeRows = () => {
  layoutLines()
  const list = byId('rows')
  list.replaceChildren()
  for (const { head, row } of lines) {
    const made = element('div', head === undefined ? 'lane' : 'head', head ?? rows[row ?? 0].label)
    if (row !== undefined) made.title = rows[row].label
    list.append(made)
  }
  if (lines.length === 0) list.append(element('p', 'hint', 'No matching lanes.'))
  redraw()
}

const makeKindToggles = () => {
  const present = new Set(rows.map((row) => row.kind))
  for (const kind of Object.keys(KINDS)) {
    if (!present.has(kind)) continue
    const button = element('button', 'toggle', KINDS[kind])
    button.setAttribute('type', 'button')
    button.setAttribute('aria-pressed', 'true')
    button.dataset.kind = kind
    button.addEventListener('click', () => {
      const hide = !view.hiddenKinds.delete(kind)
      if (hide) view.hiddenKinds.add(kind)
      button.setAttribute('aria-pressed', String(!hide))
      changeRows()
    })
    byId('kinds').append(button)
  }
}

const makePanels = () => {
  runs.forEach((run, index) => {
    const panel = element('figure', `panel run${index}${index === 1 && hasDifference ? ' differs' : ''}`)
    const canvas = document.createElement('canvas')
    canvas.tabIndex = 0
    canvas.setAttribute('role', 'application')
    canvas.setAttribute('aria-label', `${run.name}: timeline. Use the arrow keys to move between items.`)
    panel.append(element('figcaption', '', run.name), canvas)
    byId('panels').append(panel)
    const context = canvas.getContext('2d')
    if (context) panels.push({ run: index, canvas, context, width: 0, height: 0 })
  })
  panels.forEach(listenToPanel)
}

const resize = () => {
  for (const panel of panels) {
    const { clientWidth, clientHeight } = panel.canvas
    const density = window.devicePixelRatio || 1
    panel.width = clientWidth
    panel.height = clientHeight
    panel.canvas.width = Math.round(clientWidth * density)
    panel.canvas.height = Math.round(clientHeight * density)
    panel.context.setTransform(density, 0, 0, density, 0, 0)
  }
  redraw()
}

const fit = () => {
  showAll(panels[0].width)
  redraw()
}

/** @param {boolean} folded */
const fold = (folded) => {
  const { width } = panels[0]
  const middle = view.selected
    ? runs[view.selected.run].items[view.selected.item].at
    : view.scale.timeAt(view.left + width / 2 / view.zoom)
  view.scale = new Scale(folded)
  byId('folded').setAttribute('aria-pressed', String(folded))
  if (folded) {
    view.zoom = 16
    view.left = view.scale.placeOf(middle) - width / 3 / view.zoom
  } else showAll(width)
  redraw()
}

const showList = () => {
  const listed = document.body.classList.toggle('listed')
  byId('list').setAttribute('aria-pressed', String(listed))
}

byId('difference').hidden = !hasDifference
makeKindToggles()
makePanels()
listen()
readColours()
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  readColours()
  redraw()
})
layoutLines()
new ResizeObserver(resize).observe(byId('board'))
resize()
showAll(panels[0].width)
if (hasDifference) goToDifference()
else if (view.zoom < 6) fold(false)
changeRows()
showDetails()
