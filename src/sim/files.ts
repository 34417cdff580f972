/**
 * The files of a simulated process: those that were given with the simulation, and behind them the disk, read when the
 * process asks for them. This is the one place where a simulation takes in something of the host, and, where that is
 * allowed, where it changes something there: files under the working directory, none else.
 */
import {
  closeSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, basename, join, posix, resolve, sep } from 'node:path'
import { encodeText } from '../bytes/text.js'
import type { WritableFiles } from '../lua/index.js'
import type { FileErrorCode, Files } from '../haproxy/world.js'

/** Contents by path, as the configuration names them. */
export type GivenFiles = Readonly<Record<string, string | Uint8Array>>

const CODES: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EISDIR'])

/** Given files are changed in memory only; so are all where the disk is out of reach. */
export class LayeredFiles implements Files, WritableFiles {
  readonly #given: Map<string, Uint8Array>
  readonly #directory: string | undefined

  /**
   * @param directory what relative paths on the disk start from; undefined: the disk is out of reach
   * @param asked is told the whole path of what is looked for on the disk, whether it is there or not
   */
  constructor(
    given: GivenFiles,
    directory: string | undefined,
    readonly asked?: (file: string) => void,
  ) {
    this.#given = new Map(
      Object.entries(given).map(([path, content]) => [
        posix.normalize(path),
        typeof content === 'string' ? encodeText(content) : content,
      ]),
    )
    this.#directory = directory
  }

  read(path: string): Uint8Array | FileErrorCode {
    const content = this.#given.get(posix.normalize(path))
    if (content !== undefined) return content
    if (this.#directory === undefined) return 'ENOENT'
    let read: Uint8Array = nothing
    const file = resolve(this.#directory, path)
    this.asked?.(file)
    const problem = attempt(() => (read = readFileSync(file)))
    return problem ?? read
  }

  /** What tells apart the places that names stand for. */
  get root(): string {
    return this.#directory === undefined ? '' : resolve(this.#directory)
  }

  /** Where a file is on the disk; the name it was given by when it is in memory. */
  placeOf(path: string): string {
    const name = posix.normalize(path)
    return this.#directory === undefined || this.#given.has(name) ? name : resolve(this.#directory, path)
  }

  create(path: string): FileErrorCode | undefined {
    return this.#change(
      path,
      (file) => writeFileSync(file, nothing),
      () => this.#given.set(posix.normalize(path), nothing),
    )
  }

  writeAt(path: string, position: number, bytes: Uint8Array): FileErrorCode | undefined {
    return this.#change(
      path,
      (file) => {
        const descriptor = openSync(file, 'r+')
        try {
          writeSync(descriptor, bytes, 0, bytes.length, position)
        } finally {
          closeSync(descriptor)
        }
      },
      (content) => {
        const changed = new Uint8Array(Math.max(content.length, position + bytes.length))
        changed.set(content)
        changed.set(bytes, position)
        this.#given.set(posix.normalize(path), changed)
      },
    )
  }

  remove(path: string): FileErrorCode | undefined {
    const key = posix.normalize(path)
    if (!this.#given.has(key) && this.#directory === undefined) return 'ENOENT'
    return this.#change(
      path,
      (file) => (lstatSync(file).isDirectory() ? rmdirSync(file) : unlinkSync(file)),
      () => this.#given.delete(key),
    )
  }

  rename(from: string, to: string): FileErrorCode | undefined {
    const [source, target] = [posix.normalize(from), posix.normalize(to)]
    const content = this.#given.get(source)
    if (content !== undefined || this.#directory === undefined) {
      if (content === undefined) return 'ENOENT'
      this.#given.delete(source)
      this.#given.set(target, content)
      return undefined
    }
    const place = this.#inside(to)
    if (place === undefined) return 'EACCES'
    this.#given.delete(target)
    return this.#change(
      from,
      (file) => renameSync(file, place),
      () => {},
    )
  }

  /** Changes a file on the disk or, where it is not there, in memory. */
  #change(
    path: string,
    onDisk: (file: string) => void,
    inMemory: (content: Uint8Array) => void,
  ): FileErrorCode | undefined {
    const content = this.#given.get(posix.normalize(path))
    if (content !== undefined || this.#directory === undefined) {
      inMemory(content ?? nothing)
      return undefined
    }
    const file = this.#inside(path)
    return file === undefined ? 'EACCES' : attempt(() => onDisk(file))
  }

  /** The file's place if that is under the working directory, whatever links lead there. */
  #inside(path: string): string | undefined {
    const file = resolve(this.#directory!, path)
    let place: string | undefined
    attempt(() => {
      const root = realpathSync(this.#directory!)
      const real = existing(file) ?? join(realpathSync(dirname(file)), basename(file))
      if (real === root || real.startsWith(root + sep)) place = real
    })
    // a folder that is not there: what is done next fails with the right error
    return place ?? (file.startsWith(resolve(this.#directory!) + sep) && !existing(dirname(file)) ? file : undefined)
  }
}

const nothing = new Uint8Array(0)

/** Where a file is, links followed; undefined when there is none. */
const existing = (file: string): string | undefined => {
  try {
    return realpathSync(file)
  } catch {
    return undefined
  }
}

/** Does something with the disk; returns why that failed. */
const attempt = (action: () => unknown): FileErrorCode | undefined => {
  try {
    action()
    return undefined
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENOTDIR') return 'ENOENT'
    return code !== undefined && CODES.has(code) ? (code as FileErrorCode) : 'EIO'
  }
}
