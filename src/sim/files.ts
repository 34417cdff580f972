/**
 * The files of a simulated process: those that were given with the simulation, and behind them the disk, read when the
 * process asks for them. This is the one place where a simulation takes in something of the host.
 */
import { readFileSync } from 'node:fs'
import { posix, resolve } from 'node:path'
import type { FileErrorCode, Files } from '../haproxy/process.js'

/** Contents by path, as the configuration names them. */
export type GivenFiles = Readonly<Record<string, string | Uint8Array>>

const encoder = new TextEncoder()
const CODES: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EISDIR'])

/** @param directory what relative paths on the disk start from; undefined: the disk is out of reach */
export const layeredFiles = (given: GivenFiles, directory: string | undefined): Files => {
  const byPath = new Map(Object.entries(given).map(([path, content]) => [posix.normalize(path), content]))
  return {
    read(path) {
      const content = byPath.get(posix.normalize(path))
      if (content !== undefined) return typeof content === 'string' ? encoder.encode(content) : content
      return directory === undefined ? 'ENOENT' : readFromDisk(resolve(directory, path))
    },
  }
}

const readFromDisk = (path: string): Uint8Array | FileErrorCode => {
  try {
    return readFileSync(path)
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENOTDIR') return 'ENOENT'
    return code !== undefined && CODES.has(code) ? (code as FileErrorCode) : 'EIO'
  }
}
