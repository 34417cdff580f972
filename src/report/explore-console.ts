/** What a search has found, as a person reads it on a terminal: the verdict first, then each failure and each outcome. */
import { Chalk, type ChalkInstance } from 'chalk'
import type { ExploreReport, FailureGroup, OutcomeGroup, ReportData } from '../explore/index.js'
import { differenceOf } from './difference.js'

export interface ExploreDetails {
  readonly depth: number
  readonly seconds: number
  /** the command that replays a token */
  readonly replay: (token: string) => string
  /** the deviations of a schedule in words */
  readonly words: (group: FailureGroup | OutcomeGroup) => readonly string[]
}

export class ExploreView {
  readonly #chalk: ChalkInstance

  constructor(colour: boolean) {
    this.#chalk = new Chalk({ level: colour ? 1 : 0 })
  }

  render(report: ExploreReport, details: ExploreDetails): string {
    const blocks = [
      this.#covered(report, details),
      ...report.failures.map((failure) => this.#failure(failure, report, details)),
      ...(report.outcomes.length > 1 ? [this.#outcomes(report, details)] : []),
    ]
    return [...blocks, this.#verdict(report)].join('\n\n')
  }

  /** The same of a report that was read: schedules can no longer be told in words. */
  renderData(report: ReportData): string {
    const failures = report.failures.map(
      ({ kind, message, count, deviations, token }) =>
        `${this.#chalk.red('FAIL')} ${kind}: ${message}\n  ${plural(count, 'schedule')}, the smallest with ${plural(deviations, 'deviation')}: ${token}`,
    )
    const outcomes = report.outcomes.map(
      ({ count, deviations, token }) =>
        `  ${plural(count, 'schedule')}, the smallest with ${plural(deviations, 'deviation')}: ${token}`,
    )
    const bound = report.complete ? `, all with up to ${plural(report.depth, 'deviation')}` : ''
    return [
      `${plural(report.schedules, 'schedule')} (${report.strategy}${bound})`,
      ...failures,
      ...(outcomes.length > 1 ? [`${outcomes.length} outcomes:\n${outcomes.join('\n')}`] : []),
      this.#verdict(report),
    ].join('\n\n')
  }

  #covered({ schedules, strategy, complete, covered }: ExploreReport, { depth, seconds }: ExploreDetails): string {
    const bound = complete
      ? `: every schedule with up to ${plural(depth, 'deviation')} from the usual order`
      : strategy === 'delay' && covered >= 0
        ? `: every schedule with up to ${plural(covered, 'deviation')}, and some with ${covered + 1}`
        : ''
    return `${plural(schedules, 'schedule')} run in ${seconds.toFixed(1)} s (${strategy})${bound}.`
  }

  #failure(failure: FailureGroup, report: ExploreReport, { words, replay }: ExploreDetails): string {
    const always = failure.count === report.schedules && report.schedules > 1
    const how = always
      ? ['It fails whatever the schedule: this is no race.']
      : failure.schedule.length === 0 && failure.latencySeed === undefined
        ? ['It fails in the usual order.']
        : words(failure)
    return [
      `${this.#chalk.red.bold('FAIL')} ${failure.kind}: ${this.#chalk.bold(failure.message)}`,
      ...how.map((line) => `  ${line}`),
      `  ${this.#chalk.dim(`${plural(failure.count, 'schedule')}; see it again:`)} ${replay(failure.token)}`,
    ].join('\n')
  }

  #outcomes(report: ExploreReport, { words, replay }: ExploreDetails): string {
    const blocks = report.outcomes.map((outcome, i) => {
      const isUsual = outcome.key === report.usual.outcome.key
      const title = `Outcome ${i + 1} (${plural(outcome.count, 'schedule')})`
      if (isUsual) return `${this.#chalk.bold(title)}: as in the usual order`
      const difference = differenceOf(report.usual.outcome.lines, outcome.lines).map((line) =>
        line.startsWith('  -') ? this.#chalk.red(line) : line.startsWith('  +') ? this.#chalk.green(line) : line,
      )
      return [
        `${this.#chalk.bold(title)}:`,
        ...words(outcome).map((line) => `  ${line}`),
        ...difference.map((line) => `    ${line}`),
        `  ${this.#chalk.dim('see it again:')} ${replay(outcome.token)}`,
      ].join('\n')
    })
    return blocks.join('\n')
  }

  #verdict(report: Verdict): string {
    if (report.nondeterminism !== undefined)
      return this.#chalk.red(`Not repeatable, so nothing can be said of it: ${report.nondeterminism}.`)
    if (report.failures.length > 0) return this.#chalk.red(`${plural(report.failures.length, 'failure')} found.`)
    if (report.outcomes.length > 1) return this.#chalk.yellow(`Schedule-dependent: ${report.outcomes.length} outcomes.`)
    return this.#chalk.green(
      report.complete ? 'The schedule makes no difference within the bound.' : 'No difference was found.',
    )
  }
}

interface Verdict {
  readonly failures: { readonly length: number }
  readonly outcomes: { readonly length: number }
  readonly nondeterminism?: string | undefined
  readonly complete: boolean
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
