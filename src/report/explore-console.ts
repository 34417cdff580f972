/** What a search has found, as a person reads it on a terminal: how much was run, each failure, each outcome, the verdict. */
import { Chalk, type ChalkInstance } from 'chalk'
import { printableRecord } from '../bytes/printable.js'
import type { FailureData, OutcomeData, ReportData } from '../explore/index.js'
import { differenceOf, MISSING, ONLY_HERE } from './difference.js'
import { plural } from './plural.js'
import { wrap } from './wrap.js'

export interface ExploreDetails {
  /** how long it took; left out for a report that was read from files */
  readonly seconds?: number
  /** failures and the verdict only */
  readonly quiet?: boolean
}

export class ExploreView {
  readonly #chalk: ChalkInstance

  /**
   * @param colour whether the reader's terminal shows colours
   * @param columns of the terminal; undefined: lines are as long as they are. Commands are never broken, so that they can be copied
   */
  constructor(
    colour: boolean,
    readonly columns?: number,
  ) {
    this.#chalk = new Chalk({ level: colour ? 1 : 0 })
  }

  render(data: ReportData, { seconds, quiet }: ExploreDetails = {}): string {
    const report = printableRecord(data)
    return [
      ...(quiet ? [] : [this.#covered(report, seconds)]),
      ...report.failures.map((failure) => this.#failure(failure, report)),
      ...(report.outcomes.length > 1 && !quiet ? [this.#outcomes(report)] : []),
      this.#verdict(report),
    ].join('\n\n')
  }

  #covered({ schedules, strategy, complete, covered, depth }: ReportData, seconds?: number): string {
    const bound = complete
      ? `: every schedule with up to ${plural(depth, 'deviation')} from the usual order`
      : strategy === 'delay' && covered >= 0
        ? `: every schedule with up to ${plural(covered, 'deviation')}, and some with ${covered + 1}`
        : ''
    const time = seconds === undefined ? '' : ` in ${seconds.toFixed(1)} s`
    return this.#wrapped(`${plural(schedules, 'schedule')} run${time} (${strategy})${bound}.`)
  }

  #failure(failure: FailureData, report: ReportData): string {
    return [
      this.#wrapped(`${this.#chalk.red.bold('FAIL')} ${failure.kind}: ${this.#chalk.bold(failure.message)}`, '  '),
      ...this.#how(failure, report).map((line) => this.#wrapped(`  ${line}`, '  ')),
      this.#again(failure),
    ].join('\n')
  }

  #how({ count, deviations, deviationLines }: FailureData, report: ReportData): readonly string[] {
    if (count === report.schedules && count > 1) return ['It fails whatever the schedule: this is no race.']
    return deviations === 0 && deviationLines?.length === 0 ? ['It fails in the usual order.'] : (deviationLines ?? [])
  }

  #outcomes(report: ReportData): string {
    const usual = report.outcomes.find((outcome) => outcome.key === report.usual)
    return report.outcomes
      .map((outcome, i) => {
        const title = this.#chalk.bold(`Outcome ${i + 1} (${plural(outcome.count, 'schedule')})`)
        if (outcome === usual) return `${title}: as in the usual order`
        return [
          `${title}:`,
          ...(outcome.deviationLines ?? []).map((line) => this.#wrapped(`  ${line}`, '  ')),
          ...(usual ? this.#difference(usual, outcome) : []),
          this.#again(outcome),
        ].join('\n')
      })
      .join('\n')
  }

  #difference(usual: OutcomeData, other: OutcomeData): string[] {
    return differenceOf(usual.summary, other.summary).map((line) => {
      const text = this.#wrapped(`    ${line}`, '  ')
      if (line.startsWith(`  ${MISSING}`)) return this.#chalk.red(text)
      return line.startsWith(`  ${ONLY_HERE}`) ? this.#chalk.green(text) : text
    })
  }

  #again({ count, deviations, token, replay }: FailureData | OutcomeData): string {
    const many = `${plural(count, 'schedule')}, the smallest with ${plural(deviations, 'deviation')}. To see it again:`
    return `${this.#chalk.dim(this.#wrapped(`  ${many}`))}\n    ${replay ?? token}`
  }

  #wrapped(text: string, hang = ''): string {
    return wrap(text, this.columns, hang).join('\n')
  }

  #verdict(report: ReportData): string {
    if (report.nondeterminism !== undefined)
      return this.#chalk.red(`Not repeatable, so nothing can be said of it: ${report.nondeterminism}.`)
    if (report.failures.length > 0) return this.#chalk.red(`${plural(report.failures.length, 'failure')} found.`)
    if (report.outcomes.length > 1) return this.#chalk.yellow(`Schedule-dependent: ${report.outcomes.length} outcomes.`)
    return this.#chalk.green(
      report.complete ? 'The schedule makes no difference within the bound.' : 'No difference was found.',
    )
  }
}
