/**
 * The host's disk as processes see it. A simulated process reads regular files and directories, no devices or pipes, and nothing
 * of /proc and /sys, which show the host and differ from run to run; a live one opens what it likes.
 */
import { lstatSync, readFileSync, renameSync, rmdirSync, statSync, unlinkSync } from 'node:fs'
import { normalize } from 'node:path'
import type { FileErrorCode } from '../../haproxy/file-errors.js'
import type { Descriptor, FileAccess } from '../../haproxy/files.js'
import type { Devices } from '../devices.js'
import { ConfinedFolder } from './confined.js'
import { flagsOf, openOnHost, type HostRules } from './descriptor.js'
import { attempt, failureOf } from './errors.js'
import { realPath, systemPath } from './paths.js'

export interface DiskOptions {
  /** which files may be changed */
  readonly writes: 'none' | 'in directory' | 'anywhere'
  /** those of a simulated machine; a live process has the host's */
  readonly devices?: Devices | undefined
  /** for a live process: told of pipes and terminals that it has waited for in vain */
  readonly live?: { readonly waited: (text: string) => void } | undefined
}

/** The largest file that a simulated process may write, in bytes. */
const LARGEST_FILE = 1024 ** 3

/** What the kernel makes up, and what belongs to the process. */
const UNREADABLE = /^\/(?:proc|sys|dev\/fd)(?:\/|$)/

export class Disk {
  readonly #rules: HostRules
  readonly #confined: ConfinedFolder

  /** @param directory what relative paths start from */
  constructor(
    readonly directory: string,
    readonly options: DiskOptions,
  ) {
    const { live } = options
    this.#rules = { largestFile: live ? Infinity : LARGEST_FILE, waited: live?.waited }
    this.#confined = new ConfinedFolder(directory, this.#rules)
  }

  open(path: string, access: FileAccess): Descriptor | FileErrorCode {
    if (path === '') return 'ENOENT'
    const file = this.#place(path)
    if (access.write) return this.#write(file, path, access)
    const simulated = this.#simulated(file)
    return simulated ?? openOnHost(file, path, flagsOf(access), access, this.#rules)
  }

  /** The whole of a regular file; undefined for anything else. */
  read(path: string): Uint8Array | FileErrorCode | undefined {
    const file = this.#place(path)
    const simulated = this.#simulated(file)
    if (simulated !== undefined) return typeof simulated === 'string' ? simulated : undefined
    // what is not simulated is a file or a directory, whose reading fails
    const at = systemPath(file)
    return attempt(() => (this.options.live && !statSync(at).isFile() ? undefined : readFileSync(at)))
  }

  /** All that comes from a file, whatever it is. */
  readAnything(path: string): Uint8Array | FileErrorCode {
    return attempt(() => readFileSync(systemPath(this.#place(path))))
  }

  remove(path: string): FileErrorCode | undefined {
    if (path === '') return 'ENOENT'
    const file = this.#place(path)
    if (this.options.writes !== 'anywhere') return this.#confined.remove(file)
    const at = systemPath(file)
    return failureOf(() => (lstatSync(at).isDirectory() ? rmdirSync(at) : unlinkSync(at)))
  }

  rename(from: string, to: string): FileErrorCode | undefined {
    if (from === '' || to === '') return 'ENOENT'
    const [source, target] = [this.#place(from), this.#place(to)]
    if (this.options.writes !== 'anywhere') return this.#confined.rename(source, target)
    return failureOf(() => renameSync(systemPath(source), systemPath(target)))
  }

  /** Not made shorter: `..` after a link is for the system to follow. */
  #place(path: string): string {
    return path === '' || path.startsWith('/') ? path : `${this.directory}/${path}`
  }

  #write(file: string, path: string, access: FileAccess): Descriptor | FileErrorCode {
    if (this.options.writes === 'none') return 'WRITE_REFUSED'
    if (this.options.writes === 'in directory') return this.#confined.open(file, path, access)
    return openOnHost(file, path, flagsOf(access), access, this.#rules)
  }

  /** What a simulated process has instead of a file, or why it does not get it; undefined for files that it reads. */
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
