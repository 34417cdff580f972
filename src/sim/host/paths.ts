/** Paths as the system has them: bytes, of which Node makes and takes only valid UTF-8 unless it is given bytes. */
import { readlinkSync, realpathSync } from 'node:fs'
import { decodeText, encodeText, hasInvalidBytes } from '../../bytes/text.js'

/** A path for Node's functions. */
export const systemPath = (path: string): string | Buffer =>
  hasInvalidBytes(path) ? Buffer.from(encodeText(path)) : path

/** Resolves a path, following symbolic links. */
export const realPath = (path: string): string =>
  decodeText(realpathSync.native(systemPath(path), { encoding: 'buffer' }))

/** Where a link leads. */
export const readLink = (path: string): string => decodeText(readlinkSync(systemPath(path), { encoding: 'buffer' }))
