/** Descriptors that the process was given by whoever started it. */
import { closeSync, fstatSync } from 'node:fs'
import { systemText } from './system-text.js'

/** Why nobody can listen at `fd` (`fd@N`); undefined where somebody can. */
export const descriptorProblem = (fd: number): string | undefined => {
  try {
    return fstatSync(fd).isSocket() ? undefined : 'Socket operation on non-socket'
  } catch (error) {
    return systemText(error)
  }
}

/** Lets go of `fd`, unless that has happened before. */
export const letGo = (fd: number): void => {
  try {
    closeSync(fd)
  } catch {
    return
  }
}
