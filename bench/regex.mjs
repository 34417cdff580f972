/**
 * The matcher of regular expressions (src/regex) beside JavaScript's RegExp, which is faster and does not match as PCRE2 does: CPU time of a
 * match of typical patterns of maps and of `http-check expect rstring`, and of patterns that take exponential time in a naive matcher.
 *
 * node bench/regex.mjs [--json]
 */
import { compileRegex, isRegexError } from '../dist/regex/index.js'
import { report } from './support.mjs'

const BODY = `<html><body>${'<p>nothing to see here, 42 of it</p>'.repeat(50)}<b>status: fine</b></body></html>`
const CASES = {
  'literal in a body': ['status: fine', BODY],
  'alternatives in a body': ['(ok|fine)</b>', BODY],
  'class and repeat in a body': ['status: [a-z]+', BODY],
  'host of a map': ['^(.*\\.)?example\\.com$', 'static.images.example.com'],
  'path of a map': ['^/api/v[0-9]+/users/([^/]+)/?$', '/api/v2/users/4711/'],
  'path that does not match': ['^/api/v[0-9]+/users/([^/]+)/?$', '/static/images/logo.png'],
  'status code': ['^2[0-9][0-9]$', '204'],
}
/** Exponential backtracking. The subjects are short because RegExp takes up to twice as long for each byte more. */
const EXPONENTIAL = {
  '^(a+)+$': ['^(a+)+$', `${'a'.repeat(20)}b`],
  '^(a|aa)+$': ['^(a|aa)+$', `${'a'.repeat(28)}b`],
}

/** Microseconds of CPU time for a call: the best of five rounds. */
const cost = (action, calls) => {
  const rounds = Array.from({ length: 6 }, () => {
    const start = process.cpuUsage()
    for (let i = 0; i < calls; i++) action()
    const { user, system } = process.cpuUsage(start)
    return (user + system) / calls
  })
  return Math.min(...rounds.slice(1))
}

const compare = ([pattern, subject], calls) => {
  const regex = compileRegex(pattern)
  if (isRegexError(regex)) throw new Error(`${pattern}: ${regex.error}`)
  const expression = new RegExp(pattern, 's')
  if (regex.test(subject) !== expression.test(subject)) throw new Error(`${pattern} matches differently`)
  const [own, javascript] = [cost(() => regex.test(subject), calls), cost(() => expression.test(subject), calls)]
  return { 'src/regex (µs)': own, 'RegExp (µs)': javascript, ratio: own / javascript }
}

report('a match of a regular expression', {
  ...Object.fromEntries(Object.entries(CASES).map(([name, each]) => [name, compare(each, 20_000)])),
  ...Object.fromEntries(Object.entries(EXPONENTIAL).map(([name, each]) => [name, compare(each, 1)])),
})
