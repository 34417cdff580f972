/** patterns: maps and ACL files as data. */
export { MATCH_METHODS, type MatchMethod } from './method.js'
export { convertValue, type Match, type OutputType, type PatternExpression, type PatternSample } from './expression.js'
export type { Element } from './element.js'
export { PATTERN_EVENTS, PatternReference, type PatternEvent, type PatternEventName } from './reference.js'
export { PatternReferences, type LoadedPatterns, type PatternUse } from './references.js'
