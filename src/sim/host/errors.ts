/** Errors of Node's file functions as the operating system's. */
import { isErrno } from '../../bytes/errno.js'
import type { FileErrorCode } from '../../haproxy/file-errors.js'

/** The result of something that is done with the disk, or why it failed. */
export const attempt = <T>(action: () => T): T | FileErrorCode => {
  try {
    return action()
  } catch (error) {
    const { code } = error as { code?: string }
    return isErrno(code) ? code : 'EIO'
  }
}

/** Why something that is done with the disk failed; undefined if it did not. */
export const failureOf = (action: () => void): FileErrorCode | undefined =>
  attempt(() => {
    action()
    return undefined
  })
