/** Less frequent instructions, apart from the loop that executes them (`run.ts`). */
import { otherCase } from './byte-set.js'
import { Entry, ENTRY_SIZE, PER_KIND, type MatchMachine } from './machine.js'
import { anyNewlineAt, newlineAt, newlineBefore } from './newlines.js'
import { ENDED, FAILED } from './outcome.js'
import { RegexOp, Verb } from './program.js'

/** Whether a simple assertion (without a pattern) is true at `at`. */
export const holds = (machine: MatchMachine, op: RegexOp, text: string, at: number): boolean => {
  const { end, program } = machine
  switch (op) {
    case RegexOp.START:
      return at === 0
    case RegexOp.CIRCUMFLEX:
      return at === 0 && !machine.notBol
    case RegexOp.END:
      return at === end
    case RegexOp.LAST_LINE_END: {
      if (at === end) return true
      const length = newlineAt(text, at, end, program.newline)
      return length > 0 && at + length === end
    }
    case RegexOp.LINE_START:
      return at === 0 ? !machine.notBol : at !== end && newlineBefore(text, at, program.newline)
    case RegexOp.LINE_END:
      return at === end || newlineAt(text, at, end, program.newline) > 0
    default: {
      const before = at > 0 ? program.word[text.charCodeAt(at - 1)]! : 0
      const after = at < end ? program.word[text.charCodeAt(at)]! : 0
      return (before !== after) === (op === RegexOp.WORD_BOUNDARY)
    }
  }
}

/** The length of the match of `.`, `\R` or `\X` at `at`; 0 if there is none. */
export const lengthOf = ({ end, program }: MatchMachine, op: RegexOp, text: string, at: number): number => {
  if (at >= end) return 0
  if (op === RegexOp.NEWLINE) return anyNewlineAt(text, at, end, program.asciiNewlines)
  if (op === RegexOp.CLUSTER) return Math.max(1, newlineAt(text, at, end, 'CRLF'))
  return newlineAt(text, at, end, program.newline) > 0 ? 0 : 1
}

/** The length of the captured text if it is repeated at `at`; -1 otherwise, or if nothing is captured. */
export const repeatedLength = (
  machine: MatchMachine,
  text: string,
  at: number,
  groups: readonly number[],
  ignoreCase: boolean,
): number => {
  const { registers, end, program } = machine
  const group = firstSet(machine, groups)
  if (group === 0) return -1
  const from = registers[2 * group]!
  const length = registers[2 * group + 1]! - from
  if (at + length > end) return -1
  for (let i = 0; i < length; i++) {
    const [a, b] = [text.charCodeAt(from + i), text.charCodeAt(at + i)]
    if (a !== b && !(ignoreCase && otherCase(a, program.ucp) === b)) return -1
  }
  return length
}

/** The first of several groups that has captured; 0 if none has. */
const firstSet = ({ registers }: MatchMachine, groups: readonly number[]): number =>
  groups.find((group) => registers[2 * group]! >= 0) ?? 0

/** Whether the condition of IF_SET or IF_RECURSION is true. */
export const isTrue = (machine: MatchMachine, pc: number): boolean => {
  const { code, groupLists } = machine.program
  const groups = groupLists[code[pc + 1]!]!
  if (code[pc] === RegexOp.IF_SET) return firstSet(machine, groups) > 0
  return machine.frame !== undefined && (groups.length === 0 || groups.includes(machine.frame.group))
}

/** `(*ACCEPT)`: ends the innermost assertion or call, or the match. Returns where to continue. */
export const accept = (machine: MatchMachine, pc: number): number => {
  const { code, groupLists } = machine.program
  const end = code[pc + 2]!
  const { frame } = machine
  if (frame && (end < 0 || groupLists[code[pc + 1]!]!.includes(frame.group))) return machine.return()
  return end >= 0 ? end : code.length - 1
}

/** Passes a verb, which takes effect when what follows fails. */
export const passVerb = (machine: MatchMachine, verb: Verb, operand: number, at: number): void => {
  switch (verb) {
    case Verb.COMMIT:
      return machine.push(Entry.COMMIT, 0, 0, 0)
    case Verb.PRUNE:
      return machine.push(Entry.PRUNE, 0, 0, 0)
    case Verb.SKIP:
      return machine.push(Entry.SKIP, at, 0, 0)
    case Verb.SKIP_TO:
      return machine.push(Entry.SKIP_TO, operand, 0, 0)
    case Verb.MARK:
      return machine.push(Entry.MARK, operand, at, 0)
    case Verb.THEN: {
      const last = operand < 0
      const height = machine.registers[last ? -1 - operand : operand]!
      return machine.push(Entry.THEN, last ? height : height + ENTRY_SIZE, 0, 0)
    }
  }
}

/** Handles the failure after a verb. Returns the outcome of the attempt; undefined to continue backtracking. */
export const failAtVerb = (machine: MatchMachine, entry: number, start: number): number | undefined => {
  const { stack } = machine
  const kind = stack[entry]! % PER_KIND
  // within an assertion or a call, only that fails
  const barrier = machine.barrier()
  if (barrier >= 0) {
    machine.unwind(barrier)
    return undefined
  }
  if (kind === Entry.COMMIT) return ENDED
  if (kind === Entry.PRUNE) return FAILED
  const next = kind === Entry.SKIP ? stack[entry + 1]! : machine.findMark(stack[entry + 1]!)
  if (kind === Entry.SKIP_TO && next < 0) return undefined
  return next > start ? next : FAILED
}

/** `(*scan_substring:(1)…)`. Returns the start of the captured text, whose end becomes the end of the subject; -1 if there is none. */
export const enterSubstring = (machine: MatchMachine, pc: number, at: number): number => {
  const { registers } = machine
  const { code, groupLists } = machine.program
  const group = firstSet(machine, groupLists[code[pc + 1]!]!)
  if (group === 0) return -1
  const register = code[pc + 2]!
  machine.push(Entry.SET_TWO, register, registers[register]!, registers[register + 1]!)
  machine.push(Entry.NARROWED, machine.end, 0, 0)
  registers[register] = machine.end
  registers[register + 1] = at
  machine.end = registers[2 * group + 1]!
  return registers[2 * group]!
}

/** Returns where the match continues after it. */
export const leaveSubstring = (machine: MatchMachine, register: number): number => {
  machine.push(Entry.NARROWED, machine.end, 0, 0)
  machine.end = machine.registers[register]!
  return machine.registers[register + 1]!
}
