/** The details of the selected item. */

/** @type {Record<string, string>} */
const KIND_LABELS = {
  step: 'step',
  held: 'delayed',
  event: 'event',
  log: 'log line',
  message: 'stderr message',
  print: 'output of a script',
  mail: 'mail',
  request: 'request',
  server: 'simulated server',
  action: 'action',
  cli: 'runtime API',
  connection: 'connection',
}

const showDetails = () => {
  const pane = byId('details')
  pane.replaceChildren()
  if (!view.selected) {
    pane.append(element('p', 'hint', 'Click an item, or use the arrow keys, to see its details.'))
    return
  }
  const { run, item: index } = view.selected
  const item = runs[run].items[index]
  const head = element('div', 'details-head')
  head.append(element('span', `tag ${item.level ?? ''}`, KIND_LABELS[item.kind]), element('strong', '', item.text))
  const facts = element('p', 'facts')
  const lane = runs[run].lanes[item.lane]
  const length = item.end !== undefined ? ` to ${formatTime(item.end)} (${formatLength(item.end - item.at)})` : ''
  facts.append(element('span', '', `${formatTime(item.at)}${length}`), element('span', '', lane.name))
  if (item.also !== undefined) facts.append(element('span', '', runs[run].lanes[item.also].name))
  if (runs.length > 1) facts.append(element('span', '', `in “${runs[run].name}”`))
  const left = element('div', 'details-main')
  left.append(head, facts)
  if (item.more !== undefined && item.more !== item.text) left.append(element('pre', '', item.more))
  const right = element('div', 'details-side')
  addCounterparts(right, run, index)
  addLinks(right, 'In the step', item.step === undefined ? [] : [{ run, item: item.step }])
  addLinks(
    right,
    'In this step',
    (insideSteps[run].get(index) ?? []).map((each) => ({ run, item: each })),
  )
  pane.append(left, right)
}

/** @param {HTMLElement} to @param {string} title @param {Place[]} places */
const addLinks = (to, title, places) => {
  if (places.length === 0) return
  const list = element('ul', 'links')
  for (const place of places.slice(0, 30)) {
    const { at, text } = runs[place.run].items[place.item]
    const button = element('button', 'jump', text)
    button.setAttribute('type', 'button')
    button.addEventListener('click', () => select(place, true))
    const line = element('li', '')
    line.append(button, element('time', '', formatTime(at)))
    list.append(line)
  }
  if (places.length > 30) list.append(element('li', '', `and ${places.length - 30} more`))
  to.append(element('h3', '', title), list)
}

/**
 * Shows the same item in other runs: the n-th with its kind, lane and text.
 *
 * @param {HTMLElement} to
 * @param {number} run
 * @param {number} index
 */
const addCounterparts = (to, run, index) => {
  const item = runs[run].items[index]
  if (item.kind === 'held') return
  const count = sameItems(run, item).indexOf(index)
  runs.forEach((other, r) => {
    if (r === run) return
    const found = sameItems(r, item, runs[run])[count]
    if (found === undefined) {
      to.append(element('p', 'missing', `Not in “${other.name}”.`))
      return
    }
    const difference = other.items[found].at - item.at
    const when =
      difference === 0
        ? 'at the same time'
        : `${formatLength(Math.abs(difference))} ${difference < 0 ? 'earlier' : 'later'}`
    addLinks(to, `In “${other.name}”, ${when}`, [{ run: r, item: found }])
  })
}

/**
 * @param {number} r
 * @param {Item} item
 * @param {Run} [of] the run of the item
 */
const sameItems = (r, item, of = runs[r]) => {
  const lane = of.lanes[item.lane]
  /** @type {number[]} */
  const found = []
  runs[r].items.forEach((each, i) => {
    if (each.kind !== item.kind || each.text !== item.text) return
    const other = runs[r].lanes[each.lane]
    if (other.name === lane.name && other.process === lane.process) found.push(i)
  })
  return found
}
