/** A folder that keeps mails, each as a file of its own: `0001.eml` and so on, after those that are there. */
import { systemErrorText } from '../bytes/errno.js'
import { accessSync, constants, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../disk/folder.js'

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
      throw new MailFolderError(`mails cannot be kept in '${path}': ${systemErrorText(error)}`)
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
      throw new MailFolderError(`a mail is not kept as ${path}: ${systemErrorText(error)}`)
    }
  }
}
