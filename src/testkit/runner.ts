/** Runs test files one after the other. An error in one file does not affect the others. */
import { FileRun } from './file-run.js'
import type { FileOptions, RunnerOptions } from './options.js'
import type { FileTurn } from './plan.js'
import { Tally, type TestRunSummary } from './tally.js'
import { isVtc, runVtcFile } from './vtc-file.js'

/** A file to run, optionally with its own seed and options. */
type RunnerInput = Pick<FileTurn, 'file'> & Partial<FileTurn> & { readonly options?: FileOptions }

export class Runner {
  readonly #options: RunnerOptions

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  /** Runs the files and returns the summary. The default seed is that of the options. The reporter receives the summary. */
  run(files: readonly (string | RunnerInput)[]): TestRunSummary {
    const options = this.#options
    const tally = new Tally(options)
    for (const each of files) {
      if (tally.stopped) break
      const {
        file,
        seed = options.seed ?? 1,
        options: own,
      }: RunnerInput = typeof each === 'string' ? { file: each } : each
      const [date, start] = [Date.now(), options.clock()]
      const runOptions = { ...options, ...own, seed }
      if (isVtc(file)) runVtcFile(file, runOptions, tally)
      else new FileRun(file, runOptions, tally).run()
      tally.fileEnded({ file, seed, startedAt: date, duration: options.clock() - start })
    }
    return tally.end()
  }
}
