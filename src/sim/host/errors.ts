/** Conversion of exceptions of Node's file functions to error codes. */
import { isErrno } from '../../bytes/errno.js'
import type { FileErrorCode } from '../../haproxy/file-errors.js'

/** Calls `action`; returns its result or the error code. */
export const attempt = <T>(action: () => T): T | FileErrorCode => {
  try {
    return action()
  } catch (error) {
    const { code } = error as { code?: string }
    return isErrno(code) ? code : 'EIO'
  }
}

/** Calls `action`; returns the error code, or undefined if it succeeded. */
export const attemptVoid = (action: () => void): FileErrorCode | undefined =>
  attempt(() => {
    action()
    return undefined
  })
