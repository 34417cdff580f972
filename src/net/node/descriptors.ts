/** Inherited file descriptors. */
import { closeSync, fstatSync } from 'node:fs'
import { systemText } from './system-text.js'

/** Why `fd` (`fd@N`) cannot be used as a socket; undefined if it can. */
export const descriptorError = (fd: number): string | undefined => {
  try {
    return fstatSync(fd).isSocket() ? undefined : 'Socket operation on non-socket'
  } catch (error) {
    return systemText(error)
  }
}

/** Closes `fd` if it is open. */
export const closeDescriptor = (fd: number): void => {
  try {
    closeSync(fd)
  } catch {
    return
  }
}
