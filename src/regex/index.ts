/** Regular expressions as in HAProxy: PCRE2's, on byte strings. */
export { compileRegex, isRegexError, Regex, type RegexError, type RegexOptions } from './regex.js'
export { checkReplacement, expandReplacement, MAX_MATCH, type ReplacementCheck } from './replace.js'
