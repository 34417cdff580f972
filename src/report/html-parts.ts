/** The static HTML parts of a report: the summary, and the runs as lists for printing and screen readers. */
import type { Difference } from './timeline-difference.js'
import { escapeHtml as text } from './escape-html.js'
import type { RunReport, ReportRun } from './report.js'
import type { Item, Timeline } from './timeline.js'

/** Limits of lists; longer ones are truncated with a note. */
const MAX_DIFFERENCES = 12
const MAX_ROWS = 2_000

/** The header of a report: deviations, their consequences, and how to reproduce them. */
export const summary = (report: RunReport, difference: Difference | undefined): string => {
  const [baseline, other] = report.runs
  const parts = [
    ...report.runs.map((run) => deviations(run)),
    difference && baseline && other ? consequences(baseline, other, difference) : '',
    replay(report),
    omitted(report),
  ].filter((part) => part !== '')
  return `<header>
<h1>${text(report.title)}</h1>
${report.subtitle === undefined ? '' : `<p class="subtitle">${text(report.subtitle)}</p>`}
${parts.length === 0 ? '' : `<div class="cards">\n${parts.join('\n')}\n</div>`}
</header>`
}

const deviations = ({ name, deviations = [] }: ReportRun): string =>
  deviations.length === 0
    ? ''
    : `<section class="card changed"><h2>Deviations <small>in “${text(name)}”</small></h2>
<ol>${deviations.map((each) => `<li>${text(each)}</li>`).join('')}</ol></section>`

/** A consequence: when, what, and how the other run differs. */
interface Consequence {
  readonly at: number
  readonly what: string
  readonly note: string
}

const consequences = (baseline: ReportRun, other: ReportRun, difference: Difference): string => {
  const all = [...changes(baseline, other, difference), ...idleTasks(baseline, other, difference)].sort(
    (a, b) => a.at - b.at,
  )
  const rows = all
    .slice(0, MAX_DIFFERENCES)
    .map(
      ({ at, what, note }) =>
        `<li><time>${milliseconds(at)} ms</time><span>${what} <small>${text(note)}</small></span></li>`,
    )
  const content =
    rows.length > 0
      ? `<ul class="followed">${rows.join('')}</ul>${more(all.length)}`
      : difference.first
        ? '<p>Only the order differs; the visible result of both runs is the same.</p>'
        : '<p>The two runs are identical.</p>'
  return `<section class="card followed-card"><h2>Consequences</h2>${content}</section>`
}

/** Items of one run only. An event of both runs that reached different subscribers is listed once. */
const changes = (baseline: ReportRun, other: ReportRun, { onlyLeft, onlyRight }: Difference): Consequence[] => {
  const [left, right] = [baseline.timeline, other.timeline]
  const candidates = new Map<string, number[]>()
  for (const index of onlyLeft) {
    const event = eventText(left.items[index]!)
    if (event !== undefined) candidates.set(event, [...(candidates.get(event) ?? []), index])
  }
  const paired = new Set<number>()
  const ofOther = onlyRight.map((index): Consequence => {
    const item = right.items[index]!
    const counterpart = candidates.get(eventText(item) ?? '')?.shift()
    if (counterpart === undefined)
      return { at: item.at, what: jumpButton(1, index, other), note: `only in “${other.name}”` }
    paired.add(counterpart)
    const note = `in “${baseline.name}”: ${left.items[counterpart]!.text.split(AUDIENCE)[1]}`
    return { at: item.at, what: jumpButton(1, index, other), note }
  })
  const ofBaseline = onlyLeft
    .filter((index) => !paired.has(index))
    .map((index) => ({
      at: left.items[index]!.at,
      what: jumpButton(0, index, baseline),
      note: `only in “${baseline.name}”`,
    }))
  return [...ofOther, ...ofBaseline]
}

/** Separates an event from its number of subscribers. */
const AUDIENCE = ' · '

/** An event without its number of subscribers. */
const eventText = (item: Item): string | undefined => (item.kind === 'event' ? item.text.split(AUDIENCE)[0] : undefined)

/** Tasks that ran in one run only, at the time of their first step. */
const idleTasks = (
  baseline: ReportRun,
  other: ReportRun,
  { tasksOnlyLeft, tasksOnlyRight }: Difference,
): Consequence[] => {
  const idle = (names: readonly string[], ran: ReportRun, never: ReportRun) =>
    names.map((name) => ({
      at: ran.timeline.items.find((item) => item.kind === 'step' && item.text === name)?.at ?? 0,
      what: `${text(name)} never ran`,
      note: `in “${never.name}”`,
    }))
  return [...idle(tasksOnlyLeft, baseline, other), ...idle(tasksOnlyRight, other, baseline)]
}

const jumpButton = (run: number, index: number, { timeline }: ReportRun): string => {
  const item = timeline.items[index]!
  const kind = item.kind === 'event' ? '' : `${kindOf(timeline, item)}: `
  return `<button type="button" class="jump" data-run="${run}" data-item="${index}">${text(kind + item.text)}</button>`
}

const more = (count: number): string =>
  count <= MAX_DIFFERENCES ? '' : `<p>… and ${count - MAX_DIFFERENCES} more; they are marked in the lists.</p>`

const kindOf = ({ lanes }: Timeline, item: Item): string =>
  item.kind === 'mail' ? `mail at ${lanes[item.lane]!.name}` : item.kind

const replay = ({ command, runs }: RunReport): string => {
  const token = runs.find((run) => run.token !== undefined)?.token
  if (command === undefined && token === undefined) return ''
  const what = command ?? token!
  return `<section class="card again"><h2>Reproduce</h2>
<p class="command"><code id="command">${text(what)}</code> <button type="button" id="copy">Copy</button></p></section>`
}

const omitted = ({ runs }: RunReport): string =>
  runs
    .filter(({ timeline }) => timeline.omitted > 0)
    .map(
      ({ name, timeline }) =>
        `<p class="card notice" role="note">“${text(name)}” is truncated: ${timeline.omitted.toLocaleString('en')} items after the first ${timeline.items.length.toLocaleString('en')} are not shown.</p>`,
    )
    .join('\n')

/** A run as a table. Steps are omitted; delays are included. */
export const runList = ({ name, timeline, outcome }: ReportRun, marked: readonly number[] = []): string => {
  const marks = new Set(marked)
  const shown = timeline.items.map((item, index) => ({ item, index })).filter(({ item }) => item.kind !== 'step')
  const rows = shown
    .slice(0, MAX_ROWS)
    .map(
      ({ item, index }) =>
        `<tr${marks.has(index) ? ' class="only-here"' : ''}><td>${milliseconds(item.at)}</td><td>${text(timeline.lanes[item.lane]!.name)}</td><td>${marks.has(index) ? '<strong>only here:</strong> ' : ''}${text(item.text)}</td></tr>`,
    )
  const left = shown.length - rows.length
  return `<section class="run">
<h2>${text(name)}</h2>
${outcome ? outcomeList(outcome) : ''}
<table><thead><tr><th scope="col">ms</th><th scope="col">where</th><th scope="col">what</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table>
${left > 0 ? `<p>… and ${left.toLocaleString('en')} more.</p>` : ''}
</section>`
}

const outcomeList = (outcome: Readonly<Record<string, readonly string[]>>): string =>
  `<dl>${Object.entries(outcome)
    .map(([subject, lines]) => `<dt>${text(subject)}</dt>${lines.map((line) => `<dd>${text(line)}</dd>`).join('')}`)
    .join('')}</dl>`

const milliseconds = (at: number): string => (at / 1000).toFixed(3)
