/** Formats the result of a search for a terminal: coverage, failures, outcomes, and the verdict. */
import { Chalk, type ChalkInstance } from 'chalk'
import { printableRecord } from '../bytes/printable.js'
import type { FailureData, OutcomeData, ReportData } from '../explore/index.js'
import { outcomeDifference, MISSING, ONLY_HERE } from './difference.js'
import { plural } from './plural.js'
import { wrapText } from './wrap.js'

export interface ExploreDetails {
  /** duration of the search; undefined for merged reports */
  readonly seconds?: number
  /** show only failures and the verdict */
  readonly quiet?: boolean
}

export class ExploreView {
  readonly #chalk: ChalkInstance

  /**
   * @param colour whether to use colours
   * @param columns the width of the terminal; undefined: lines are not wrapped. Commands are never wrapped, so that they can be copied.
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
      ? `: every schedule with up to ${plural(depth, 'deviation')} from the default order`
      : strategy === 'delay' && covered >= 0
        ? `: every schedule with up to ${plural(covered, 'deviation')}, and some with ${covered + 1}`
        : ''
    const time = seconds === undefined ? '' : ` in ${seconds.toFixed(1)} s`
    return this.#wrap(`${plural(schedules, 'schedule')} run${time} (${strategy})${bound}.`)
  }

  #failure(failure: FailureData, report: ReportData): string {
    return [
      this.#wrap(`${this.#chalk.red.bold('FAIL')} ${failure.kind}: ${this.#chalk.bold(failure.message)}`, '  '),
      ...this.#explanation(failure, report).map((line) => this.#wrap(`  ${line}`, '  ')),
      this.#reproduction(failure),
    ].join('\n')
  }

  #explanation({ count, deviations, deviationLines }: FailureData, report: ReportData): readonly string[] {
    if (count === report.schedules && count > 1) return ['It fails under every schedule: not a race.']
    return deviations === 0 && deviationLines?.length === 0
      ? ['It fails in the default order.']
      : (deviationLines ?? [])
  }

  #outcomes(report: ReportData): string {
    const baseline = report.outcomes.find((outcome) => outcome.key === report.usual)
    return report.outcomes
      .map((outcome, i) => {
        const title = this.#chalk.bold(`Outcome ${i + 1} (${plural(outcome.count, 'schedule')})`)
        if (outcome === baseline) return `${title}: as in the default order`
        return [
          `${title}:`,
          ...(outcome.deviationLines ?? []).map((line) => this.#wrap(`  ${line}`, '  ')),
          ...(baseline ? this.#difference(baseline, outcome) : []),
          this.#reproduction(outcome),
        ].join('\n')
      })
      .join('\n')
  }

  #difference(baseline: OutcomeData, other: OutcomeData): string[] {
    return outcomeDifference(baseline.summary, other.summary).map((line) => {
      const text = this.#wrap(`    ${line}`, '  ')
      if (line.startsWith(`  ${MISSING}`)) return this.#chalk.red(text)
      return line.startsWith(`  ${ONLY_HERE}`) ? this.#chalk.green(text) : text
    })
  }

  #reproduction({ count, deviations, token, replay }: FailureData | OutcomeData): string {
    const many = `${plural(count, 'schedule')}, the smallest with ${plural(deviations, 'deviation')}. To reproduce:`
    return `${this.#chalk.dim(this.#wrap(`  ${many}`))}\n    ${replay ?? token}`
  }

  #wrap(text: string, hang = ''): string {
    return wrapText(text, this.columns, hang).join('\n')
  }

  #verdict(report: ReportData): string {
    if (report.nondeterminism !== undefined) return this.#chalk.red(`Not deterministic: ${report.nondeterminism}.`)
    if (report.failures.length > 0) return this.#chalk.red(`${plural(report.failures.length, 'failure')} found.`)
    if (report.outcomes.length > 1) return this.#chalk.yellow(`Schedule-dependent: ${report.outcomes.length} outcomes.`)
    return this.#chalk.green(
      report.complete ? 'The schedule makes no difference within the bound.' : 'No difference found.',
    )
  }
}
