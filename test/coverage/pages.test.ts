/** Coverage pages highlight Lua, seen in a browser. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LuaCoverage, reportCoverage } from '../../src/coverage/index.js'
import { chromiumIsHere, launch } from '../report/browser/browser.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const SCRIPT = String.raw`--[==[ local ]]
end ]==]
local text = [[function
end]] -- if
local also = "a\"then" .. 'do' .. [=[ ]] ]=]
goto done
::done:: print(nil, 0x1F, 1.5e3, 7 // 2, new, class)
`

describe.skipIf(!chromiumIsHere)('a page of coverage', () => {
  let browser: Browser
  beforeAll(async () => void (browser = await launch()))
  afterAll(() => browser.close())

  it('highlights Lua only', async () => {
    const coverage = new LuaCoverage()
    coverage.include(join(process.cwd(), 'x.lua'), Buffer.from(SCRIPT))
    const directory = temporaryFolder('pages')
    reportCoverage(coverage.scripts, { reporters: ['html'], directory }, { write: () => {}, colours: false })
    const page = await browser.newPage()
    await page.goto(pathToFileURL(join(directory, 'x.lua.html')).href)
    // marks of what is not covered divide what belongs together
    const texts = async (kind: string) => (await page.locator(`td.text span.${kind}`).allTextContents()).join('')
    expect(await texts('com')).toBe('--[==[ local ]]\nend ]==]-- if')
    expect(await texts('kwd')).toBe('locallocalgotonil')
    expect(await texts('str')).toBe('[[function\nend]]"a\\"then"\'do\'[=[ ]] ]=]')
    expect(await texts('lit')).toBe('0x1F1.5e372')
    expect(await page.locator('td.text').textContent()).toBe(`${SCRIPT}\u00a0`)
  })
})
