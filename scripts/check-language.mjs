/**
 * Reports words in names and comments that are not the field's vocabulary (see the glossary in CONTRIBUTING.md). A line with
 * `language: allow`, in itself or before it, is skipped. Part of `npm run lint`.
 */
import { readFileSync } from 'node:fs'
import { sourceFiles, sourceText } from './source-text.mjs'

/** Folders that are checked. */
const CHECKED = ['src', 'lua', 'test', 'bench', 'scripts', 'templates']

/** Words not to use in names, and what to use instead. */
const NAMES = {
  talk: 'session, dialogue, connection',
  wire: 'connection, link',
  news: 'report, message, state change',
  mouth: 'output',
  mouths: 'outputs',
  manners: 'options',
  heed: 'handle, apply',
  told: 'notified, reported',
  whoever: 'the caller',
  visitor: 'client',
  visitors: 'clients',
  usual: 'default, baseline',
  chance: 'random',
  spokesman: 'console, reporter',
  said: 'message, summary',
  lie: 'location',
}

/** Names that are not used as they are; as a part of a name these words may be right. */
const WHOLE_NAMES = {
  enough: 'done, complete',
  wrong: 'invalid, problem',
}

/** Phrases not to use in comments, and what to use instead. */
const COMMENTS = [
  [/\btalks?\b|\btalking\b/, 'session, dialogue, sends'],
  [/\bwire\b/, 'connection, network'],
  [/\bnews\b/, 'report, state change'],
  [/\bmouths?\b/, 'output'],
  [/\bmanners\b/, 'options'],
  [/\bheed(?:s|ed)?\b/, 'handle, apply'],
  [/\b(?:is|are|was|were) told\b|^told\b/, 'is notified, is called with'],
  [/(?<!there )\bis none\b/, 'is not a, is invalid'],
  [/\bgoes on\b|\bgo on\b|\bwent on\b/, 'continues'],
  [/\bwhoever\b|\bwhatever\b/, 'the caller, any'],
  [/\bvisitors?\b/, 'clients'],
  [/\blies? in\b/, 'is in'],
  [/\busual\b/, 'default, baseline'],
  [/\bchance\b/, 'randomness'],
  [/\bof (?:its|their) own\b/, 'own, separate'],
  [/\bnobody\b|\bsomebody\b/, 'no process, another process'],
  [/\bmakes no sense\b/, 'is invalid'],
  [/\bstands? (?:in|at|before|behind|here|there)\b/, 'is, represents, precedes'],
  [/\bin words\b/, 'as text'],
  [/\bcomes? to (?:its|an|their) end\b/, 'ends, completes'],
]

/** `fooBar_baz` as `foo`, `bar`, `baz`. @param {string} name */
const wordsOf = (name) =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)

const ALLOW = 'language: allow'

let problems = 0
for (const file of sourceFiles(CHECKED)) {
  if (file === 'scripts/check-language.mjs') continue
  const lines = readFileSync(file, 'utf8').split('\n')
  /** @param {number} line */
  const isAllowed = (line) => [lines[line - 1], lines[line - 2]].some((text) => text?.includes(ALLOW))
  /** @param {number} line @param {string} message */
  const report = (line, message) => {
    if (isAllowed(line)) return
    problems++
    console.error(`${file}:${line}: ${message}`)
  }
  const { names, comments } = sourceText(file)
  for (const { line, text } of names) {
    if (Object.hasOwn(WHOLE_NAMES, text.toLowerCase()))
      report(line, `the name ${text}: use ${WHOLE_NAMES[text.toLowerCase()]}`)
    for (const word of wordsOf(text))
      if (Object.hasOwn(NAMES, word)) report(line, `'${word}' in the name ${text}: use ${NAMES[word]}`)
  }
  for (const { line, text } of comments) {
    const prose = text.replace(/`[^`]*`|"[^"]*"/g, '')
    for (const [pattern, instead] of COMMENTS) {
      const [found] = pattern.exec(prose) ?? []
      if (found !== undefined) report(line, `'${found}' in a comment: use ${instead}`)
    }
  }
}
if (problems > 0) {
  console.error(`${problems} ${problems === 1 ? 'problem' : 'problems'}; see the glossary in CONTRIBUTING.md`)
  process.exitCode = 1
}
