/** The startup race as a report: the default order beside the smallest schedule that loses the mail. */
import { readFileSync } from 'node:fs'
import { parseConfig } from '../../src/config/index.js'
import { fifo, Follow } from '../../src/engine/index.js'
import { explain, runOnce, Search, type Scenario } from '../../src/explore/index.js'
import { collectTimeline } from '../../src/report/timeline-recorder.js'
import type { Timeline } from '../../src/report/timeline.js'
import type { RunReport } from '../../src/report/report.js'

const play = (file: string, onStart: (timeline: Timeline) => void = () => undefined): Scenario => {
  const text = readFileSync(new URL(`../../fixtures/startup-race/${file}`, import.meta.url), 'utf8')
  const config = parseConfig([{ name: file, text }], {})
  return {
    name: file,
    play(sim) {
      onStart(collectTimeline(sim))
      const smtp = sim.smtp('127.0.0.1:25', { name: 'mail1' })
      sim.http('127.0.0.1:8080', { name: 'be1/srv1' }).refuse()
      sim.haproxy({ config }).start()
      sim.advance('300ms')
      sim.settle()
      if (smtp.mails.length !== 1) throw new Error(`${smtp.mails.length} mails instead of 1`)
    },
  }
}

export const startupRace = (): RunReport & { readonly baseline: Timeline; readonly failing: Timeline } => {
  const report = new Search(play('haproxy.cfg'), { strategy: 'delay' }).explore()
  const [failure] = report.failures
  if (!failure) throw new Error('the race was not found')
  const options = {
    seed: report.seed,
    seeds: failure.seeds,
    maxStall: report.maxStall,
    failures: new Set<never>(),
  }
  const timelines: Timeline[] = []
  const scenario = play('haproxy.cfg', (timeline) => void timelines.push(timeline))
  const baselineRun = runOnce(scenario, () => fifo, options)
  const failingRun = runOnce(scenario, (now) => new Follow(failure.schedule, now), options)
  const [baseline, failing] = timelines as [Timeline, Timeline]
  return {
    title: `haproxy.cfg: ${failure.message}`,
    subtitle: `assertion, found in ${report.schedules} schedules by delay bounding`,
    command: `hapsim replay ${failure.token} fixtures/startup-race/haproxy.cfg`,
    runs: [
      { name: 'usual order', timeline: baseline, outcome: baselineRun.outcome.lines },
      {
        name: 'failing',
        timeline: failing,
        deviations: explain(play('haproxy.cfg'), failure.schedule, options).deviations,
        token: failure.token,
        outcome: failingRun.outcome.lines,
      },
    ],
    baseline,
    failing,
  }
}
