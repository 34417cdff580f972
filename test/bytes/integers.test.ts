/** Integers as C and HAProxy read them. The expected values are those of glibc and of src/tools.c. */
import { describe, expect, test } from 'vitest'
import {
  atoi,
  atol,
  readInt64,
  strl2irc,
  strl2llrc,
  strl2uic,
  strtol,
  strtolAnyBase,
} from '../../src/bytes/integers.js'

describe('strtol', () => {
  test.for([
    ['', 0, ''],
    [' 12', 12, ''],
    ['\v-5x', -5, 'x'],
    ['+7', 7, ''],
    ['- 7', 0, '- 7'],
    [' ', 0, ' '],
    ['\u00a05', 0, '\u00a05'],
    ['0x10', 0, 'x10'],
    ['007', 7, ''],
  ] as const)('reads %j as %d and leaves %j', ([text, value, rest]) => {
    expect(strtol(text)).toEqual({ value, rest })
  })

  test('saturates at 64 bits', () => {
    expect(atol('99999999999999999999')).toBe(2 ** 63)
    expect(atol('-99999999999999999999')).toBe(-(2 ** 63))
  })
})

test.for([
  ['', 0, ''],
  ['12x', 12, 'x'],
  [' 0x1Fg', 31, 'g'],
  ['-0X10', -16, ''],
  ['0xg', 0, 'xg'],
  ['017', 15, ''],
  ['08', 0, '8'],
  ['0', 0, ''],
  ['x', 0, 'x'],
  ['0xffffffffffffffffff', 2 ** 63, ''],
] as const)('strtol with any base reads %j as %d and leaves %j', ([text, value, rest]) => {
  expect(strtolAnyBase(text)).toEqual({ value, rest })
})

test.for([
  ['2147483648', -2147483648],
  ['4294967297', 1],
  ['9223372036854775807', -1],
  ['99999999999999999999', -1],
  ['-99999999999999999999', 0],
  ['12 apples', 12],
  ['+3', 3],
  ['apples', 0],
] as const)('atoi reads %j as %d', ([text, value]) => {
  expect(atoi(text)).toBe(value)
})

test('strl2uic reads leading digits only', () => {
  expect(['80', '80x', ' 80', '+80', '-80', '', '4294967297'].map(strl2uic)).toEqual([80, 80, 0, 0, 0, 0, 1])
})

test('read_int64 accepts both signs, no white space, and saturates', () => {
  expect(['5x', '-5', '+5', ' 5', 'x', '-'].map(readInt64)).toEqual([5n, -5n, 5n, 0n, 0n, 0n])
  expect(readInt64('99999999999999999999')).toBe(2n ** 63n - 1n)
  expect(readInt64('-99999999999999999999')).toBe(-(2n ** 63n))
})

test('strl2llrc and strl2irc accept digits with an optional minus and refuse overflow', () => {
  expect(['5', '-5', '-', '+5', '5x', ' 5', ''].map(strl2llrc)).toEqual([5n, -5n, 0n, ...Array(4).fill(undefined)])
  expect(strl2llrc('9223372036854775807')).toBe(2n ** 63n - 1n)
  expect(strl2llrc('9223372036854775808')).toBeUndefined()
  expect(['2147483647', '2147483648', '-2147483648'].map(strl2irc)).toEqual([2147483647, undefined, -2147483648])
})
