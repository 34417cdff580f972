/** Lines of a script on which a breakpoint can be: those that have code. */
import { readFileSync } from 'node:fs'
import '../lua/fengari.js'
import { compileScript } from '../lua/host/compile.js'
import type { Proto } from '../lua/vm/proto.js'

/** @returns the lines in order, or what is wrong with the file */
export const linesWithCode = (path: string): readonly number[] | string => {
  let source: Uint8Array
  try {
    source = readFileSync(path)
  } catch (error) {
    return `cannot be read: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`
  }
  const result = compileScript(source, `@${path}`, '5.4')
  if ('error' in result) return result.error
  const lines = new Set<number>()
  const collect = (proto: Proto): void => {
    for (const line of proto.lineinfo) lines.add(line)
    proto.p.forEach(collect)
  }
  collect(result.proto)
  return [...lines].sort((a, b) => a - b)
}

/** The line where a breakpoint at `wanted` goes: there, or the next one with code, or the last. */
export const nearestLine = (lines: readonly number[], wanted: number): number | undefined =>
  lines.find((line) => line >= wanted) ?? lines.at(-1)
