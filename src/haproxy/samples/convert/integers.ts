/** Arithmetic and bitwise converters of 64-bit integers, which saturate instead of wrapping around. */
import { bigEndian } from '../casts.js'
import { operand, operandProblem, type Conversion, type Converter } from '../keyword.js'
import { bin, type IntegerSample, type Sample } from '../sample.js'

const MIN = -(1n << 63n)
const MAX = (1n << 63n) - 1n

const saturate = (value: bigint): bigint => (value > MAX ? MAX : value < MIN ? MIN : value)

/** The value of a sample that has been cast to an integer: booleans are integers already. */
const valueOf = (sample: Sample): bigint => (sample as IntegerSample).value

/** An operation that keeps the type, which may be boolean. */
const changing =
  (change: (value: bigint) => bigint): Conversion =>
  (sample) => ({ ...(sample as IntegerSample), value: change(valueOf(sample)) })

const testing =
  (test: (value: bigint) => boolean): Conversion =>
  (sample) => ({ type: 'bool', value: test(valueOf(sample)) ? 1n : 0n })

const binary = (name: string, operate: (value: bigint, other: bigint) => bigint): Converter => ({
  name,
  check: (args) => operandProblem(args, 0),
  variables: [0],
  bind: (args) => {
    const other = operand(args, 0)
    return (sample, context) => {
      const second = other(context)
      return second === undefined
        ? undefined
        : { ...(sample as IntegerSample), value: operate(valueOf(sample), second) }
    }
  },
})

export const INTEGER_CONVERTERS: readonly Converter[] = [
  binary('add', (a, b) => saturate(a + b)),
  binary('sub', (a, b) => saturate(a - b)),
  binary('mul', (a, b) => saturate(a * b)),
  binary('div', (a, b) => (b === 0n ? MAX : saturate(a / b))),
  binary('mod', (a, b) => (b === 0n ? 0n : a % b)),
  binary('and', (a, b) => a & b),
  binary('or', (a, b) => a | b),
  binary('xor', (a, b) => a ^ b),
  { name: 'neg', bind: () => changing((value) => saturate(-value)) },
  { name: 'cpl', bind: () => changing((value) => ~value) },
  { name: 'bool', bind: () => testing((value) => value !== 0n) },
  { name: 'not', bind: () => testing((value) => value === 0n) },
  { name: 'odd', bind: () => testing((value) => (value & 1n) === 1n) },
  { name: 'even', bind: () => testing((value) => (value & 1n) === 0n) },
  { name: 'htonl', bind: () => (sample) => bin(bigEndian(valueOf(sample), 4)) },
]
