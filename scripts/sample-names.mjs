/**
 * Draws declared names and comments of source files at random, for review of their wording. The same seed draws the same sample
 * from the same sources.
 *
 *     node scripts/sample-names.mjs [--seed N] [--count N] PATH…
 */
import { parseArgs } from 'node:util'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { sourceFiles, sourceText } from './source-text.mjs'

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '100' } },
  allowPositionals: true,
})
const random = xoroshiro128plus(Number(values.seed))
const count = Number(values.count)

/**
 * Draws distinct entries (partial Fisher–Yates shuffle).
 *
 * @template T
 * @param {readonly T[]} all
 */
const draw = (all) => {
  const rest = [...all]
  const size = Math.min(count, rest.length)
  for (let i = 0; i < size; i++) {
    const other = uniformInt(random, i, rest.length - 1)
    ;[rest[i], rest[other]] = [rest[other], rest[i]]
  }
  return rest.slice(0, size)
}

/** Annotations without prose. */
const ANNOTATION = /^(?:@(?:type|class|meta|generic|overload|deprecated)\b.*|language: allow.*|-*|)$/

const texts = sourceFiles(positionals.length > 0 ? positionals : ['src']).map(sourceText)
for (const [title, entries] of [
  ['Names', texts.flatMap(({ names }) => names)],
  ['Comments', texts.flatMap(({ comments }) => comments.filter(({ text }) => !ANNOTATION.test(text)))],
]) {
  console.log(`${title} (${Math.min(count, entries.length)} of ${entries.length}):`)
  for (const { file, line, text } of draw(entries)) console.log(`${file}:${line}: ${text}`)
}
