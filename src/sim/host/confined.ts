/**
 * Changes of files that stay under one folder, whatever `..` and links say. The folder that holds the file is opened first;
 * what is done then is done relative to that descriptor (as openat(2) does), and links at the end are followed here, one by
 * one. So nothing that others do in the meantime leads out.
 */
import { closeSync, constants, existsSync, lstatSync, openSync, renameSync, rmdirSync, unlinkSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { FileErrorCode } from '../../haproxy/file-errors.js'
import type { Descriptor, FileAccess } from '../../haproxy/files.js'
import { flagsOf, openOnHost, type HostRules } from './descriptor.js'
import { attempt, failureOf } from './errors.js'
import { linkAt, realPath, systemPath } from './paths.js'

/** As many links the operating system follows. */
const MOST_LINKS = 40

/** Descriptors as paths, where the system has them. */
const DESCRIPTORS = '/proc/self/fd'

export class ConfinedFolder {
  /** @param folder under which files may be changed */
  constructor(
    readonly folder: string,
    readonly rules: HostRules,
  ) {}

  /** Opens `path`, which is absolute, to write. @param name what the script calls it */
  open(path: string, name: string, access: FileAccess): Descriptor | FileErrorCode {
    // what ends in a slash is never made
    if (access.create && path.endsWith('/')) return 'EISDIR'
    for (let target = path, links = 0; links < MOST_LINKS; links++) {
      const result = this.#at(target, (at, parent) => this.#openOnce(at, parent, name, access))
      if (typeof result === 'object' && 'link' in result) target = result.link
      else if (result !== AGAIN) return result
    }
    return 'ELOOP'
  }

  remove(path: string): FileErrorCode | undefined {
    return this.#at(path, (last) => {
      const at = systemPath(last)
      return failureOf(() => (lstatSync(at).isDirectory() ? rmdirSync(at) : unlinkSync(at)))
    })
  }

  rename(from: string, to: string): FileErrorCode | undefined {
    return this.#at(from, (source) =>
      this.#at(to, (target) => failureOf(() => renameSync(systemPath(source), systemPath(target)))),
    )
  }

  /** Opens what is at `at`, unless that is a link, or is made or removed meanwhile. */
  #openOnce(
    at: string,
    parent: string,
    name: string,
    access: FileAccess,
  ): Descriptor | FileErrorCode | { readonly link: string } | typeof AGAIN {
    const found = attempt(() => ({ link: linkAt(at) }))
    // EINVAL: something that is no link
    if (found !== 'ENOENT' && access.exclusive) return 'EEXIST'
    if (typeof found === 'object') return { link: found.link.startsWith('/') ? found.link : `${parent}/${found.link}` }
    const open = (wanted: FileAccess) =>
      openOnHost(at, name, flagsOf(wanted) | constants.O_NOFOLLOW, access, this.rules)
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

  /** Does something with the last component of `path`, given as a path in which nothing else is a link that others can change. */
  #at<T>(path: string, action: (at: string, parent: string) => T | FileErrorCode): T | FileErrorCode {
    const [, before, name, slashes] = /^(.*?)([^/]*)(\/*)$/s.exec(path)!
    if (name === '') return 'EACCES'
    const real = attempt(() => ({ parent: realPath(before || '/') }))
    if (typeof real === 'string') return real
    const { parent } = real
    if (!this.#holds(parent)) return 'EACCES'
    const fd = attempt(() =>
      openSync(systemPath(parent), constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW),
    )
    if (typeof fd === 'string') return fd
    try {
      const here = `${DESCRIPTORS}/${fd}`
      if (!existsSync(here)) return action(join(parent, name!) + slashes, parent)
      if (!this.#holds(linkAt(here))) return 'EACCES'
      return action(`${here}/${name}${slashes}`, parent)
    } finally {
      closeSync(fd)
    }
  }

  #holds(real: string): boolean {
    const root = realPath(this.folder)
    return real === root || real.startsWith(root === sep ? sep : root + sep)
  }
}

/** The folder has changed since it was looked at. */
const AGAIN = Symbol('again')

/** Pipes, sockets and devices lead to something else than a file. */
const isSpecial = (at: string): boolean => {
  const stats = lstatSync(systemPath(at), { throwIfNoEntry: false })
  return stats !== undefined && !stats.isFile() && !stats.isDirectory() && !stats.isSymbolicLink()
}
