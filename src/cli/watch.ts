/**
 * `hapsim test --watch`: runs the tests, then re-runs the test files affected by a change. A test file is affected by changes to itself and
 * to every file that it or its simulations tried to open, whether the file existed or not.
 */
import { statSync } from 'node:fs'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import { watch, type ChokidarOptions, type FSWatcher } from 'chokidar'
import { printable } from '../bytes/printable.js'
import { plural } from '../report/plural.js'
import { UsageError, type Terminal } from './terminal.js'

/** Receives what a run accesses and what fails. */
export interface WatchObserver {
  /** Called when a test file, or code it runs, accesses a file (absolute path). */
  accessed(test: string, file: string): void
  failed(test: string): void
}

export interface WatchedTests {
  /** the paths given on the command line */
  readonly paths: readonly string[]
  /** Finds the current test files. Throws a {@link UsageError} if a path does not exist. */
  find(): readonly string[]
  /** Runs files and shows the results; returns the exit code. */
  run(files: readonly string[], observer: WatchObserver): number | Promise<number>
}

/** Debounce time in milliseconds: saving a file often causes several events. */
const DEBOUNCE_MS = 60

/** Runs until stopped by a key or a signal; returns the exit code of the last run. */
export const watchTests = async (tests: WatchedTests, terminal: Terminal): Promise<number> => {
  const session = new WatchSession(tests, terminal)
  try {
    await session.begin()
    return await session.ended
  } finally {
    await session.close()
  }
}

class WatchSession {
  readonly ended: Promise<number>
  #end: (code: number) => void = () => undefined
  /** the files that each test file accessed in its last run */
  readonly #accessed = new Map<string, Set<string>>()
  readonly #failed = new Set<string>()
  readonly #changed = new Set<string>()
  readonly #watchers: FSWatcher[] = []
  /** directories of tests, watched recursively */
  readonly #roots: readonly string[]
  readonly #watched = new Set<string>()
  readonly #first: readonly Promise<void>[]
  readonly #interactive = process.stdin.isTTY && process.stdout.isTTY
  #timer: NodeJS.Timeout | undefined
  #busy = false
  #code = 0

  constructor(
    readonly tests: WatchedTests,
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

  /** Watches directories; resolves once all changes are seen. */
  async #watch(folders: readonly string[], options: ChokidarOptions): Promise<void> {
    // an empty watcher never becomes ready
    if (folders.length === 0) return
    const watcher = watch([...folders], { ignoreInitial: true, ...options })
      .on('add', (path) => this.#changeSeen(path))
      .on('change', (path) => this.#changeSeen(path))
      .on('unlink', (path) => this.#changeSeen(path))
      .on('error', (error) => this.terminal.writeError(`hapsim: cannot watch: ${(error as Error).message}`))
    this.#watchers.push(watcher)
    for (const folder of folders) this.#watched.add(folder)
    await new Promise<void>((resolve) => watcher.once('ready', () => resolve()))
  }

  async begin(): Promise<void> {
    await Promise.all(this.#first)
    if (this.#interactive) process.stdin.setEncoding('utf8').on('data', this.#key).resume()
    await this.#runFiles(this.tests.find(), undefined)
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#handleInput(false)
    if (this.#interactive) process.stdin.off('data', this.#key).pause()
    await Promise.all(this.#watchers.map((watcher) => watcher.close()))
  }

  /**
   * Running tests blocks the event loop, so that keys and signals could not be handled: meanwhile Ctrl-C and signals have their default
   * action.
   */
  #handleInput(on: boolean): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      if (on) process.on(signal, this.#stop)
      else process.off(signal, this.#stop)
    if (this.#interactive) process.stdin.setRawMode(on)
  }

  readonly #stop = (): void => this.#end(this.#code)

  readonly #key = (key: unknown): void => {
    // several keys at once are pasted text
    if (key === 'q' || String(key).includes('\x03')) this.#stop()
    else if (this.#busy) return
    else if (key === 'a' || key === '\r') void this.#runFiles(this.#find(), 'all files')
    else if (key === 'f') {
      const failed = this.#find().filter((file) => this.#failed.has(file))
      if (failed.length === 0) this.terminal.write('no file failed')
      else void this.#runFiles(failed, `${plural(failed.length, 'file')} that failed`)
    }
  }

  /** Ignores snapshots, which are written by test runs. */
  #changeSeen(path: string): void {
    if (path.endsWith('.snap')) return
    this.#changed.add(path)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#rerun(), DEBOUNCE_MS)
  }

  async #rerun(): Promise<void> {
    if (this.#busy || this.#changed.size === 0) return
    const changed = [...this.#changed]
    this.#changed.clear()
    const files = this.#find()
    const there = new Set(files)
    for (const file of this.#accessed.keys())
      if (!there.has(file)) {
        this.#forget(file)
        this.terminal.write(`${file} was removed`)
      }
    const touched = files.filter((file) => {
      const accessed = this.#accessed.get(file)
      return accessed === undefined || changed.some((path) => accessed.has(path))
    })
    if (touched.length > 0)
      await this.#runFiles(touched, `${plural(touched.length, 'file')}: ${this.#reason(changed, touched)}`)
  }

  /** `mailers.lua changed`: the changed files that the tests accessed. */
  #reason(changed: readonly string[], touched: readonly string[]): string {
    const named = changed
      .filter((path) => touched.some((file) => this.#accessed.get(file)?.has(path) ?? resolve(file) === path))
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
      if (!(error instanceof UsageError)) throw error
      this.terminal.writeError(`hapsim: ${error.message}`)
      return []
    }
  }

  #forget(file: string): void {
    this.#accessed.delete(file)
    this.#failed.delete(file)
  }

  /** @param why printed first; undefined: the first run */
  async #runFiles(files: readonly string[], why: string | undefined): Promise<void> {
    this.#busy = true
    this.#handleInput(false)
    if (why !== undefined) {
      if (this.#interactive) this.terminal.clear?.()
      this.terminal.write(`${this.#interactive ? '' : '\n'}re-running ${printable(why)}\n`)
    }
    for (const file of files) {
      this.#forget(file)
      this.#accessed.set(file, new Set([resolve(file)]))
    }
    this.#code = await this.tests.run(files, {
      accessed: (test, file) => void this.#accessed.get(test)?.add(file),
      failed: (test) => void this.#failed.add(test),
    })
    await this.#watchMore()
    const keys = this.#interactive ? ' (a or Enter: run all, f: run failed, q: quit)' : ''
    this.#handleInput(true)
    this.terminal.write(`\nwaiting for changes${keys}`)
    this.#busy = false
    await this.#rerun()
  }

  /** Files accessed by tests may be outside of the watched directories. */
  #watchMore(): Promise<void> {
    const accessed = [...this.#accessed.values()].flatMap((files) => [...files].map(nearestDirectory))
    const inside = (folder: string) => this.#roots.some((root) => folder === root || folder.startsWith(root + sep))
    const more = [...new Set(accessed)].filter((folder) => !this.#watched.has(folder) && !inside(folder))
    return this.#watch(more, { depth: 0 })
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** The directory of a file, or its nearest existing ancestor. */
const nearestDirectory = (file: string): string => {
  const folder = dirname(file)
  return isFolder(folder) || folder === file ? folder : nearestDirectory(folder)
}

const isHidden = (path: string): boolean => basename(path).startsWith('.') || basename(path) === 'node_modules'
