/**
 * Compiled patterns: instructions of a backtracking machine, an array of integers. An instruction is its code and its operands;
 * `compiler.ts` emits them, `matcher.ts` executes them.
 *
 * Registers hold the offsets of captures (two for each group, those of the whole match first), the starts of open groups, counts and
 * positions of loops, and heights of the stack.
 */
import type { ByteSet } from './byte-set.js'
import type { Newline } from './tree.js'

/** Operand `W` is the number of words that PCRE2's JIT compiler pushes on its stack at that point. */
export const enum RegexOp {
  /** the end of the pattern; returns from a recursion of the whole pattern */
  MATCH,
  /** byte */
  BYTE,
  /** byte, the same letter in the other case */
  BYTES,
  /** index of a literal */
  LITERAL,
  /** index of a set */
  SET,
  ANY,
  /** any byte, except at a line ending of several bytes */
  DOT,
  START,
  /** START unless the subject does not start a line */
  CIRCUMFLEX,
  END,
  LAST_LINE_END,
  LINE_START,
  LINE_END,
  WORD_BOUNDARY,
  NO_WORD_BOUNDARY,
  /** `\R` */
  NEWLINE,
  /** `\X` */
  CLUSTER,
  KEEP,
  FAIL,
  /** target */
  JUMP,
  /** target of the alternative, W */
  SPLIT,
  /** set, minimum, maximum, next byte or -1, W: greedy */
  GREEDY,
  /** set, minimum, maximum, W: lazy */
  LAZY,
  /** set, minimum, maximum */
  POSSESSIVE,
  /** register of the position */
  OPEN,
  /** group, register of its start */
  CLOSE,
  /** register: start of a loop */
  LOOP_BEGIN,
  /** register (count, then position), minimum, maximum, exit, 1 if lazy, 1 if empty iterations end it, W */
  LOOP,
  /** register of the stack height (and of the position, the next one): start of an atomic group or an assertion */
  ENTER,
  /** register: discards alternatives since ENTER */
  CUT,
  /** register: resets the position to that of ENTER */
  RESTORE,
  /** register: fails unless the position is that of ENTER */
  SAME_POSITION,
  /** register: undoes everything since ENTER, and fails */
  REJECT,
  /** minimum, maximum, W: look-behind */
  BACK,
  /** index of a list of groups, 1 to ignore case: a back reference */
  REFERENCE,
  /** index of a list of groups, target if none of them is set */
  IF_SET,
  /** index of a list of groups (0: any recursion), target if not in a recursion into one of them */
  IF_RECURSION,
  /** group, target, index of a list of groups whose captures are kept, W */
  CALL,
  /** group: returns from a recursion into it */
  RETURN,
  /** index of the groups within the assertion, or of all groups, target of the assertion's end or -1: `(*ACCEPT)` */
  ACCEPT,
  /** code of the verb (Verb), an operand */
  VERB,
  /** start of an assertion, which limits the effect of verbs */
  BARRIER,
  /**
   * index of a list of groups, target if none is set: matches within the text of the first one that is; register of the values to restore
   */
  SUBSTRING,
  /** register: restores the subject of SUBSTRING */
  END_SUBSTRING,
  /** W: an alternative of a group has matched */
  COUNT,
}

export const enum Verb {
  COMMIT,
  PRUNE,
  SKIP,
  /** operand: index of the name */
  SKIP_TO,
  /** operand: the register of the height of the alternation; -1 minus that for its last branch */
  THEN,
  /** operand: index of the name */
  MARK,
}

export interface RegexProgram {
  readonly code: Int32Array
  readonly sets: readonly ByteSet[]
  readonly literals: readonly string[]
  readonly groupLists: readonly (readonly number[])[]
  /** number of capturing groups */
  readonly groups: number
  readonly registers: number
  readonly newline: Newline
  readonly asciiNewlines: boolean
  readonly matchLimit: number
  readonly ucp: boolean
  /** what `\w` matches */
  readonly word: ByteSet
  /** whether a match can start only at the start of the subject, or only after a line ending */
  readonly anchor: 'text' | 'line' | undefined
  /** the sets of bytes at the first positions of a match; empty if a match may be empty */
  readonly prefix: readonly ByteSet[]
  /** bytes that every match contains */
  readonly required: readonly number[]
}
