/** The page of a report in windows of several sizes: everything that is operated and read lies within the window. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { htmlReport } from '../../../src/report/html.js'
import { startupRace } from '../startup-race.js'
import { chromiumIsHere, drawn, launch, show } from './browser.js'

let browser: Browser
let race: string

beforeAll(async () => {
  if (!chromiumIsHere) return
  race = htmlReport(startupRace())
  browser = await launch()
})
afterAll(() => browser?.close())

const SIZES = [
  { width: 1400, height: 900 },
  { width: 1280, height: 720 },
  { width: 800, height: 600 },
]

const showAt = async (size: { width: number; height: number }): Promise<Page> => {
  const { page } = await show(browser, race)
  await page.setViewportSize(size)
  await drawn(page)
  return page
}

/** The edges of an element, which must be shown. */
const edgesOf = async (page: Page, selector: string) => {
  const box = (await page.locator(selector).boundingBox())!
  return { left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height }
}

const expectInside = (edges: Awaited<ReturnType<typeof edgesOf>>, size: { width: number; height: number }): void => {
  expect(edges.left).toBeGreaterThanOrEqual(0)
  expect(edges.top).toBeGreaterThanOrEqual(0)
  expect(edges.right).toBeLessThanOrEqual(size.width)
  expect(edges.bottom).toBeLessThanOrEqual(size.height)
}

describe.skipIf(!chromiumIsHere).each(SIZES)('in a window of $width x $height', (size) => {
  it('the details of the selected item and some lanes above them are visible', async () => {
    const page = await showAt(size)
    const details = await edgesOf(page, '#details')
    expectInside(details, size)
    const rows = await edgesOf(page, '#rows')
    expect(rows.bottom).toBeLessThanOrEqual(details.top)
    expect(rows.bottom - rows.top).toBeGreaterThan(50)
    await page.close()
  })

  it('the page itself does not scroll', async () => {
    const page = await showAt(size)
    const [width, height] = (await page.evaluate(
      '[document.documentElement.scrollWidth, document.documentElement.scrollHeight]',
    )) as number[]
    expect([width, height]).toEqual([size.width, size.height])
    await page.close()
  })

  it('the list of keys opens within the window', async () => {
    const page = await showAt(size)
    await page.locator('#keys summary').click()
    expectInside(await edgesOf(page, '#keys div'), size)
    await page.close()
  })
})

describe.skipIf(!chromiumIsHere)('in a window that is too small for the page', () => {
  it('the details remain at its lower edge when the page is scrolled', async () => {
    const size = { width: 500, height: 380 }
    const page = await showAt(size)
    for (const y of [0, 60, 10_000]) {
      await page.evaluate(`scrollTo(0, ${y})`)
      const details = await edgesOf(page, '#details')
      expect(details.bottom).toBeCloseTo(size.height, 0)
    }
    expect(await page.evaluate('scrollY')).toBeGreaterThan(0)
    await page.close()
  })
})

describe.skipIf(!chromiumIsHere)('the list of keys', () => {
  const isShown = (page: Page) => page.locator('#keys div').isVisible()

  it('is opened and closed by ?', async () => {
    const page = await showAt(SIZES[0]!)
    await page.keyboard.press('?')
    expect(await isShown(page)).toBe(true)
    await page.keyboard.press('?')
    expect(await isShown(page)).toBe(false)
    await page.close()
  })

  it('is closed by Escape before an item is deselected, and by a click elsewhere', async () => {
    const page = await showAt(SIZES[0]!)
    const selected = await page.locator('#details').innerText()
    await page.keyboard.press('?')
    await page.keyboard.press('Escape')
    expect(await isShown(page)).toBe(false)
    expect(await page.locator('#details').innerText()).toBe(selected)
    await page.keyboard.press('?')
    await page.locator('h1').click()
    expect(await isShown(page)).toBe(false)
    await page.close()
  })

  it('is not opened by a ? typed into a field', async () => {
    const page = await showAt(SIZES[0]!)
    await page.locator('#search').focus()
    await page.keyboard.type('who?')
    expect(await page.locator('#search').inputValue()).toBe('who?')
    expect(await isShown(page)).toBe(false)
    await page.close()
  })

  it('contains the keys', async () => {
    const page = await showAt(SIZES[0]!)
    await page.keyboard.press('?')
    const named = await page.locator('#keys kbd').allTextContents()
    expect(named).toEqual(expect.arrayContaining(['+', '−', '0', 'D', '/', 'N', 'T', 'Esc', '?', 'Tab']))
    await page.close()
  })
})
