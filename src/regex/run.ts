/**
 * Executes a program (`program.ts`) from one position of a subject. HAProxy uses code of PCRE2's JIT compiler; this has the same limits on
 * the number of backtracks from each start and on the size of the stack. A match that exceeds them is an error, and therefore no match.
 */
import { Entry, ENTRY_SIZE, PER_KIND, STACK_WORDS, type MatchMachine } from './machine.js'
import { RegexOp } from './program.js'
import {
  accept,
  enterSubstring,
  failAtVerb,
  holds,
  isTrue,
  leaveSubstring,
  lengthOf,
  passVerb,
  repeatedLength,
} from './steps.js'
import { ENDED, FAILED, MATCHED } from './outcome.js'

/**
 * Tries to match from `start` on.
 *
 * @returns MATCHED: the registers contain the captures; FAILED: there is no match from here; ENDED: there is no match at all; otherwise the
 * next position to try
 */
export const run = (machine: MatchMachine, text: string, start: number): number => {
  const { program } = machine
  const { code, sets, literals, groupLists } = program
  machine.reset(start, text.length)
  const { registers } = machine
  let left = program.matchLimit
  let pc = 0
  let at = start
  for (;;) {
    if (machine.words > STACK_WORDS) return ENDED
    run: for (;;) {
      switch (code[pc] as RegexOp) {
        case RegexOp.MATCH:
          if (machine.frame?.group === 0) {
            pc = machine.return()
            continue
          }
          registers[1] = at
          return MATCHED
        case RegexOp.BYTE:
          if (at >= machine.end || text.charCodeAt(at) !== code[pc + 1]) break run
          at++
          pc += 2
          continue
        case RegexOp.BYTES: {
          if (at >= machine.end) break run
          const byte = text.charCodeAt(at)
          if (byte !== code[pc + 1] && byte !== code[pc + 2]) break run
          at++
          pc += 3
          continue
        }
        case RegexOp.LITERAL: {
          const literal = literals[code[pc + 1]!]!
          if (at + literal.length > machine.end || !text.startsWith(literal, at)) break run
          at += literal.length
          pc += 2
          continue
        }
        case RegexOp.SET:
          if (at >= machine.end || sets[code[pc + 1]!]![text.charCodeAt(at)] === 0) break run
          at++
          pc += 2
          continue
        case RegexOp.ANY:
          if (at >= machine.end) break run
          at++
          pc++
          continue
        case RegexOp.START:
        case RegexOp.CIRCUMFLEX:
        case RegexOp.END:
        case RegexOp.LAST_LINE_END:
        case RegexOp.LINE_START:
        case RegexOp.LINE_END:
        case RegexOp.WORD_BOUNDARY:
        case RegexOp.NO_WORD_BOUNDARY:
          if (!holds(machine, code[pc] as RegexOp, text, at)) break run
          pc++
          continue
        case RegexOp.DOT:
        case RegexOp.NEWLINE:
        case RegexOp.CLUSTER: {
          const length = lengthOf(machine, code[pc] as RegexOp, text, at)
          if (length === 0) break run
          at += length
          pc++
          continue
        }
        case RegexOp.KEEP:
          machine.push(Entry.SET, 0, registers[0]!, 0)
          registers[0] = at
          pc++
          continue
        case RegexOp.FAIL:
          break run
        case RegexOp.JUMP:
          pc = code[pc + 1]!
          continue
        case RegexOp.SPLIT: {
          const words = code[pc + 2]!
          machine.push(Entry.ALTERNATIVE + PER_KIND * code[pc + 1]!, at, 0, words)
          if (words > 0 && (machine.words += words) > STACK_WORDS) return ENDED
          if (--left === 0) return ENDED
          pc += 3
          continue
        }
        case RegexOp.GREEDY: {
          const set = sets[code[pc + 1]!]!
          const most = code[pc + 3]!
          const last = most < 0 ? machine.end : Math.min(machine.end, at + most)
          const least = at + code[pc + 2]!
          while (at < last && set[text.charCodeAt(at)] === 1) at++
          if (at < least) break run
          const following = code[pc + 4]!
          if (following >= 0) while (at >= least && text.charCodeAt(at) !== following) at--
          if (at < least) break run
          const words = code[pc + 5]!
          if (at > least || words > 0) machine.push(Entry.GREEDY + PER_KIND * pc, least, at, 0)
          if (words > 0 && (machine.words += words) > STACK_WORDS) return ENDED
          if (--left === 0) return ENDED
          pc += 6
          continue
        }
        case RegexOp.LAZY: {
          const set = sets[code[pc + 1]!]!
          const least = at + code[pc + 2]!
          while (at < least && at < machine.end && set[text.charCodeAt(at)] === 1) at++
          if (at < least) break run
          const words = code[pc + 4]!
          machine.push(Entry.LAZY + PER_KIND * pc, at, code[pc + 3]! < 0 ? -1 : code[pc + 3]! - code[pc + 2]!, 0)
          if (words > 0 && (machine.words += words) > STACK_WORDS) return ENDED
          if (--left === 0) return ENDED
          pc += 5
          continue
        }
        case RegexOp.POSSESSIVE: {
          const set = sets[code[pc + 1]!]!
          const most = code[pc + 3]!
          const last = most < 0 ? machine.end : Math.min(machine.end, at + most)
          const least = at + code[pc + 2]!
          while (at < last && set[text.charCodeAt(at)] === 1) at++
          if (at < least) break run
          if (--left === 0) return ENDED
          pc += 4
          continue
        }
        case RegexOp.OPEN:
          machine.push(Entry.SET, code[pc + 1]!, registers[code[pc + 1]!]!, 0)
          registers[code[pc + 1]!] = at
          pc += 2
          continue
        case RegexOp.CLOSE: {
          const register = 2 * code[pc + 1]!
          machine.push(Entry.SET_TWO, register, registers[register]!, registers[register + 1]!)
          registers[register] = registers[code[pc + 2]!]!
          registers[register + 1] = at
          pc += 3
          continue
        }
        case RegexOp.LOOP_BEGIN: {
          const register = code[pc + 1]!
          machine.push(Entry.SET_TWO, register, registers[register]!, registers[register + 1]!)
          registers[register] = 0
          registers[register + 1] = -1
          pc += 2
          continue
        }
        case RegexOp.LOOP: {
          const register = code[pc + 1]!
          const count = registers[register]!
          const before = registers[register + 1]!
          if (--left === 0) return ENDED
          if (count < code[pc + 2]!) machine.push(Entry.SET_TWO, register, count, before)
          else if (count === code[pc + 3] || (code[pc + 6] === 1 && count > 0 && at === before)) {
            pc = code[pc + 4]!
            continue
          } else if (code[pc + 5] === 1) {
            machine.push(Entry.LAZY_LOOP + PER_KIND * pc, at, 0, 0)
            if ((machine.words += code[pc + 7]!) > STACK_WORDS) return ENDED
            pc = code[pc + 4]!
            continue
          } else {
            machine.push(Entry.LOOP + PER_KIND * pc, at, count, before)
            if ((machine.words += code[pc + 7]!) > STACK_WORDS) return ENDED
          }
          registers[register] = count + 1
          registers[register + 1] = at
          pc += 8
          continue
        }
        case RegexOp.ENTER: {
          const register = code[pc + 1]!
          machine.push(Entry.SET_TWO, register, registers[register]!, registers[register + 1]!)
          registers[register] = machine.top
          registers[register + 1] = at
          pc += 2
          continue
        }
        case RegexOp.CUT:
          machine.cut(registers[code[pc + 1]!]!)
          pc += 2
          continue
        case RegexOp.RESTORE:
          at = registers[code[pc + 1]! + 1]!
          pc += 2
          continue
        case RegexOp.SAME_POSITION:
          if (at !== registers[code[pc + 1]! + 1]) break run
          pc += 2
          continue
        case RegexOp.REJECT:
          machine.unwind(registers[code[pc + 1]!]!)
          break run
        case RegexOp.BACK: {
          const [least, most] = [code[pc + 1]!, code[pc + 2]!]
          if (at < least) break run
          const last = at - least
          at = Math.max(0, at - most)
          pc += 4
          if (at < last) machine.push(Entry.BACK + PER_KIND * pc, at, last, 0)
          continue
        }
        case RegexOp.REFERENCE: {
          const length = repeatedLength(machine, text, at, groupLists[code[pc + 1]!]!, code[pc + 2] === 1)
          if (length < 0) break run
          at += length
          pc += 3
          continue
        }
        case RegexOp.IF_SET:
        case RegexOp.IF_RECURSION:
          pc = isTrue(machine, pc) ? pc + 3 : code[pc + 2]!
          continue
        case RegexOp.CALL:
          machine.call(code[pc + 1]!, pc + 5, groupLists[code[pc + 3]!]!, code[pc + 4]!)
          if (machine.words > STACK_WORDS || --left === 0) return ENDED
          pc = code[pc + 2]!
          continue
        case RegexOp.RETURN:
          if (machine.frame?.group === code[pc + 1]) {
            const register = 2 * code[pc + 1]!
            registers[register] = registers[code[pc + 2]!]!
            registers[register + 1] = at
            pc = machine.return()
          } else pc += 3
          continue
        case RegexOp.ACCEPT:
          pc = accept(machine, pc)
          continue
        case RegexOp.VERB:
          passVerb(machine, code[pc + 1]!, code[pc + 2]!, at)
          pc += 3
          continue
        case RegexOp.BARRIER:
          machine.push(Entry.BARRIER, 0, 0, 0)
          pc++
          continue
        case RegexOp.SUBSTRING:
          at = enterSubstring(machine, pc, at)
          if (at < 0) break run
          pc += 3
          continue
        case RegexOp.END_SUBSTRING:
          at = leaveSubstring(machine, code[pc + 1]!)
          pc += 2
          continue
        case RegexOp.COUNT: {
          const words = code[pc + 1]!
          if (words > 0) {
            machine.push(Entry.WORDS, 0, 0, words)
            if ((machine.words += words) > STACK_WORDS) return ENDED
          }
          if (--left === 0) return ENDED
          pc += 2
        }
      }
    }
    // the current path has failed: backtrack to the next alternative
    const { stack } = machine
    back: for (;;) {
      if (machine.top === 0) return FAILED
      const entry = (machine.top -= ENTRY_SIZE)
      const place = (stack[entry]! / PER_KIND) | 0
      switch ((stack[entry]! % PER_KIND) as Entry) {
        case Entry.ALTERNATIVE:
          pc = place
          at = stack[entry + 1]!
          machine.words -= stack[entry + 3]!
          break back
        case Entry.GREEDY: {
          const least = stack[entry + 1]!
          at = stack[entry + 2]! - 1
          const following = code[place + 4]!
          if (following >= 0) while (at >= least && text.charCodeAt(at) !== following) at--
          if (at < least) {
            machine.words -= code[place + 5]!
            continue
          }
          if (--left === 0) return ENDED
          if (at > least || code[place + 5]! > 0) {
            stack[entry + 2] = at
            machine.top += ENTRY_SIZE
          }
          pc = place + 6
          break back
        }
        case Entry.LAZY: {
          at = stack[entry + 1]!
          const more = stack[entry + 2]!
          if (more === 0 || at >= machine.end || sets[code[place + 1]!]![text.charCodeAt(at)] === 0) {
            machine.words -= code[place + 4]!
            continue
          }
          if (--left === 0) return ENDED
          at++
          stack[entry + 1] = at
          if (more > 0) stack[entry + 2] = more - 1
          machine.top += ENTRY_SIZE
          pc = place + 5
          break back
        }
        case Entry.LOOP:
          at = stack[entry + 1]!
          machine.words -= code[place + 7]!
          machine.undo(entry)
          pc = code[place + 4]!
          break back
        case Entry.LAZY_LOOP: {
          at = stack[entry + 1]!
          machine.words -= code[place + 7]!
          const register = code[place + 1]!
          machine.push(Entry.SET_TWO, register, registers[register]!, registers[register + 1]!)
          registers[register]!++
          registers[register + 1] = at
          pc = place + 8
          break back
        }
        case Entry.BACK:
          at = stack[entry + 1]! + 1
          if (at < stack[entry + 2]!) {
            stack[entry + 1] = at
            machine.top += ENTRY_SIZE
          }
          pc = place
          break back
        case Entry.COMMIT:
        case Entry.PRUNE:
        case Entry.SKIP:
        case Entry.SKIP_TO: {
          const outcome = failAtVerb(machine, entry, start)
          if (outcome !== undefined) return outcome
          continue
        }
        case Entry.THEN:
          machine.unwind(stack[entry + 1]!)
          continue
        case Entry.WORDS:
          machine.words -= stack[entry + 3]!
          continue
        case Entry.BARRIER:
        case Entry.MARK:
          continue
        default:
          machine.words -= machine.wordsOf(entry)
          machine.undo(entry)
      }
    }
  }
}
