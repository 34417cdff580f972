/** The configurations that are compared: those of HAProxy's regression tests, of its tests and examples, and mutations of them. */
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { Random } from '../../../src/engine/index.js'
import { upstream } from '../support/upstream.js'
import { mutate } from './mutations.js'
import { configurationBlocks } from './vtc-blocks.js'

/** A configuration to check. */
export interface LinterCase {
  readonly name: string
  /** where it is checked, relative to the copy of HAProxy's source */
  readonly folder: string
  /** flags of the command line */
  readonly flags: readonly string[]
  readonly text: string
  /** how a line was mutated */
  readonly mutation?: string
}

const FOLDERS = ['reg-tests', 'tests/conf', 'examples']

/** Copies the folders that configurations refer to. */
export const copyFolders = (target: string): void => {
  for (const folder of FOLDERS)
    cpSync(upstream(`source/${folder}`), join(target, folder), { recursive: true, dereference: true })
}

/**
 * All cases: those of HAProxy's source, and mutations of them.
 *
 * @param mutations their number
 */
export const linterCases = (mutations: number, seed: number): LinterCase[] => {
  const originals = FOLDERS.flatMap(filesOf).flatMap(casesOf)
  return [...originals, ...mutate(originals, mutations, new Random(seed))]
}

const filesOf = (folder: string): string[] =>
  readdirSync(upstream(`source/${folder}`), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .sort()

const casesOf = (name: string): LinterCase[] => {
  const folder = dirname(name)
  const read = (): string => readFileSync(upstream(`source/${name}`), 'utf8')
  if (name.endsWith('.cfg')) return [{ name, folder, flags: [], text: read() }]
  if (!name.endsWith('.vtc')) return []
  return configurationBlocks(read()).map(({ instance, flags, text }) => ({
    name: `${relative('reg-tests', name)}:${instance}`,
    folder,
    flags,
    text,
  }))
}
