/**
 * The file system of a process, in layers: files given with the simulation, simulated devices, the disk. Given files are only
 * changed in memory, as are all files if there is no access to the disk.
 */
import { posix, resolve } from 'node:path'
import { encodeText } from '../bytes/text.js'
import type { FileErrorCode } from '../haproxy/file-errors.js'
import { READ, type Descriptor, type FileAccess, type Files } from '../haproxy/files.js'
import type { WritableFiles } from '../lua/index.js'
import { Disk, type DiskOptions } from './host/disk.js'
import { MemoryDescriptor, MemoryFile } from './memory-file.js'

/** File contents by path. */
export type GivenFiles = Readonly<Record<string, string | Uint8Array>>

/** Options of the file system. */
export interface LayeredFilesOptions extends DiskOptions {
  /** base directory of relative paths; undefined: no access to the disk */
  readonly directory: string | undefined
  /** called with the full path of each disk access, whether the file exists or not */
  readonly onAccess?: ((file: string) => void) | undefined
}

/** Maximum number of bytes read from endless devices. */
const MAX_STREAM_LENGTH = 1024 * 1024

/** The layered file system. */
export class LayeredFiles implements Files, WritableFiles {
  readonly #given: Map<string, MemoryFile>
  readonly #disk: Disk | undefined

  constructor(
    given: GivenFiles,
    readonly options: LayeredFilesOptions,
  ) {
    this.#given = new Map(
      Object.entries(given).map(([path, content]) => [
        posix.normalize(path),
        new MemoryFile(typeof content === 'string' ? encodeText(content) : content),
      ]),
    )
    this.#disk = options.directory === undefined ? undefined : new Disk(options.directory, options)
  }

  read(path: string): Uint8Array | FileErrorCode {
    const name = posix.normalize(path)
    const given = this.#given.get(name)
    if (given !== undefined) return given.slice()
    if (this.#isBelowFile(name)) return 'ENOTDIR'
    const content = this.options.devices?.(name) ?? this.#accessDisk(path)?.read(path) ?? this.open(path, READ)
    return typeof content === 'object' && 'kind' in content ? readToEnd(content) : content
  }

  /** Reads a file specified by the user, which may be e.g. a shell's pipe. */
  readNamed(path: string): Uint8Array | FileErrorCode {
    const given = this.#given.get(posix.normalize(path))
    return given?.slice() ?? this.#accessDisk(path)?.readAnything(path) ?? 'ENOENT'
  }

  open(path: string, access: FileAccess): Descriptor | FileErrorCode {
    const name = posix.normalize(path)
    const given = this.#given.get(name)
    if (given !== undefined) return this.#openInMemory(given, access)
    if (this.#isBelowFile(name)) return 'ENOTDIR'
    const device = this.options.devices?.(name)
    if (device !== undefined) return device
    const disk = this.#accessDisk(path)
    if (disk !== undefined) return disk.open(path, access)
    if (!access.create || path === '') return 'ENOENT'
    const file = new MemoryFile()
    const opened = this.#openInMemory(file, access)
    if (typeof opened === 'object') this.#given.set(name, file)
    return opened
  }

  remove(path: string): FileErrorCode | undefined {
    if (this.#given.delete(posix.normalize(path))) return undefined
    return this.#disk?.remove(path) ?? (this.#disk ? undefined : 'ENOENT')
  }

  rename(from: string, to: string): FileErrorCode | undefined {
    const [source, target] = [posix.normalize(from), posix.normalize(to)]
    const content = this.#given.get(source)
    if (content !== undefined) {
      this.#given.delete(source)
      this.#given.set(target, content)
      return undefined
    }
    if (this.#disk === undefined) return 'ENOENT'
    const problem = this.#disk.rename(from, to)
    if (problem === undefined) this.#given.delete(target)
    return problem
  }

  temporary(): Descriptor {
    return new MemoryDescriptor(new MemoryFile(), { read: true, write: true })
  }

  /** The base directory as an absolute path; empty without access to the disk. */
  get root(): string {
    const { directory } = this.options
    return directory === undefined ? '' : resolve(directory)
  }

  /** The absolute path of a file on the disk; the name of a file in memory. */
  resolvePath(path: string): string {
    const name = posix.normalize(path)
    const { directory } = this.options
    return directory === undefined || this.#given.has(name) ? name : resolve(directory, path)
  }

  /** Whether a part of the path before its last one names a file in memory. */
  #isBelowFile(name: string): boolean {
    for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1))
      if (this.#given.has(name.slice(0, at))) return true
    return false
  }

  #openInMemory(file: MemoryFile, access: FileAccess): Descriptor | FileErrorCode {
    if (access.write && this.options.writes === 'none') return 'WRITE_REFUSED'
    return access.exclusive ? 'EEXIST' : new MemoryDescriptor(file, access)
  }

  /** Reports an access to `path` and returns the disk. */
  #accessDisk(path: string): Disk | undefined {
    if (this.#disk !== undefined) this.options.onAccess?.(resolve(this.#disk.directory, path))
    return this.#disk
  }
}

const readToEnd = (descriptor: Descriptor): Uint8Array | FileErrorCode => {
  const parts: Uint8Array[] = []
  let length = 0
  while (length < MAX_STREAM_LENGTH) {
    const part = descriptor.read(MAX_STREAM_LENGTH - length)
    if (typeof part === 'string' || part.length === 0) {
      descriptor.close()
      if (typeof part === 'string') return part
      break
    }
    parts.push(part)
    length += part.length
  }
  return Buffer.concat(parts)
}
