/**
 * Access to the host's disk. A simulated process can read regular files and directories, but no devices or pipes, and nothing in
 * /proc and /sys, which would make runs depend on the host. A live process has no restrictions.
 */
import { lstatSync, readFileSync, renameSync, rmdirSync, statSync, unlinkSync } from 'node:fs'
import { normalize } from 'node:path'
import type { FileErrorCode } from '../../haproxy/file-errors.js'
import type { Descriptor, FileAccess } from '../../haproxy/files.js'
import type { Devices } from '../devices.js'
import { ConfinedDirectory } from './confined.js'
import { openFlags, openOnHost, type HostRules } from './descriptor.js'
import { attempt, attemptVoid } from './errors.js'
import { realPath, systemPath } from './paths.js'

/** Access rights. */
export interface DiskOptions {
  /** which files may be changed */
  readonly writes: 'none' | 'in directory' | 'anywhere'
  /** simulated devices; a live process uses the host's */
  readonly devices?: Devices | undefined
  /** live mode: called when waiting for a pipe or terminal times out */
  readonly live?: { readonly waited: (text: string) => void } | undefined
}

/** Maximum file size for writing in simulations, in bytes. */
const MAX_FILE_SIZE = 1024 ** 3

/** Pseudo file systems and process descriptors. */
const UNREADABLE = /^\/(?:proc|sys|dev\/fd)(?:\/|$)/

/** The host's disk. */
export class Disk {
  readonly #rules: HostRules
  readonly #confined: ConfinedDirectory

  /** @param directory base directory of relative paths */
  constructor(
    readonly directory: string,
    readonly options: DiskOptions,
  ) {
    const { live } = options
    this.#rules = { maxFileSize: live ? Infinity : MAX_FILE_SIZE, waited: live?.waited }
    this.#confined = new ConfinedDirectory(directory, this.#rules)
  }

  open(path: string, access: FileAccess): Descriptor | FileErrorCode {
    if (path === '') return 'ENOENT'
    const file = this.#resolve(path)
    if (access.write) return this.#write(file, path, access)
    const simulated = this.#simulated(file)
    return simulated ?? openOnHost(file, path, openFlags(access), access, this.#rules)
  }

  /** Reads a regular file; undefined for anything else. */
  read(path: string): Uint8Array | FileErrorCode | undefined {
    const file = this.#resolve(path)
    const simulated = this.#simulated(file)
    if (simulated !== undefined) return typeof simulated === 'string' ? simulated : undefined
    // a regular file, or a directory, which fails with EISDIR
    const at = systemPath(file)
    return attempt(() => (this.options.live && !statSync(at).isFile() ? undefined : readFileSync(at)))
  }

  /** Reads a file of any kind to its end. */
  readAnything(path: string): Uint8Array | FileErrorCode {
    return attempt(() => readFileSync(systemPath(this.#resolve(path))))
  }

  remove(path: string): FileErrorCode | undefined {
    if (path === '') return 'ENOENT'
    const file = this.#resolve(path)
    if (this.options.writes !== 'anywhere') return this.#confined.remove(file)
    const at = systemPath(file)
    return attemptVoid(() => (lstatSync(at).isDirectory() ? rmdirSync(at) : unlinkSync(at)))
  }

  rename(from: string, to: string): FileErrorCode | undefined {
    if (from === '' || to === '') return 'ENOENT'
    const [source, target] = [this.#resolve(from), this.#resolve(to)]
    if (this.options.writes !== 'anywhere') return this.#confined.rename(source, target)
    return attemptVoid(() => renameSync(systemPath(source), systemPath(target)))
  }

  /** Resolves a path without normalizing it, as `..` after a link must be resolved by the system. */
  #resolve(path: string): string {
    return path === '' || path.startsWith('/') ? path : `${this.directory}/${path}`
  }

  #write(file: string, path: string, access: FileAccess): Descriptor | FileErrorCode {
    if (this.options.writes === 'none') return 'WRITE_REFUSED'
    if (this.options.writes === 'in directory') return this.#confined.open(file, path, access)
    return openOnHost(file, path, openFlags(access), access, this.#rules)
  }

  /** The simulated device at a path, or why access is refused; undefined for regular files and directories. */
  #simulated(file: string): Descriptor | FileErrorCode | undefined {
    if (this.options.live) return undefined
    if (UNREADABLE.test(normalize(file))) return 'READ_REFUSED'
    const real = attempt(() => {
      const path = realPath(file)
      const stats = statSync(systemPath(path))
      return { path, isPlain: stats.isFile() || stats.isDirectory() }
    })
    if (typeof real === 'string') return real
    if (real.isPlain && !UNREADABLE.test(real.path)) return undefined
    return this.options.devices?.(real.path) ?? 'READ_REFUSED'
  }
}
