/** A folder that keeps mails, each as a file of its own: `0001.eml` and so on, after those that are there. */
import { accessSync, constants, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { systemText } from '../net/node/index.js'

/** What is wrong with the folder, as a sentence. */
export class MailFolderError extends Error {}

export class MailFolder {
  #last: number

  /** Makes it where it is missing. Throws a {@link MailFolderError} where mails cannot be kept there. */
  constructor(readonly path: string) {
    try {
      makeFolder(path)
      accessSync(path, constants.W_OK)
      this.#last = Math.max(0, ...readdirSync(path).map((name) => Number(/^(\d+)\.eml$/.exec(name)?.[1] ?? 0)))
    } catch (error) {
      throw new MailFolderError(`mails cannot be kept in '${path}': ${systemText(error)}`)
    }
  }

  /** Returns the path of the file. Throws a {@link MailFolderError}. */
  keep(content: Uint8Array): string {
    const path = join(this.path, `${String(++this.#last).padStart(4, '0')}.eml`)
    try {
      // a file that somebody else has put there since is left alone
      writeFileSync(path, content, { flag: 'wx' })
      return path
    } catch (error) {
      throw new MailFolderError(`a mail is not kept as ${path}: ${systemText(error)}`)
    }
  }
}

/** With the folders around it, one after the other: Node's own way does not come to an end where none can be made (`/proc`). */
const makeFolder = (path: string): void => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  const outer = dirname(path)
  if (outer !== path) makeFolder(outer)
  mkdirSync(path)
}
