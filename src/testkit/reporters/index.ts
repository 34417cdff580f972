/** Reporters: names or dots for terminals, and TAP, JUnit XML and JSON for programs. */
import type { Reporter } from '../result.js'
import type { ReporterOptions } from './details.js'
import { JsonReporter } from './json.js'
import { JunitReporter } from './junit.js'
import { DotReporter, FailuresReporter, SpecReporter } from './terminal.js'
import { PrintableReporter } from './printable.js'
import { TapReporter } from './tap.js'

export { GithubReporter } from './github.js'
export { CombinedReporter } from './combined.js'
export type { ReporterOptions } from './details.js'

export { isFailure } from './details.js'

export type ReporterName = 'spec' | 'dot' | 'tap' | 'junit' | 'json'

/** @param name `failures`: only failures, for a terminal in addition to report files */
export const makeReporter = (name: ReporterName | 'failures', options: ReporterOptions): Reporter => {
  switch (name) {
    case 'failures':
      return new PrintableReporter(new FailuresReporter(options))
    case 'spec':
      return new PrintableReporter(new SpecReporter(options))
    case 'dot':
      return new PrintableReporter(new DotReporter(options))
    case 'tap':
      return new PrintableReporter(new TapReporter(options))
    case 'junit':
      return new JunitReporter(options)
    case 'json':
      return new JsonReporter(options)
  }
}
