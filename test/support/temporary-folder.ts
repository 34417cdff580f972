/** Temporary folders of tests: each is removed when the file that asked for it is through. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const folders: string[] = []

// handlers run in reverse order of registration: users of the folders have ended by then
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

/** An empty folder, by its real path; its name begins with `name`. */
export const temporaryFolder = (name: string): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `${name}-`)))
  folders.push(folder)
  return folder
}
