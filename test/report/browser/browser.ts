/** A headless Chromium for tests of pages, where it is installed. */
import { existsSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'

const EXECUTABLE = process.env['HAPSIM_CHROMIUM'] ?? '/usr/bin/chromium'

export const chromiumIsHere = existsSync(EXECUTABLE)

if (!chromiumIsHere)
  console.warn(`SKIPPED: pages are not tested in a browser, as there is no ${EXECUTABLE} (apt-get install chromium)`)

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

/** Shows a page and records every problem: errors, console messages, and requests of any kind. */
export const show = async (browser: Browser, html: string, options: { readonly dark?: boolean } = {}) => {
  const page: Page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    colorScheme: options.dark ? 'dark' : 'light',
  })
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
  })
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => problems.push(`request: ${request.url()}`))
  await page.setContent(html, { waitUntil: 'load' })
  await drawn(page)
  return { page, problems }
}

/** Two frames: one in which the page draws, one in which that is shown. */
export const drawn = async (page: Page): Promise<void> => {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
}
