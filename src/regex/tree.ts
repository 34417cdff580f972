/** The syntax tree of a pattern: what the parser makes, and all else reads. */
import type { ByteSet } from './byte-set.js'

export type Node =
  /** a byte of the set; `size` is that of PCRE2's code for it, in bytes */
  | { readonly type: 'set'; readonly set: ByteSet; readonly size: number }
  /** a given byte, in either case where `ignoreCase` */
  | { readonly type: 'byte'; readonly byte: number; readonly ignoreCase: boolean }
  /** `.` and `\N`: any character that does not begin a line ending; with `(?s)` any character */
  | { readonly type: 'dot'; readonly all: boolean }
  /** `\R` */
  | { readonly type: 'newline' }
  /** `\X`, of which CR LF is the only one with two bytes */
  | { readonly type: 'cluster' }
  | { readonly type: 'assertion'; readonly kind: SimpleAssertion }
  /** `\K` */
  | { readonly type: 'keep' }
  | Reference
  | GroupCall
  | Group
  | Repeat
  | VerbNode

/** `^` and `$` are `line start`, `line end` with `(?m)`, otherwise `start` and `last line end`. */
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

/** A group by its number or its name, and where PCRE2 says it is when there is none (in bytes). */
export interface GroupName {
  readonly group: number | string
  readonly offset: number
}

/** A back-reference: the bytes that a group has captured. Groups that share a name are tried in turn. */
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
  /** Infinity: without limit */
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

/** How line ends are recognized: by default LF; a pattern chooses with `(*CRLF)` and its like. */
export type Newline = 'LF' | 'CR' | 'CRLF' | 'ANYCRLF' | 'ANY' | 'NUL'

export interface Tree {
  readonly root: Group
  /** how many capturing groups there are */
  readonly groups: number
  /** the numbers of the groups of each name, in their order */
  readonly names: ReadonlyMap<string, readonly number[]>
  readonly newline: Newline
  /** whether `\R` is only CR, LF and CR LF */
  readonly asciiNewlines: boolean
  readonly ucp: boolean
  /** `(*LIMIT_MATCH=…)` */
  readonly matchLimit: number | undefined
  /** `(*NO_JIT)`: HAProxy only calls what the JIT compiler has made, so that nothing matches */
  readonly noJit: boolean
  /** not `(*NO_START_OPT)` */
  readonly startOptimizations: boolean
  /** not `(*NO_AUTO_POSSESS)` */
  readonly autoPossess: boolean
  /** the lengths of the branches of each look-behind */
  readonly lookBehinds: ReadonlyMap<Group, readonly { readonly min: number; readonly max: number }[]>
  /** what hapsim does not do as PCRE2 does it */
  readonly gaps: readonly string[]
}
