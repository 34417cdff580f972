/** The lines of a script that can have breakpoints: those that have code. */
import { readFileSync } from 'node:fs'
import '../lua/fengari.js'
import { compileScript } from '../lua/host/compile.js'
import type { Proto } from '../lua/vm/proto.js'

/** Returns the lines in order, or an error message if the file cannot be read or compiled. */
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

/** The line for a breakpoint requested at `line`: that line, the next one with code, or the last one. */
export const nearestLine = (lines: readonly number[], line: number): number | undefined =>
  lines.find((each) => each >= line) ?? lines.at(-1)
