/** Patterns of ACLs and maps in the model of a configuration (`struct pattern_expr` and its `struct pat_ref`). */
import type { MapOutput } from '../patterns/map-value.js'
import type { Matching, PatternKind } from '../patterns/match-method.js'
import type { Place } from '../syntax/place.js'

/** How a keyword uses patterns: what has the same kind, output and flags shares parsed patterns of a file. */
export interface PatternMatching {
  readonly matching: Matching
  readonly kind: PatternKind
  /** type of a map's values; undefined for an ACL */
  readonly output: MapOutput | undefined
  readonly ignoreCase: boolean
  /** names of hosts are not resolved: `-n`, and all maps */
  readonly noNames: boolean
}

/** The patterns of a file that an ACL or a converter uses, or those on the line of an ACL. */
export interface PatternUse extends PatternMatching {
  readonly place: Place
  /** number of proxies before it, including the one that contains it */
  readonly proxiesBefore: number
  readonly source: PatternFile | InlinePatterns
}

/** A file of patterns, or a list that has a name only. */
export interface PatternFile {
  /** as it is written: with `virt@`, `opt@` or `file@` */
  readonly name: string
  /** used as a map (a converter, or `-M`), as an ACL, or as both */
  readonly asMap: boolean
  readonly asAcl: boolean
  /** the file contains values after the keys */
  readonly withValues: boolean
  /** base directory of a relative name; '' is the working directory of the process */
  readonly directory: string
  /** the same ACL has used it with the same flags: its patterns are added once more */
  readonly again: boolean
}

/** The patterns on the line of an ACL. */
export interface InlinePatterns {
  /** the keyword of the ACL, for `show acl` */
  readonly keyword: string
  /** `-u`; -1: assigned later */
  readonly id: number
  readonly patterns: readonly string[]
}

export const isPatternFile = (source: PatternFile | InlinePatterns): source is PatternFile => 'name' in source
