/** Runs test files one after the other. What goes wrong in one never keeps the others from running. */
import { FileRun } from './file-run.js'
import type { RunnerOptions } from './options.js'
import { Tally, type RunSummary } from './tally.js'

export class Runner {
  readonly #options: RunnerOptions

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  /** Runs the files; returns what came of them. The reporter is told of the end. */
  run(files: readonly string[]): RunSummary {
    const tally = new Tally(this.#options)
    for (const file of files) {
      if (tally.stopped) break
      new FileRun(file, this.#options, tally).run()
    }
    return tally.end()
  }
}
