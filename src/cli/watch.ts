/**
 * `hapsim test --watch`: runs the tests, then again those that a change touches: of a test file the file itself and every file that it
 * or its simulations asked for, whether it was there or not.
 */
import { statSync } from 'node:fs'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import { watch, type ChokidarOptions, type FSWatcher } from 'chokidar'
import { printable } from '../bytes/printable.js'
import { plural } from '../report/plural.js'
import { WrongCall, type Terminal } from './terminal.js'

/** What watching learns from a run. */
export interface Observer {
  /** A test file, or what it runs, asked for a file (its whole path). */
  asked(test: string, file: string): void
  failed(test: string): void
}

export interface Tests {
  /** what the command was told to run */
  readonly paths: readonly string[]
  /** The test files there are now. Throws a {@link WrongCall} when a path is not there. */
  find(): readonly string[]
  /** Runs these and shows what comes of them; returns the exit code. */
  run(files: readonly string[], observer: Observer): number | Promise<number>
}

/** How long it must be quiet after a change, in milliseconds: saving is often more than one. */
const QUIET = 60

/** Runs until it is told to end, by a key or a signal; returns the exit code of the last run. */
export const watchTests = async (tests: Tests, terminal: Terminal): Promise<number> => {
  const session = new Session(tests, terminal)
  try {
    await session.begin()
    return await session.ended
  } finally {
    await session.close()
  }
}

class Session {
  readonly ended: Promise<number>
  #end: (code: number) => void = () => undefined
  /** what each test file asked for when it last ran */
  readonly #asked = new Map<string, Set<string>>()
  readonly #failed = new Set<string>()
  readonly #changed = new Set<string>()
  readonly #watchers: FSWatcher[] = []
  /** folders of tests, with all that is in them */
  readonly #roots: readonly string[]
  readonly #watched = new Set<string>()
  readonly #first: readonly Promise<void>[]
  readonly #interactive = process.stdin.isTTY && process.stdout.isTTY
  #timer: NodeJS.Timeout | undefined
  #busy = false
  #code = 0

  constructor(
    readonly tests: Tests,
    readonly terminal: Terminal,
  ) {
    this.ended = new Promise((resolve) => (this.#end = resolve))
    const paths = tests.paths.map((path) => resolve(path))
    const folders = paths.filter(isFolder)
    const others = paths.filter((path) => !isFolder(path)).map((path) => dirname(path))
    this.#roots = folders
    this.#first = [
      this.#watch(folders, { ignored: (path) => !folders.includes(path) && isHidden(path) }),
      this.#watch(others, { depth: 0 }),
    ]
  }

  /** Watches folders; done when every change from now on is seen. */
  async #watch(folders: readonly string[], options: ChokidarOptions): Promise<void> {
    // a watcher of nothing is never ready
    if (folders.length === 0) return
    const watcher = watch([...folders], { ignoreInitial: true, ...options })
      .on('add', (path) => this.#note(path))
      .on('change', (path) => this.#note(path))
      .on('unlink', (path) => this.#note(path))
      .on('error', (error) => this.terminal.complain(`hapsim: cannot watch: ${(error as Error).message}`))
    this.#watchers.push(watcher)
    for (const folder of folders) this.#watched.add(folder)
    await new Promise<void>((resolve) => watcher.once('ready', () => resolve()))
  }

  async begin(): Promise<void> {
    await Promise.all(this.#first)
    if (this.#interactive) process.stdin.setEncoding('utf8').on('data', this.#key).resume()
    await this.#run(this.tests.find(), undefined)
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#listen(false)
    if (this.#interactive) process.stdin.off('data', this.#key).pause()
    await Promise.all(this.#watchers.map((watcher) => watcher.close()))
  }

  /** Tests run without a pause in which a key or a signal could be seen: while they do, Ctrl-C and signals end the process at once. */
  #listen(on: boolean): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      if (on) process.on(signal, this.#stop)
      else process.off(signal, this.#stop)
    if (this.#interactive) process.stdin.setRawMode(on)
  }

  readonly #stop = (): void => this.#end(this.#code)

  readonly #key = (key: unknown): void => {
    // several keys at once are a text that was pasted
    if (key === 'q' || String(key).includes('\x03')) this.#stop()
    else if (this.#busy) return
    else if (key === 'a' || key === '\r') void this.#run(this.#find(), 'all files')
    else if (key === 'f') {
      const failed = this.#find().filter((file) => this.#failed.has(file))
      if (failed.length === 0) this.terminal.write('no file has failed')
      else void this.#run(failed, `${plural(failed.length, 'file')} that failed`)
    }
  }

  /** Snapshots are written by runs themselves. */
  #note(path: string): void {
    if (path.endsWith('.snap')) return
    this.#changed.add(path)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#again(), QUIET)
  }

  async #again(): Promise<void> {
    if (this.#busy || this.#changed.size === 0) return
    const changed = [...this.#changed]
    this.#changed.clear()
    const files = this.#find()
    const there = new Set(files)
    for (const file of this.#asked.keys())
      if (!there.has(file)) {
        this.#forget(file)
        this.terminal.write(`${file} is gone`)
      }
    const touched = files.filter((file) => {
      const asked = this.#asked.get(file)
      return asked === undefined || changed.some((path) => asked.has(path))
    })
    if (touched.length > 0)
      await this.#run(touched, `${plural(touched.length, 'file')}: ${this.#reason(changed, touched)}`)
  }

  /** `mailers.lua changed`: what of it the tests asked for, or is new. */
  #reason(changed: readonly string[], touched: readonly string[]): string {
    const named = changed
      .filter((path) => touched.some((file) => this.#asked.get(file)?.has(path) ?? resolve(file) === path))
      .map((path) => relative(process.cwd(), path))
      .sort()
    if (named.length === 0) return 'new'
    const shown = named.slice(0, 3).join(', ')
    return `${shown}${named.length > 3 ? ` and ${named.length - 3} more` : ''} changed`
  }

  #find(): readonly string[] {
    try {
      return this.tests.find()
    } catch (error) {
      if (!(error instanceof WrongCall)) throw error
      this.terminal.complain(`hapsim: ${error.message}`)
      return []
    }
  }

  #forget(file: string): void {
    this.#asked.delete(file)
    this.#failed.delete(file)
  }

  /** @param why is said before; undefined: the first run */
  async #run(files: readonly string[], why: string | undefined): Promise<void> {
    this.#busy = true
    this.#listen(false)
    if (why !== undefined) {
      if (this.#interactive) this.terminal.clear?.()
      this.terminal.write(`${this.#interactive ? '' : '\n'}re-running ${printable(why)}\n`)
    }
    for (const file of files) {
      this.#forget(file)
      this.#asked.set(file, new Set([resolve(file)]))
    }
    this.#code = await this.tests.run(files, {
      asked: (test, file) => void this.#asked.get(test)?.add(file),
      failed: (test) => void this.#failed.add(test),
    })
    await this.#watchMore()
    const keys = this.#interactive ? ' (a or Enter: run all, f: those that failed, q: quit)' : ''
    this.#listen(true)
    this.terminal.write(`\nwaiting for changes${keys}`)
    this.#busy = false
    await this.#again()
  }

  /** Files that tests asked for can lie outside of the folders of tests. */
  #watchMore(): Promise<void> {
    const asked = [...this.#asked.values()].flatMap((files) => [...files].map(nearestFolder))
    const inside = (folder: string) => this.#roots.some((root) => folder === root || folder.startsWith(root + sep))
    const more = [...new Set(asked)].filter((folder) => !this.#watched.has(folder) && !inside(folder))
    return this.#watch(more, { depth: 0 })
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** The folder in which the file is or, where that is not there either, the one in which it would be made. */
const nearestFolder = (file: string): string => {
  const folder = dirname(file)
  return isFolder(folder) || folder === file ? folder : nearestFolder(folder)
}

const isHidden = (path: string): boolean => basename(path).startsWith('.') || basename(path) === 'node_modules'
