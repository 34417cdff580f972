/** The syntax tree of a pattern. */
import type { ByteSet } from './byte-set.js'

export type Node =
  /** a byte of the set; `size` is that of PCRE2's code for it, in bytes */
  | { readonly type: 'set'; readonly set: ByteSet; readonly size: number }
  /** a literal byte, in either case if `ignoreCase` */
  | { readonly type: 'byte'; readonly byte: number; readonly ignoreCase: boolean }
  /** `.` and `\N`: any character that does not start a line ending; with `(?s)` any character */
  | { readonly type: 'dot'; readonly all: boolean }
  /** `\R` */
  | { readonly type: 'newline' }
  /** `\X`; CR LF is its only match of two bytes */
  | { readonly type: 'cluster' }
  | { readonly type: 'assertion'; readonly kind: SimpleAssertion }
  /** `\K` */
  | { readonly type: 'keep' }
  | Reference
  | GroupCall
  | Group
  | Repeat
  | VerbNode

/** `^` and `$` are `line start` and `line end` with `(?m)`, otherwise `start` and `last line end`. */
export type SimpleAssertion =
  | 'start'
  | 'circumflex'
  | 'end'
  | 'last line end'
  | 'line start'
  | 'line end'
  | 'match start'
  | 'word boundary'
  | 'no word boundary'

/** A reference to a group by number or name, and the position of the error if there is no such group (in bytes). */
export interface GroupName {
  readonly group: number | string
  readonly offset: number
}

/** A back reference: the bytes captured by a group. Groups that share a name are tried in turn. */
export interface Reference {
  readonly type: 'reference'
  readonly name: GroupName
  readonly ignoreCase: boolean
}

/** A subroutine call, or a recursion: the pattern of a group; 0 is the whole pattern. */
export interface GroupCall {
  readonly type: 'call'
  readonly name: GroupName
  /** groups whose captures are kept when the call returns */
  readonly keeps: readonly GroupName[]
}

export interface Repeat {
  readonly type: 'repeat'
  readonly node: Node
  readonly min: number
  /** Infinity if there is no limit */
  readonly max: number
  readonly mode: 'greedy' | 'lazy' | 'possessive'
}

export interface VerbNode {
  readonly type: 'verb'
  readonly verb: 'ACCEPT' | 'FAIL' | 'COMMIT' | 'PRUNE' | 'SKIP' | 'THEN' | 'MARK'
  /** the name of `(*MARK:name)`, `(*SKIP:name)` … */
  readonly name: string | undefined
}

export type GroupCondition =
  /** the first node of the first branch is the assertion */
  | { readonly type: 'assertion' }
  | { readonly type: 'group'; readonly name: GroupName }
  /** within a recursion: into any group, or into that group */
  | { readonly type: 'recursion'; readonly name: GroupName | undefined }
  | { readonly type: 'constant'; readonly value: boolean; readonly define: boolean }
  /** `(?(R1)…)` where `R1` may also be the name of a group */
  | { readonly type: 'recursion or group'; readonly name: GroupName }

export interface Group {
  readonly type: 'group'
  readonly kind:
    'capture' | 'plain' | 'atomic' | 'ahead' | 'not ahead' | 'behind' | 'not behind' | 'condition' | 'substring'
  /** the number of a capturing group, 0 for others */
  readonly number: number
  readonly branches: Node[][]
  readonly condition: GroupCondition | undefined
  /** look-around that may be backtracked into: `(?*…)` and `(?<*…)` */
  readonly nonAtomic: boolean
  /** where PCRE2 reports errors of a look-behind or a condition (bytes) */
  readonly offset: number
  /** the captured texts of `(*scan_substring:(1,2)…)` */
  readonly substrings: readonly GroupName[]
}

/** The line ending convention: LF by default; a pattern selects another one with `(*CRLF)` and similar. */
export type Newline = 'LF' | 'CR' | 'CRLF' | 'ANYCRLF' | 'ANY' | 'NUL'

export interface Tree {
  readonly root: Group
  /** number of capturing groups */
  readonly groups: number
  /** the numbers of the groups with each name, in order */
  readonly names: ReadonlyMap<string, readonly number[]>
  readonly newline: Newline
  /** whether `\R` matches only CR, LF and CR LF */
  readonly asciiNewlines: boolean
  readonly ucp: boolean
  /** `(*LIMIT_MATCH=…)` */
  readonly matchLimit: number | undefined
  /** `(*NO_JIT)`: HAProxy only calls code of the JIT compiler, so nothing matches */
  readonly noJit: boolean
  /** not `(*NO_START_OPT)` */
  readonly startOptimizations: boolean
  /** not `(*NO_AUTO_POSSESS)` */
  readonly autoPossess: boolean
  /** the lengths of the branches of each look-behind */
  readonly lookBehinds: ReadonlyMap<Group, readonly { readonly min: number; readonly max: number }[]>
  /** differences from PCRE2 */
  readonly gaps: readonly string[]
}
