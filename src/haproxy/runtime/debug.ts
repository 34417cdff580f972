/** `debug dev` commands that have the same effect in a simulation (src/debug.c). */
import type { CommandCall, Family } from './registry.js'

/** `tune.bufsize` */
const BUFFER_SIZE = 16384

const LINE = 64

/** `debug dev write`: a response of that many bytes, in lines. */
const write = ({ args: [size] }: CommandCall): string => {
  if (size === undefined) return 'Missing output size.\n'
  const length = strtoul(size)
  if (length >= BUFFER_SIZE) return 'Output too large, must be <tune.bufsize.\n'
  if (length === 0) return '\n'
  return Array.from({ length }, (_, i) => (i > 0 && i % LINE === 0 ? '\n' : '.')).join('')
}

/** `strtoul` with base 0: `16`, `0x10` and `020` are the same number. Negative numbers are huge. */
const strtoul = (text: string): number => {
  const [, sign, hex, octal, decimal] = /^[ \t-\r]*([+-]?)(?:0[xX]([\da-fA-F]+)|(0[0-7]*)|(\d+))?/.exec(text)!
  const value = Number.parseInt(hex ?? octal ?? decimal ?? '0', hex !== undefined ? 16 : octal !== undefined ? 8 : 10)
  return sign === '-' && value > 0 ? Infinity : value
}

export const debugFamily: Family = [{ words: ['debug', 'dev', 'write'], run: write }]
