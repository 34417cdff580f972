/**
 * The files of a process: those that were given with the simulation, simulated devices, and behind them the disk. Files that
 * were given are changed in memory only, and so are all where the disk is out of reach.
 */
import { posix, resolve } from 'node:path'
import { encodeText } from '../bytes/text.js'
import type { FileErrorCode } from '../haproxy/file-errors.js'
import { READ, type Descriptor, type FileAccess, type Files } from '../haproxy/files.js'
import type { WritableFiles } from '../lua/index.js'
import { Disk, type DiskOptions } from './host/disk.js'
import { MemoryDescriptor, MemoryFile } from './memory-file.js'

/** Contents by path, as the configuration names them. */
export type GivenFiles = Readonly<Record<string, string | Uint8Array>>

export interface LayeredFilesOptions extends DiskOptions {
  /** what relative paths on the disk start from; undefined: the disk is out of reach */
  readonly directory: string | undefined
  /** told the whole path of what is looked for on the disk, whether it is there or not */
  readonly asked?: ((file: string) => void) | undefined
}

/** What is read at most of something that has no end, in bytes. */
const LONGEST_STREAM = 1024 * 1024

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
    const content = this.options.devices?.(name) ?? this.#asked(path)?.read(path) ?? this.open(path, READ)
    return typeof content === 'object' && 'kind' in content ? readToEnd(content) : content
  }

  /** The same of a file that whoever runs the process has named: a pipe of a shell, for example. */
  readNamed(path: string): Uint8Array | FileErrorCode {
    const given = this.#given.get(posix.normalize(path))
    return given?.slice() ?? this.#asked(path)?.readAnything(path) ?? 'ENOENT'
  }

  open(path: string, access: FileAccess): Descriptor | FileErrorCode {
    const name = posix.normalize(path)
    const given = this.#given.get(name)
    if (given !== undefined) return this.#openInMemory(given, access)
    const device = this.options.devices?.(name)
    if (device !== undefined) return device
    const disk = this.#asked(path)
    if (disk !== undefined) return disk.open(path, access)
    if (!access.create || path === '') return 'ENOENT'
    const made = new MemoryFile()
    const opened = this.#openInMemory(made, access)
    if (typeof opened === 'object') this.#given.set(name, made)
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

  /** What tells apart the places that names stand for. */
  get root(): string {
    const { directory } = this.options
    return directory === undefined ? '' : resolve(directory)
  }

  /** Where a file is on the disk; the name it was given by when it is in memory. */
  placeOf(path: string): string {
    const name = posix.normalize(path)
    const { directory } = this.options
    return directory === undefined || this.#given.has(name) ? name : resolve(directory, path)
  }

  #openInMemory(file: MemoryFile, access: FileAccess): Descriptor | FileErrorCode {
    if (access.write && this.options.writes === 'none') return 'WRITE_REFUSED'
    return access.exclusive ? 'EEXIST' : new MemoryDescriptor(file, access)
  }

  /** The disk, which is asked for `path`. */
  #asked(path: string): Disk | undefined {
    if (this.#disk !== undefined) this.options.asked?.(resolve(this.#disk.directory, path))
    return this.#disk
  }
}

const readToEnd = (descriptor: Descriptor): Uint8Array | FileErrorCode => {
  const parts: Uint8Array[] = []
  let length = 0
  while (length < LONGEST_STREAM) {
    const part = descriptor.read(LONGEST_STREAM - length)
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
