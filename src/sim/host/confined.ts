/**
 * File changes confined to a directory, despite `..` and symbolic links. The parent directory is opened first and accessed
 * through its descriptor, like openat(2); links in the last component are followed here one by one. So concurrent changes
 * cannot lead outside.
 */
import { closeSync, constants, existsSync, lstatSync, openSync, renameSync, rmdirSync, unlinkSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { FileErrorCode } from '../../haproxy/file-errors.js'
import type { Descriptor, FileAccess } from '../../haproxy/files.js'
import { openFlags, openOnHost, type HostRules } from './descriptor.js'
import { attempt, attemptVoid } from './errors.js'
import { readLink, realPath, systemPath } from './paths.js'

/** Maximum number of links followed, as in Linux. */
const MAX_LINKS = 40

/** Descriptors as paths, if the system has them. */
const DESCRIPTORS = '/proc/self/fd'

/** Write access to the files in a directory. */
export class ConfinedDirectory {
  /** @param directory in which files may be changed */
  constructor(
    readonly directory: string,
    readonly rules: HostRules,
  ) {}

  /** Opens an absolute path for writing. @param name the path in messages */
  open(path: string, name: string, access: FileAccess): Descriptor | FileErrorCode {
    // paths with a trailing slash are never created
    if (access.create && path.endsWith('/')) return 'EISDIR'
    for (let target = path, links = 0; links < MAX_LINKS; links++) {
      const result = this.#at(target, (at, parent) => this.#openOnce(at, parent, name, access))
      if (typeof result === 'object' && 'link' in result) target = result.link
      else if (result !== AGAIN) return result
    }
    return 'ELOOP'
  }

  remove(path: string): FileErrorCode | undefined {
    return this.#at(path, (last) => {
      const at = systemPath(last)
      return attemptVoid(() => (lstatSync(at).isDirectory() ? rmdirSync(at) : unlinkSync(at)))
    })
  }

  rename(from: string, to: string): FileErrorCode | undefined {
    return this.#at(from, (source) =>
      this.#at(to, (target) => attemptVoid(() => renameSync(systemPath(source), systemPath(target)))),
    )
  }

  /** Opens `at`, unless it is a link or is concurrently created or removed. */
  #openOnce(
    at: string,
    parent: string,
    name: string,
    access: FileAccess,
  ): Descriptor | FileErrorCode | { readonly link: string } | typeof AGAIN {
    const found = attempt(() => ({ link: readLink(at) }))
    // EINVAL: not a link
    if (found !== 'ENOENT' && access.exclusive) return 'EEXIST'
    if (typeof found === 'object') return { link: found.link.startsWith('/') ? found.link : `${parent}/${found.link}` }
    const open = (wanted: FileAccess) =>
      openOnHost(at, name, openFlags(wanted) | constants.O_NOFOLLOW, access, this.rules)
    if (found === 'ENOENT') {
      if (!access.create) return 'ENOENT'
      const made = open({ ...access, exclusive: true })
      return made === 'EEXIST' && !access.exclusive ? AGAIN : made
    }
    if (found !== 'EINVAL') return found
    if (isSpecial(at)) return 'EACCES'
    const opened = open({ ...access, create: false })
    return (opened === 'ENOENT' && access.create) || opened === 'ELOOP' ? AGAIN : opened
  }

  /** Calls `action` with a path to the last component of `path` that is safe against concurrent changes of its parents. */
  #at<T>(path: string, action: (at: string, parent: string) => T | FileErrorCode): T | FileErrorCode {
    const [, before, name, slashes] = /^(.*?)([^/]*)(\/*)$/s.exec(path)!
    if (name === '') return 'EACCES'
    const real = attempt(() => ({ parent: realPath(before || '/') }))
    if (typeof real === 'string') return real
    const { parent } = real
    if (!this.#contains(parent)) return 'EACCES'
    const fd = attempt(() =>
      openSync(systemPath(parent), constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW),
    )
    if (typeof fd === 'string') return fd
    try {
      const here = `${DESCRIPTORS}/${fd}`
      if (!existsSync(here)) return action(join(parent, name!) + slashes, parent)
      if (!this.#contains(readLink(here))) return 'EACCES'
      return action(`${here}/${name}${slashes}`, parent)
    } finally {
      closeSync(fd)
    }
  }

  #contains(real: string): boolean {
    const root = realPath(this.directory)
    return real === root || real.startsWith(root === sep ? sep : root + sep)
  }
}

/** Retry: the directory has changed concurrently. */
const AGAIN = Symbol('again')

/** Whether it is a pipe, socket or device. */
const isSpecial = (at: string): boolean => {
  const stats = lstatSync(systemPath(at), { throwIfNoEntry: false })
  return stats !== undefined && !stats.isFile() && !stats.isDirectory() && !stats.isSymbolicLink()
}
