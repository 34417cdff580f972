/**
 * A self-contained HTML report of one run, or of several side by side with the first difference marked. Script and style come from page/; a
 * content security policy allows nothing else. Text from scripts and peers is always escaped.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { printableJson } from '../bytes/json-text.js'
import { compareTimelines } from './timeline-difference.js'
import { escapeHtml } from './escape-html.js'
import { runList, summary } from './html-parts.js'
import type { RunReport } from './report.js'

/** The files of page/ in the order of concatenation. */
const SCRIPTS = ['data', 'scale', 'view', 'shapes', 'axis', 'draw', 'details', 'search', 'input', 'main']

/** Renders a report as HTML. */
export const htmlReport = (report: RunReport): string => {
  const script = `(() => {\n'use strict'\n${SCRIPTS.map((name) => asset(`${name}.js`)).join('\n')}\n})()`
  const style = asset('page.css')
  const [baseline, other] = report.runs
  const difference = baseline && other && compareTimelines(baseline.timeline, other.timeline)
  const data = {
    runs: report.runs.map(({ name, timeline: { end, lanes, items, omitted } }) => ({
      name,
      end,
      lanes,
      items,
      omitted,
    })),
    difference,
  }
  const policy = `default-src 'none'; script-src ${cspHash(script)}; style-src ${cspHash(style)}; base-uri 'none'; form-action 'none'`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(report.title)}</title>
<style>${style}</style>
</head>
<body>
${summary(report, difference)}
${asset('app.html')}
<section class="paper" aria-label="The runs as lists">
${report.runs.map((run, i) => runList(run, difference && (i === 0 ? difference.onlyLeft : i === 1 ? difference.onlyRight : []))).join('\n')}
</section>
<script type="application/json" id="data">${escapeJson(printableJson(data))}</script>
<script>${script}</script>
</body>
</html>
`
}

/** Valid from src/report and from dist/chunks. */
const asset = (name: string): string => readFileSync(new URL(`../report/page/${name}`, import.meta.url), 'utf8').trim()

const cspHash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** JSON inside a script element: must not end the element or start a comment. */
const escapeJson = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
