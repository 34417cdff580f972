/** The parts of a report that are plain HTML: the summary at its top, and the runs as lists for paper and readers of text. */
import type { Difference } from './timeline-difference.js'
import { escapeHtml as text } from './escape-html.js'
import type { Report, ReportRun } from './report.js'
import type { Item, Timeline } from './timeline.js'

/** Longer lists say what they leave out. */
const MANY_DIFFERENCES = 12
const MANY_ROWS = 2_000

/** What a reader sees first: what was changed, what followed from it, and how to see it again. */
export const summary = (report: Report, difference: Difference | undefined): string => {
  const [usual, other] = report.runs
  const parts = [
    ...report.runs.map((run) => deviations(run)),
    difference && usual && other ? consequences(usual, other, difference) : '',
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
    : `<section class="card changed"><h2>What was changed <small>in “${text(name)}”</small></h2>
<ol>${deviations.map((each) => `<li>${text(each)}</li>`).join('')}</ol></section>`

/** A thing that followed: when, what, and how it was in the other run. */
interface Consequence {
  readonly at: number
  readonly what: string
  readonly note: string
}

const consequences = (usual: ReportRun, other: ReportRun, difference: Difference): string => {
  const all = [...changes(usual, other, difference), ...idleTasks(usual, other, difference)].sort((a, b) => a.at - b.at)
  const rows = all
    .slice(0, MANY_DIFFERENCES)
    .map(
      ({ at, what, note }) =>
        `<li><time>${milliseconds(at)} ms</time><span>${what} <small>${text(note)}</small></span></li>`,
    )
  const content =
    rows.length > 0
      ? `<ul class="followed">${rows.join('')}</ul>${more(all.length)}`
      : difference.first
        ? '<p>Only the order of things differs: what is to be seen of the two runs is the same.</p>'
        : '<p>The two runs went the same way.</p>'
  return `<section class="card followed-card"><h2>What followed</h2>${content}</section>`
}

/** What is of one run only; an event that both have and that reached others in each is one thing. */
const changes = (usual: ReportRun, other: ReportRun, { onlyLeft, onlyRight }: Difference): Consequence[] => {
  const [left, right] = [usual.timeline, other.timeline]
  const twins = new Map<string, number[]>()
  for (const index of onlyLeft) {
    const event = eventOf(left.items[index]!)
    if (event !== undefined) twins.set(event, [...(twins.get(event) ?? []), index])
  }
  const paired = new Set<number>()
  const ofOther = onlyRight.map((index): Consequence => {
    const item = right.items[index]!
    const twin = twins.get(eventOf(item) ?? '')?.shift()
    if (twin === undefined) return { at: item.at, what: jump(1, index, other), note: `only in “${other.name}”` }
    paired.add(twin)
    const note = `in “${usual.name}”: ${left.items[twin]!.text.split(AUDIENCE)[1]}`
    return { at: item.at, what: jump(1, index, other), note }
  })
  const ofUsual = onlyLeft
    .filter((index) => !paired.has(index))
    .map((index) => ({ at: left.items[index]!.at, what: jump(0, index, usual), note: `only in “${usual.name}”` }))
  return [...ofOther, ...ofUsual]
}

/** Between the words of an event and who got it. */
const AUDIENCE = ' · '

/** An event without who got it. */
const eventOf = (item: Item): string | undefined => (item.kind === 'event' ? item.text.split(AUDIENCE)[0] : undefined)

/** Tasks that never ran in a run, at the time of their first step in the other one. */
const idleTasks = (
  usual: ReportRun,
  other: ReportRun,
  { tasksOnlyLeft, tasksOnlyRight }: Difference,
): Consequence[] => {
  const idle = (names: readonly string[], ran: ReportRun, never: ReportRun) =>
    names.map((name) => ({
      at: ran.timeline.items.find((item) => item.kind === 'step' && item.text === name)?.at ?? 0,
      what: `${text(name)} never ran`,
      note: `in “${never.name}”`,
    }))
  return [...idle(tasksOnlyLeft, usual, other), ...idle(tasksOnlyRight, other, usual)]
}

const jump = (run: number, index: number, { timeline }: ReportRun): string => {
  const item = timeline.items[index]!
  const kind = item.kind === 'event' ? '' : `${kindOf(timeline, item)}: `
  return `<button type="button" class="jump" data-run="${run}" data-item="${index}">${text(kind + item.text)}</button>`
}

const more = (count: number): string =>
  count <= MANY_DIFFERENCES ? '' : `<p>… and ${count - MANY_DIFFERENCES} more; they are marked in the lists.</p>`

const kindOf = ({ lanes }: Timeline, item: Item): string =>
  item.kind === 'mail' ? `mail at ${lanes[item.lane]!.name}` : item.kind

const replay = ({ command, runs }: Report): string => {
  const token = runs.find((run) => run.token !== undefined)?.token
  if (command === undefined && token === undefined) return ''
  const what = command ?? token!
  return `<section class="card again"><h2>See it again</h2>
<p class="command"><code id="command">${text(what)}</code> <button type="button" id="copy">Copy</button></p></section>`
}

const omitted = ({ runs }: Report): string =>
  runs
    .filter(({ timeline }) => timeline.omitted > 0)
    .map(
      ({ name, timeline }) =>
        `<p class="card notice" role="note">“${text(name)}” went on: ${timeline.omitted.toLocaleString('en')} more things happened than the ${timeline.items.length.toLocaleString('en')} that are shown.</p>`,
    )
    .join('\n')

/** A run as a table; steps are left out but where they were held back. */
export const runList = ({ name, timeline, outcome }: ReportRun, marked: readonly number[] = []): string => {
  const marks = new Set(marked)
  const shown = timeline.items.map((item, index) => ({ item, index })).filter(({ item }) => item.kind !== 'step')
  const rows = shown
    .slice(0, MANY_ROWS)
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
