/** Runs test files one after the other. What goes wrong in one never keeps the others from running. */
import { FileRun } from './file-run.js'
import type { FileOptions, RunnerOptions } from './options.js'
import type { FileTurn } from './plan.js'
import { Tally, type RunSummary } from './tally.js'

/** A file to run, with its seed and with options of its own where it has any. */
type Turn = Pick<FileTurn, 'file'> & Partial<FileTurn> & { readonly options?: FileOptions }

export class Runner {
  readonly #options: RunnerOptions

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  /** Runs the files, each with the seed of the options unless it has one; returns what came of them. The reporter is told of the end. */
  run(files: readonly (string | Turn)[]): RunSummary {
    const options = this.#options
    const tally = new Tally(options)
    for (const each of files) {
      if (tally.stopped) break
      const { file, seed = options.seed ?? 1, options: own }: Turn = typeof each === 'string' ? { file: each } : each
      const [date, start] = [Date.now(), options.clock()]
      new FileRun(file, { ...options, ...own, seed }, tally).run()
      tally.fileEnded({ file, seed, began: date, duration: options.clock() - start })
    }
    return tally.end()
  }
}
