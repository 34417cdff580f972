/** The shapes of items. Kinds differ in shape, not only in colour. */

/** @typedef {(c: CanvasRenderingContext2D, x: number, end: number, y: number, colour: string, item: Item) => void} Shape */

/** @type {Shape} */
const square = (c, x, _end, y, colour) => {
  c.fillStyle = colour
  c.fillRect(x - 4, y - 4, 8, 8)
}

/** @type {Shape} */
const flag = (c, x, _end, y, colour) => {
  c.fillStyle = colour
  c.fillRect(x - 4, y - 8, 2, 16)
  c.beginPath()
  c.moveTo(x - 2, y - 8)
  c.lineTo(x + 7, y - 4)
  c.lineTo(x - 2, y)
  c.fill()
}

/** Kinds differ in shape, not only in colour. @type {Record<string, Shape>} */
const SHAPES = {
  step(c, x, _end, y, colour) {
    c.fillStyle = colour
    c.beginPath()
    c.roundRect(x - 4, y - 8, 8, 16, 3)
    c.fill()
  },
  held(c, x, end, y, colour) {
    const width = Math.max(4, end - x - 5)
    c.save()
    c.beginPath()
    c.roundRect(x, y - 8, width, 16, 3)
    c.globalAlpha *= 0.22
    c.fillStyle = colour
    c.fill()
    c.globalAlpha = view.searching ? 0.3 : 1
    c.clip()
    c.strokeStyle = colour
    c.lineWidth = 1
    c.globalAlpha *= 0.5
    const from = Math.max(x, -20) - 16
    const to = Math.min(x + width, c.canvas.clientWidth + 20)
    c.beginPath()
    for (let at = from - (from % 8); at < to; at += 8) {
      c.moveTo(at, y + 8)
      c.lineTo(at + 16, y - 8)
    }
    c.stroke()
    c.restore()
    c.strokeStyle = colour
    c.lineWidth = 1.5
    c.beginPath()
    c.roundRect(x, y - 8, width, 16, 3)
    c.stroke()
  },
  event(c, x, _end, y, colour) {
    c.fillStyle = colour
    c.beginPath()
    c.moveTo(x, y - 7)
    c.lineTo(x + 6, y)
    c.lineTo(x, y + 7)
    c.lineTo(x - 6, y)
    c.fill()
  },
  log: square,
  message: square,
  print(c, x, _end, y, colour) {
    c.strokeStyle = colour
    c.lineWidth = 2
    c.strokeRect(x - 4, y - 4, 8, 8)
  },
  mail(c, x, _end, y, colour) {
    c.fillStyle = colour
    c.beginPath()
    c.roundRect(x - 7, y - 6, 14, 12, 2)
    c.fill()
    c.strokeStyle = colours.ground
    c.lineWidth = 1.5
    c.beginPath()
    c.moveTo(x - 6, y - 4)
    c.lineTo(x, y + 1)
    c.lineTo(x + 6, y - 4)
    c.stroke()
  },
  request(c, x, _end, y, colour) {
    c.fillStyle = colour
    c.beginPath()
    c.moveTo(x - 4, y - 6)
    c.lineTo(x + 5, y)
    c.lineTo(x - 4, y + 6)
    c.fill()
  },
  connection(c, x, end, y, colour, item) {
    const width = Math.max(3, end - x)
    c.fillStyle = colour
    c.globalAlpha *= 0.25
    c.fillRect(x, y - 7, width, 14)
    c.globalAlpha = view.searching ? 0.6 : 1
    c.fillRect(x, y + 6, width, 2)
    c.fillRect(x - 1, y - 7, 2, 15)
    if (item.end === undefined) return
    c.strokeStyle = colour
    c.lineWidth = 2
    c.beginPath()
    if (item.level === 'bad') {
      c.moveTo(end - 4, y - 4)
      c.lineTo(end + 4, y + 4)
      c.moveTo(end + 4, y - 4)
      c.lineTo(end - 4, y + 4)
    } else {
      c.moveTo(end, y - 7)
      c.lineTo(end, y + 8)
    }
    c.stroke()
  },
  server: flag,
  action: flag,
  cli: flag,
}

/** @param {CanvasRenderingContext2D} c @param {number} x @param {number} end @param {number} y @param {string} colour */
const halo = (c, x, end, y, colour) => {
  c.fillStyle = colour
  c.beginPath()
  c.roundRect(x - 10, y - 12, end - x + 20, 24, 6)
  c.fill()
}

/** @param {CanvasRenderingContext2D} c @param {number} x @param {number} end @param {number} y @param {string} colour @param {number} width */
const ring = (c, x, end, y, colour, width) => {
  c.strokeStyle = colour
  c.lineWidth = width
  c.beginPath()
  c.roundRect(x - 9, y - 11, end - x + 18, 22, 5)
  c.stroke()
}
