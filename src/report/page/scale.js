/**
 * Maps time to positions. Many items share an instant of virtual time, followed by a jump, so a linear scale would show nothing of a race
 * within microseconds. The folded scale gives each item of an instant its own slot, in order, and a pause a width that grows slowly with
 * its length. All runs share one scale.
 */
const SLOT = 1
/** longer pauses are marked as folded, in microseconds */
const LONG_PAUSE = 5_000

/**
 * The width of a pause.
 *
 * @param {number} length microseconds
 */
const pauseWidth = (length) => (length < 1000 ? 0.6 * Math.log2(1 + length) : 6 + 0.4 * Math.log2(length / 1000))

class Scale {
  /** @param {boolean} folded */
  constructor(folded) {
    this.folded = folded
    /** @type {Map<number, number>[]} positions within an instant, by order */
    const ranks = runs.map(() => new Map())
    /** @type {Map<number, number>} number of slots of an instant */
    const slots = new Map([[0, 1]])
    runs.forEach((run, r) => {
      /** @type {[number, number][]} */
      const moments = []
      for (const { at, order, end, endOrder } of run.items) {
        moments.push([order, at])
        if (end !== undefined && endOrder !== undefined) moments.push([endOrder, end])
      }
      moments.sort((a, b) => a[0] - b[0])
      let instant = -1
      let rank = 0
      for (const [order, at] of moments) {
        if (ranks[r].has(order)) continue
        rank = at === instant ? rank + 1 : 0
        instant = at
        ranks[r].set(order, rank)
        if ((slots.get(at) ?? 0) <= rank) slots.set(at, rank + 1)
      }
      if (!slots.has(run.end)) slots.set(run.end, 1)
    })
    /** instants with items @type {number[]} */
    this.times = [...slots.keys()].sort((a, b) => a - b)
    this.slots = this.times.map((time) => slots.get(time) ?? 1)
    this.bases = new Float64Array(this.times.length)
    /** @type {Map<number, number>} */
    const places = new Map()
    const last = this.times[this.times.length - 1]
    let x = 0
    this.times.forEach((time, i) => {
      if (i > 0) x += this.slots[i - 1] * SLOT + pauseWidth(time - this.times[i - 1])
      this.bases[i] = x
      places.set(time, i)
    })
    /** total width */
    this.width = x + this.slots[this.slots.length - 1] * SLOT
    if (!folded) this.times.forEach((time, i) => (this.bases[i] = last === 0 ? 0 : (time / last) * this.width))
    /** maximum zoom: items of an instant far apart, or a microsecond visible */
    this.maxZoom = folded ? 400 : Math.max(400, (20 * last) / this.width)
    const slot = folded ? SLOT : 0
    /** @param {number} r @param {number} at @param {number} order */
    const place = (r, at, order) => this.bases[places.get(at) ?? 0] + (ranks[r].get(order) ?? 0) * slot + slot / 2
    this.from = runs.map((run, r) => Float64Array.from(run.items, ({ at, order }) => place(r, at, order)))
    this.to = runs.map((run, r) =>
      Float64Array.from(run.items, (item, i) => {
        if (item.end !== undefined && item.endOrder !== undefined) return place(r, item.end, item.endOrder)
        return item.kind === 'connection' ? place(r, run.end, -1) : this.from[r][i]
      }),
    )
    /** by row and run: the rightmost end of the items so far, so that long spans are found */
    this.reach = rows.map((row) =>
      row.items.map((items, r) => {
        let far = -Infinity
        return Float64Array.from(items, (i) => (far = Math.max(far, this.to[r][i])))
      }),
    )
  }

  /**
   * The time at a position.
   *
   * @param {number} x
   */
  timeAt(x) {
    const last = this.times[this.times.length - 1]
    return this.folded ? this.times[this.instantAt(x)] : Math.max(0, Math.min(last, (x / this.width) * last))
  }

  /**
   * The position of the first instant at or after a time.
   *
   * @param {number} time
   */
  placeOf(time) {
    if (!this.folded) return (time / Math.max(1, this.times[this.times.length - 1])) * this.width
    return this.bases[Math.min(this.bases.length - 1, firstAbove(this.times, time - 1))]
  }

  /**
   * The last instant at or before a position.
   *
   * @param {number} x
   */
  instantAt(x) {
    return Math.max(0, firstAbove(this.bases, x) - 1)
  }
}

/** @param {ArrayLike<number>} sorted @param {number} value */
const firstAbove = (sorted, value) => {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle] > value) high = middle
    else low = middle + 1
  }
  return low
}
