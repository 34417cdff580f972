/** Inherited file descriptors. */
import { strerror, systemErrorText } from '../../bytes/errno.js'
import { fstatSync } from 'node:fs'

/** Why `fd` (`fd@N`) cannot be used as a socket; undefined if it can. */
export const descriptorError = (fd: number): string | undefined => {
  try {
    return fstatSync(fd).isSocket() ? undefined : strerror('ENOTSOCK')
  } catch (error) {
    return systemErrorText(error)
  }
}
