/** patterns: maps and ACL files as data. */
export { MATCH_METHODS, type MatchMethod } from './method.js'
export { convertValue, type Match, type OutputType, type PatternExpression, type Sample } from './expression.js'
export {
  PATTERN_EVENTS,
  PatternReference,
  type Element,
  type PatternEvent,
  type PatternEventName,
} from './reference.js'
export { PatternReferences, type LoadedPatterns, type PatternUse } from './references.js'
