/**
 * A report as one HTML file that needs nothing else: one run, or several side by side with the first difference marked. The
 * page's own script and style are the files in page/; a content security policy lets nothing but these two in. What comes
 * from scripts and peers is data, and is escaped wherever it is put.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { printableJson } from '../bytes/json-text.js'
import { compareTimelines } from './timeline-difference.js'
import { escapeHtml } from './escape-html.js'
import { runList, summary } from './html-parts.js'
import type { Report } from './report.js'

/** The files of page/, in the order in which they are put together. */
const SCRIPTS = ['data', 'scale', 'view', 'shapes', 'axis', 'draw', 'details', 'search', 'input', 'main']

/** The whole file. */
export const htmlReport = (report: Report): string => {
  const script = `(() => {\n'use strict'\n${SCRIPTS.map((name) => asset(`${name}.js`)).join('\n')}\n})()`
  const style = asset('page.css')
  const [usual, other] = report.runs
  const difference = usual && other && compareTimelines(usual.timeline, other.timeline)
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
  const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`
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

/** From src/report as from dist/chunks. */
const asset = (name: string): string => readFileSync(new URL(`../report/page/${name}`, import.meta.url), 'utf8').trim()

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** JSON within a script element: nothing in it can end the element or begin a comment. */
const escapeJson = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
