/** Search: marks matching items and steps through them by time. */

/** @type {Place[]} */
let found = []
let current = -1

/** @param {string} words */
const search = (words) => {
  const wanted = words.trim().toLowerCase()
  found = []
  current = -1
  view.searching = wanted !== ''
  view.matches = runs.map((run, r) => {
    const matches = new Set()
    if (wanted === '') return matches
    const lanes = run.lanes.map((lane) => lane.name.toLowerCase().includes(wanted))
    run.items.forEach((item, i) => {
      const { text, more, lane, kind } = item
      const inLane = lanes[lane] && kind !== 'step'
      if (!inLane && !text.toLowerCase().includes(wanted) && !more?.toLowerCase().includes(wanted)) return
      matches.add(i)
      found.push({ run: r, item: i })
    })
    return matches
  })
  found.sort((a, b) => runs[a.run].items[a.item].at - runs[b.run].items[b.item].at || a.run - b.run || a.item - b.item)
  showMatchCount()
  redraw()
}

/** @param {1 | -1} direction */
const goToMatch = (direction) => {
  // skip matches on hidden lanes
  for (let tries = 0; tries < found.length; tries++) {
    current = current < 0 ? (direction > 0 ? 0 : found.length - 1) : (current + direction + found.length) % found.length
    if (lineOf(found[current])) break
  }
  showMatchCount()
  if (found[current]) select(found[current], true)
}

const showMatchCount = () => {
  byId('matches').textContent = !view.searching
    ? ''
    : found.length === 0
      ? 'none'
      : current < 0
        ? `${found.length}`
        : `${current + 1} of ${found.length}`
}
