/** Files whose content is a part of the configuration. */
import type { Errno } from '../bytes/errno.js'

/** Reads a file; returns its content, or the error of the system. */
export type ReadFile = (path: string) => Uint8Array | Errno
