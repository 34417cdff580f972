/**
 * The patterns that a configuration uses, in its order: files of ACLs and maps, and the patterns on lines (`pattern_read_from_file` and
 * `pat_ref_newid` in src/pattern.c). They are parsed here for their errors; the process loads them when it starts. Names, patterns and errors
 * are text.
 */
import { fromByteString, toByteString } from '../../bytes/text.js'
import type { ReadFile } from '../files.js'
import type { PatternFile, PatternMatching, PatternUse } from '../model/patterns.js'
import { patternFileName, patternLines, sharedFileText, unreadableFileText } from '../patterns/file.js'
import { mapValue } from '../patterns/map-value.js'
import { parsePattern } from '../patterns/pattern.js'
import type { Place } from '../syntax/place.js'

export interface PatternHost {
  /** the addresses of a host name */
  readonly resolve: (name: string) => readonly string[]
  /** without this function, all files are assumed to be valid */
  readonly readFile?: ReadFile | undefined
}

/** Where patterns are used. */
export interface PatternPlace {
  readonly place: Place
  readonly proxiesBefore: number
  /** base directory of relative file names; '' is the working directory of the process */
  readonly directory: string
}

/** A file of patterns as an ACL or a converter names it. */
export type NamedFile = Omit<PatternFile, 'directory'>

type Used = PatternUse | { readonly error: string }

export class PatternUses {
  readonly all: PatternUse[] = []
  /** files, and whether they contain values */
  readonly #files = new Map<string, boolean>()
  /** the ids of `-u`, and whether there are patterns without one */
  readonly #ids = new Set<number>()
  /** what is wrong with files, by path and way of matching */
  readonly #problems = new Map<string, string | undefined>()

  constructor(readonly host: PatternHost) {}

  /** Whether an ACL already has the id (`-u`). */
  hasId(id: number): boolean {
    return this.#ids.has(id)
  }

  /** Records the use of a file. Returns what is wrong with it, in HAProxy's words. */
  useFile(at: PatternPlace, file: NamedFile, matching: PatternMatching): Used {
    const { name } = patternFileName(file.name)
    const hasValues = this.#files.get(name)
    if (hasValues !== undefined && hasValues !== file.withValues) return { error: sharedFileText(file.name, hasValues) }
    this.#files.set(name, file.withValues)
    this.#ids.add(-1)
    const error = this.#fileProblem(file, at.directory, matching)
    return error === undefined ? this.#record(at, { ...file, directory: at.directory }, matching) : { error }
  }

  /** Records the patterns on the line of an ACL. Returns what is wrong with the first invalid one. */
  useInline(
    at: PatternPlace,
    inline: { readonly keyword: string; readonly id: number; readonly patterns: readonly string[] },
    matching: PatternMatching,
  ): Used {
    this.#ids.add(inline.id)
    for (const pattern of inline.patterns) {
      const error = this.#patternProblem(matching, toByteString(pattern))
      if (error !== undefined) return { error: fromByteString(error) }
    }
    return this.#record(at, inline, matching)
  }

  #record({ place, proxiesBefore }: PatternPlace, source: PatternUse['source'], matching: PatternMatching): PatternUse {
    const use = { ...matching, source, place, proxiesBefore }
    this.all.push(use)
    return use
  }

  #patternProblem({ kind, ignoreCase, noNames }: PatternMatching, pattern: string): string | undefined {
    const resolve = noNames ? undefined : (host: string) => this.host.resolve(fromByteString(host))
    const parsed = parsePattern(kind, pattern, { ignoreCase, resolve })
    return 'error' in parsed ? parsed.error : undefined
  }

  #fileProblem(file: NamedFile, directory: string, matching: PatternMatching): string | undefined {
    const { kind, output, ignoreCase, noNames } = matching
    const key = JSON.stringify([file.name, directory, kind, output, ignoreCase, noNames])
    if (!this.#problems.has(key)) this.#problems.set(key, this.#checkFile(file, directory, matching))
    return this.#problems.get(key)
  }

  #checkFile(file: NamedFile, directory: string, matching: PatternMatching): string | undefined {
    const { kind, name } = patternFileName(file.name)
    if (!this.host.readFile || kind === 'virtual') return undefined
    const path = directory === '' || name.startsWith('/') ? name : `${directory}/${name}`
    const content = this.host.readFile(path)
    if (typeof content === 'string') return kind === 'optional' ? undefined : unreadableFileText(name)
    if (!canFail(matching)) return undefined
    for (const { key, value, line } of patternLines(content, file.withValues)) {
      const problem = valueProblem(matching, value) ?? this.#patternProblem(matching, key)
      if (problem !== undefined) return `${fromByteString(problem)} at line ${line} of file '${file.name}'`
    }
    return undefined
  }
}

/** Whether some text would not be a valid pattern or value. */
const canFail = ({ kind, output }: PatternMatching): boolean =>
  output === 'sint' || output === 'addr' || !/^(?:nothing|method|string|string tree|prefix tree)$/.test(kind)

const valueProblem = ({ output }: PatternMatching, value: string | undefined): string | undefined =>
  output === undefined || value === undefined || mapValue(output, value) ? undefined : `unable to parse '${value}'`
