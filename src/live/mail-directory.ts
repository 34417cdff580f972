/** A directory of received mails, one file each: `0001.eml` and so on, continuing after existing files. */
import { systemErrorText } from '../bytes/errno.js'
import { accessSync, constants, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeDirectory } from '../disk/directory.js'

/** The directory cannot be used; the message is a sentence. */
export class MailDirectoryError extends Error {}

export class MailDirectory {
  #last: number

  /** Creates the directory if missing. Throws a {@link MailDirectoryError} if it is not writable. */
  constructor(readonly path: string) {
    try {
      makeDirectory(path)
      accessSync(path, constants.W_OK)
      this.#last = Math.max(0, ...readdirSync(path).map((name) => Number(/^(\d+)\.eml$/.exec(name)?.[1] ?? 0)))
    } catch (error) {
      throw new MailDirectoryError(`cannot save mails in '${path}': ${systemErrorText(error)}`)
    }
  }

  /** Saves a mail and returns its path. Throws a {@link MailDirectoryError}. */
  save(content: Uint8Array): string {
    const path = join(this.path, `${String(++this.#last).padStart(4, '0')}.eml`)
    try {
      // never overwrite a file created meanwhile
      writeFileSync(path, content, { flag: 'wx' })
      return path
    } catch (error) {
      throw new MailDirectoryError(`cannot save a mail as ${path}: ${systemErrorText(error)}`)
    }
  }
}
