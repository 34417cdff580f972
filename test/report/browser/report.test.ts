/** The page of a report in a real browser. */
import { execFileSync, spawnSync } from 'node:child_process'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { htmlReport } from '../../../src/report/html.js'
import type { Item, Timeline } from '../../../src/report/timeline.js'
import { startupRace } from '../startup-race.js'
import { chromiumIsHere, drawn, launch, show } from './browser.js'

const hasPdftotext = spawnSync('pdftotext', ['-v']).error === undefined
if (chromiumIsHere && !hasPdftotext)
  console.warn('SKIPPED: the text of printed reports is not extracted, as there is no pdftotext (poppler-utils)')

let browser: Browser
let report: ReturnType<typeof startupRace>
let race: string

beforeAll(async () => {
  if (!chromiumIsHere) return
  report = startupRace()
  race = htmlReport(report)
  browser = await launch()
})
afterAll(() => browser?.close())

const labels = (page: Page) => page.locator('#rows .lane').allTextContents()
const details = (page: Page) => page.locator('#details').innerText()
const board = async (page: Page) => {
  await drawn(page)
  const { zoom, left } = await page
    .locator('#board')
    .evaluate((each: { dataset: Record<string, string> }) => each.dataset)
  return { zoom: Number(zoom), left: Number(left) }
}

/** The colour of a pixel of a panel, as `#rrggbb`. */
const pixel = (page: Page, panel: number, x: number, y: number) =>
  page.evaluate(`(() => {
    const canvas = document.querySelectorAll('canvas')[${panel}]
    const density = canvas.width / canvas.clientWidth
    const [r, g, b] = canvas.getContext('2d').getImageData(${x} * density, ${y} * density, 1, 1).data
    return '#' + [r, g, b].map((each) => each.toString(16).padStart(2, '0')).join('')
  })()`)

const colour = (page: Page, name: string) =>
  page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue('--${name}').trim()`)

/** Where the middle of a lane is, in pixels of the window. */
const middleOf = async (page: Page, lane: string) => {
  const box = (await page.locator('#rows .lane', { hasText: new RegExp(`^${lane}$`) }).boundingBox())!
  return box.y + box.height / 2
}

/** A point of a panel in the window. */
const pointIn = async (page: Page, panel: number, x: number, lane: string): Promise<[number, number]> => {
  const box = (await page.locator('canvas').nth(panel).boundingBox())!
  return [box.x + x, await middleOf(page, lane)]
}

/** How far from the left edge the page puts the first difference. */
const FIRST = 40

describe.skipIf(!chromiumIsHere)('the page of the startup race', () => {
  it('loads without errors and without requests', async () => {
    const { page, problems } = await show(browser, race)
    expect(problems).toEqual([])
    expect(await page.locator('canvas').count()).toBe(2)
    await page.close()
  })

  it('has a lane for every task, thread, connection and mailbox of the two runs', async () => {
    const { page } = await show(browser, race)
    const shown = await labels(page)
    for (const { lanes, items } of [report.baseline, report.failing]) {
      const used = new Set(items.flatMap(({ lane, also }) => (also === undefined ? [lane] : [lane, also])))
      for (const lane of used) expect(shown).toContain(lanes[lane]!.name)
    }
    expect(shown).toContain('mail1')
    expect(new Set(shown).size).toBe(shown.length)
    await page.close()
  })

  it('opens at the first difference, which is marked in both runs', async () => {
    const { page } = await show(browser, race)
    const accent = await colour(page, 'accent')
    for (const panel of [0, 1]) expect(await pixel(page, panel, FIRST - 11, 300)).toBe(accent)
    expect(await details(page)).toContain('Lua task task.lua:31')
    await page.keyboard.press('0')
    await page.keyboard.press('+')
    await page.getByRole('button', { name: 'First difference' }).click()
    await drawn(page)
    expect(await pixel(page, 0, FIRST - 11, 300)).toBe(accent)
    await page.close()
  })

  it('shows the details of a clicked item, and its counterpart in the other run', async () => {
    const { page, problems } = await show(browser, race)
    await page.mouse.click(...(await pointIn(page, 0, FIRST, 'Lua task task\\.lua:24')))
    const text = await details(page)
    expect(text).toContain('Lua task task.lua:24')
    expect(text).toContain('in “usual order”')
    expect(text).toMatch(/In “failing”, \d+ µs later/)
    await page.mouse.click(...(await pointIn(page, 1, FIRST + 20, 'Lua task task\\.lua:24')))
    expect(await details(page)).toMatch(/delayed \d+ µs, past .*check be1\/srv1/)
    expect(problems).toEqual([])
    await page.close()
  })

  it('links from the summary to items', async () => {
    const { page } = await show(browser, race)
    await page.getByRole('button', { name: 'mail at mail1: SERVER_DOWN' }).click()
    const text = await details(page)
    expect(text).toContain('To: to@domain.tld')
    expect(text).toContain('Not in “failing”.')
    await page.close()
  })

  it('links from a step to its items, and back', async () => {
    const { page } = await show(browser, race)
    await page.getByRole('button', { name: 'SERVER_DOWN be1/srv1 · no subscriber' }).click()
    await page.locator('#details').getByRole('button', { name: 'check be1/srv1' }).click()
    expect(await details(page)).toContain('woken by')
    await page.locator('#details').getByRole('button', { name: 'SERVER_DOWN be1/srv1 · no subscriber' }).click()
    expect(await details(page)).toContain('In the step')
    await page.close()
  })

  it('finds text, counts the matches and steps through them', async () => {
    const { page } = await show(browser, race)
    const matches = page.locator('#matches')
    await page.keyboard.press('/')
    await page.keyboard.type('server_down')
    expect(await matches.textContent()).toBe('3')
    await page.keyboard.press('Enter')
    expect(await matches.textContent()).toBe('1 of 3')
    expect(await details(page)).toContain('SERVER_DOWN be1/srv1 · 1 subscriber')
    await page.getByRole('button', { name: 'Next match' }).click()
    expect(await details(page)).toContain('SERVER_DOWN be1/srv1 · no subscriber')
    await page.getByRole('button', { name: 'Previous match' }).click()
    await page.getByRole('button', { name: 'Previous match' }).click()
    expect(await matches.textContent()).toBe('3 of 3')
    await page.fill('#search', 'nothing is called like this')
    expect(await matches.textContent()).toBe('none')
    await page.close()
  })

  it('shows only lanes with a text in their name, or of the selected kinds', async () => {
    const { page } = await show(browser, race)
    const all = await labels(page)
    await page.fill('#filter', 'lua TASK')
    expect(await labels(page)).toEqual(['Lua task task.lua:24', 'Lua task task.lua:31'])
    await page.fill('#filter', 'no such lane')
    expect(await page.locator('#rows').innerText()).toContain('No matching lanes')
    await page.fill('#filter', '')
    const threads = page.getByRole('button', { name: 'Threads' })
    await threads.click()
    expect(await threads.getAttribute('aria-pressed')).toBe('false')
    expect(await labels(page)).toEqual(all.filter((name) => !name.startsWith('thread ')))
    await threads.click()
    expect(await labels(page)).toEqual(all)
    await page.close()
  })

  it('zooms with buttons, keys and the wheel, at the pointer', async () => {
    const { page } = await show(browser, race)
    const before = await board(page)
    await page.getByRole('button', { name: 'Zoom in' }).click()
    const closer = await board(page)
    expect(closer.zoom).toBeCloseTo(before.zoom * 1.5, 2)
    await page.keyboard.press('-')
    expect((await board(page)).zoom).toBeCloseTo(before.zoom, 2)
    const box = (await page.locator('canvas').first().boundingBox())!
    await page.mouse.move(box.x + 300, box.y + 100)
    const { zoom, left } = await board(page)
    await page.mouse.wheel(0, -300)
    await page.waitForFunction(`Number(document.getElementById('board').dataset.zoom) > ${zoom}`)
    const wheeled = await board(page)
    expect(wheeled.left + 300 / wheeled.zoom).toBeCloseTo(left + 300 / zoom, 1)
    await page.keyboard.press('0')
    expect((await board(page)).zoom).toBeLessThan(wheeled.zoom)
    await page.close()
  })

  it('pans by dragging, and with keys', async () => {
    const { page } = await show(browser, race)
    await page.getByRole('button', { name: 'Zoom in' }).click()
    const before = await board(page)
    const box = (await page.locator('canvas').nth(1).boundingBox())!
    await page.mouse.move(box.x + 300, box.y + 200)
    await page.mouse.down()
    await page.mouse.move(box.x + 200, box.y + 200, { steps: 4 })
    await page.mouse.up()
    const dragged = await board(page)
    expect((dragged.left - before.left) * before.zoom).toBeCloseTo(100, 0)
    await page.locator('canvas').first().focus()
    await page.keyboard.press('Shift+ArrowLeft')
    expect((await board(page)).left).toBeLessThan(dragged.left)
    await page.close()
  })

  it('can be operated with the keyboard alone, and announces the current item', async () => {
    const { page } = await show(browser, race)
    await page.locator('canvas').nth(1).focus()
    await page.keyboard.press('ArrowUp')
    expect(await details(page)).toContain('delayed')
    await page.keyboard.press('ArrowRight')
    expect(await details(page)).toMatch(/^step\s+Lua task task\.lua:24/)
    await page.keyboard.press('ArrowDown')
    expect(await details(page)).toMatch(/^step\s+Lua task task\.lua:31/)
    await page.keyboard.press('Escape')
    expect(await details(page)).toContain('Click an item')
    expect(await page.locator('#details').getAttribute('aria-live')).toBe('polite')
    await page.close()
  })

  it('has accessible names for all controls', async () => {
    const { page } = await show(browser, race)
    const nameless = await page.evaluate(`[...document.querySelectorAll('button, input, canvas, summary')]
      .filter((each) => !each.textContent.trim() && !each.getAttribute('aria-label') && !each.labels?.length)
      .map((each) => each.outerHTML)`)
    expect(nameless).toEqual([])
    await page.close()
  })

  it('follows the preferred colour scheme', async () => {
    const { page } = await show(browser, race, { dark: true })
    expect(await colour(page, 'ground')).toBe('#12161c')
    expect(await pixel(page, 0, 5, 5)).toBe('#12161c')
    await page.emulateMedia({ colorScheme: 'light' })
    await drawn(page)
    expect(await pixel(page, 0, 5, 5)).toBe('#ffffff')
    await page.close()
  })

  it('has a linear scale and lists', async () => {
    const { page, problems } = await show(browser, race)
    await page.keyboard.press('t')
    expect(await page.locator('#folded').getAttribute('aria-pressed')).toBe('false')
    await page.getByRole('button', { name: 'List' }).click()
    expect(await page.locator('.paper').innerText()).toContain('SERVER_DOWN be1/srv1 · no subscriber')
    expect(problems).toEqual([])
    await page.close()
  })

  it('fits into a narrow window', async () => {
    const { page } = await show(browser, race)
    await page.setViewportSize({ width: 420, height: 800 })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(420)
    await page.close()
  })
})

describe.skipIf(!chromiumIsHere)('on paper', () => {
  it('has lists instead of controls, and nothing is cut off', async () => {
    const { page } = await show(browser, race)
    await page.emulateMedia({ media: 'print' })
    await page.setViewportSize({ width: 700, height: 1000 })
    expect(await page.locator('.app').isVisible()).toBe(false)
    const text = await page.locator('body').innerText()
    for (const { name, deviations = [] } of report.runs)
      for (const each of [name, ...deviations]) expect(text).toContain(each)
    expect(text).toContain('only here: SERVER_DOWN be1/srv1 · no subscriber')
    const cut = await page.evaluate(`[...document.querySelectorAll('header *, .paper *')]
      .filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline')
      .map((each) => each.outerHTML)`)
    expect(cut).toEqual([])
    await page.close()
  })

  it.skipIf(!hasPdftotext)('shows readable descriptions of deviations', async () => {
    const { page } = await show(browser, race)
    const pdf = await page.pdf({ format: 'A4' })
    const text = execFileSync('pdftotext', ['-', '-'], { input: pdf }).toString().replace(/\s+/g, ' ')
    for (const each of report.runs[1]!.deviations!) expect(text).toContain(each)
    expect(text).toContain(report.command)
    await page.close()
  })
})

/** A run in which a peer or a script does its worst. */
const hostile = (text: string): Timeline => ({
  end: 1000,
  lanes: [
    { kind: 'log', name: text, process: text },
    { kind: 'task', name: text, process: text },
  ],
  items: [
    { kind: 'step', lane: 1, at: 10, order: 0, text, more: text },
    { kind: 'print', lane: 0, at: 10, order: 1, text, more: text, step: 0 },
  ],
  omitted: 0,
})

describe.skipIf(!chromiumIsHere)('text that looks like code', () => {
  const text = `</script><script>alert(1)</script><img src=x onerror="alert(2)">'"\`\u0000\u001b[31m`

  it('remains text wherever it is shown', async () => {
    const runs = ['one', 'two'].map((name) => ({
      name: `${name} ${text}`,
      timeline: hostile(name === 'one' ? text : `${text}!`),
      deviations: [text],
      outcome: { [text]: [text] },
    }))
    const { page, problems } = await show(browser, htmlReport({ title: text, subtitle: text, command: text, runs }))
    await page.locator('header .jump').first().click()
    expect(await page.locator('#details strong').textContent()).toContain('<script>alert(1)</script>')
    const box = (await page.locator('canvas').first().boundingBox())!
    for (let x = 0; x < box.width; x += 40) await page.mouse.move(box.x + x, box.y + 75)
    await page.fill('#search', '<img')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'List' }).click()
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.locator('script').count()).toBe(2)
    expect(await page.title()).toContain('</script>')
    expect(problems).toEqual([])
    await page.close()
  })
})

/** So many steps and events on 12 lanes, a few microseconds after one another with pauses between. */
const large = (count: number): Timeline => {
  const tasks = Array.from({ length: 12 }, (_, i) => ({ kind: 'task' as const, name: `task ${i}`, process: 'p' }))
  let at = 0
  const items = Array.from({ length: count }, (_, i): Item => {
    at += i % 50 === 0 ? 200_000 : i % 7
    return { kind: i % 3 === 0 ? 'event' : 'step', lane: (i * 7) % 12, at, order: i, text: `thing ${i}` }
  })
  return { end: at, lanes: tasks, items, omitted: 0 }
}

/** How many shapes the page fills in the frame that follows a key. */
const shapesAfter = (page: Page, key: string): Promise<number> =>
  page.evaluate(`(async () => {
    const prototype = CanvasRenderingContext2D.prototype
    const { fill, fillRect } = prototype
    let count = 0
    prototype.fill = function (...all) { count++; return fill.apply(this, all) }
    prototype.fillRect = function (...all) { count++; return fillRect.apply(this, all) }
    document.dispatchEvent(new KeyboardEvent('keydown', { key: '${key}' }))
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
    Object.assign(prototype, { fill, fillRect })
    return count
  })()`)

describe.skipIf(!chromiumIsHere)('a page with 20,000 items in each of two runs', () => {
  let html: string
  beforeAll(() => {
    html = htmlReport({
      title: 'large',
      runs: [
        { name: 'one', timeline: large(20_000) },
        { name: 'two', timeline: { ...large(20_000), items: large(20_000).items.filter((_, i) => i !== 15_000) } },
      ],
    })
  })

  it('opens at the difference and finds items by text', async () => {
    const { page, problems } = await show(browser, html)
    expect(await details(page)).toContain('thing 15001')
    await page.fill('#search', 'thing 199')
    // 199, 1990 to 1999 and 19900 to 19999, in both runs
    expect(await page.locator('#matches').textContent()).toBe('222')
    expect(problems).toEqual([])
    await page.close()
  })

  it('draws no more shapes than there are columns of pixels, on both scales', async () => {
    const { page } = await show(browser, html)
    const columns = Number(await page.evaluate("document.querySelector('canvas').clientWidth"))
    // 12 lanes, and the bands behind them
    const most = 2 * 13 * columns
    expect(most).toBeLessThan(40_000)
    for (const key of ['0', 't', '+', '-', 't', '-', 'd']) {
      const shapes = await shapesAfter(page, key)
      expect(shapes, key).toBeGreaterThan(0)
      expect(shapes, key).toBeLessThan(most)
    }
    await page.close()
  })
})
