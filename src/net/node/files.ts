/** Reading files of the host. */
import { readFileSync } from 'node:fs'
import { isErrno, type Errno } from '../../bytes/errno.js'

/** Reads a file; returns its content, or the error. Errors without a known number count as EIO. */
export const readHostFile = (path: string): Uint8Array | Errno => {
  try {
    return readFileSync(path)
  } catch (error) {
    const { code } = error as { readonly code?: string }
    return isErrno(code) ? code : 'EIO'
  }
}
