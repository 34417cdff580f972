/** patterns: maps and ACL files as data. */
export { MATCH_METHODS, type MatchMethod } from '../../config/patterns/match-method.js'
export { type Match, type PatternExpression } from './expression.js'
export { LoadedPatterns } from './head.js'
export type { Element } from './element.js'
export { PATTERN_EVENTS, PatternReference, type PatternEvent, type PatternEventName } from './reference.js'
export { PatternReferences } from './references.js'
