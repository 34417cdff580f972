/**
 * What patterns are compiled to: instructions of a backtracking machine, an array of integers. An instruction is its code and its
 * operands; `compiler.ts` writes them, `matcher.ts` executes them.
 *
 * Registers hold the offsets of captures (two for each group, those of the whole match first), where groups began that are still
 * open, counts and positions of loops, and heights of the stack.
 */
import type { ByteSet } from './byte-set.js'
import type { Newline } from './tree.js'

/** `W` in the operands is how many words the JIT compiler of PCRE2 puts on its stack at that point. */
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
  /** any byte but at a line end, where that is not a single byte */
  DOT,
  START,
  /** START unless the text does not begin a line */
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
  /** set, least, most, next byte or -1, W: as many as possible, less when what follows fails */
  GREEDY,
  /** set, least, most, W: as few as possible */
  LAZY,
  /** set, least, most */
  POSSESSIVE,
  /** register of the position */
  OPEN,
  /** group, register of its beginning */
  CLOSE,
  /** register: a loop begins */
  LOOP_BEGIN,
  /** register (count, then position), least, most, exit, 1 if lazy, 1 if empty iterations end it, W */
  LOOP,
  /** register of the height of the stack (and the position in the next): an atomic group or an assertion begins */
  ENTER,
  /** register: forgets alternatives since ENTER */
  CUT,
  /** register: the position is that of ENTER */
  RESTORE,
  /** register: fails unless the position is that of ENTER */
  SAME_POSITION,
  /** register: undoes everything since ENTER, and fails */
  REJECT,
  /** least, most, W: look-behind */
  BACK,
  /** index of a list of groups, 1 if letters are equal in either case: a back-reference */
  REFERENCE,
  /** index of a list of groups, target if none of them is set */
  IF_SET,
  /** index of a list of groups (0: any recursion), target if not in a recursion into one of them */
  IF_RECURSION,
  /** group, target, index of a list of groups whose captures are kept, W */
  CALL,
  /** group: returns from a recursion into it */
  RETURN,
  /** index of the groups that are within the assertion, or of all, target of the assertion's end or -1: `(*ACCEPT)` */
  ACCEPT,
  /** code of the verb (Verb), an operand */
  VERB,
  /** an assertion begins, which verbs do not reach out of */
  BARRIER,
  /** index of a list of groups, target if none is set: matches within the text of the first that is; register of what is restored */
  SUBSTRING,
  /** register: the text is that of before SUBSTRING */
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
  /** operand: the register of the height of the alternation, negative (less one) for its last branch */
  THEN,
  /** operand: index of the name */
  MARK,
}

export interface RegexProgram {
  readonly code: Int32Array
  readonly sets: readonly ByteSet[]
  readonly literals: readonly string[]
  readonly groupLists: readonly (readonly number[])[]
  /** how many capturing groups */
  readonly groups: number
  readonly registers: number
  readonly newline: Newline
  readonly asciiNewlines: boolean
  readonly matchLimit: number
  readonly ucp: boolean
  /** what `\w` matches */
  readonly word: ByteSet
  /** a match can only begin at the start of the text, or only after a line end */
  readonly anchor: 'text' | 'line' | undefined
  /** the bytes that a match can begin with at its first positions; none if it may be empty */
  readonly prefix: readonly ByteSet[]
  /** a byte that must occur */
  readonly required: readonly number[]
}
