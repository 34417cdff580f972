/**
 * The patterns that a configuration uses, in its order: files of ACLs and maps, and the patterns on lines (`pattern_read_from_file` and
 * `pat_ref_newid` in src/pattern.c). They are parsed here for their errors; the process loads them when it starts. Names, patterns and errors
 * are text.
 */
import { fromByteString, toByteString } from '../../bytes/text.js'
import type { ReadFile } from '../files.js'
import { isPatternFile, type PatternFile, type PatternMatching, type PatternUse } from '../model/patterns.js'
import { patternFileName, patternLines, sharedFileText, unreadableFileText } from '../patterns/file.js'
import { mapValue } from '../patterns/map-value.js'
import { parsePattern } from '../patterns/pattern.js'
import { Regex } from '../../regex/index.js'
import type { Gap } from '../syntax/gaps.js'
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

/** A file in use; it is opened for its first user. */
interface KnownFile {
  readonly withValues: boolean
  /** undefined: a list without a file, or one whose content is not to be known */
  readonly content: Uint8Array | undefined
}

type Used = PatternUse | { readonly error: string }

export class PatternUses {
  readonly all: PatternUse[] = []
  readonly #files = new Map<string, KnownFile>()
  /** the ids of `-u`, and whether there are patterns without one */
  readonly #ids = new Set<number>()
  /** what of the patterns is not emulated */
  readonly gaps: Gap[] = []
  /** what is wrong with files, by name and way of matching */
  readonly #problems = new Map<string, string | undefined>()
  /** uses that were recorded before what uses them was parsed */
  readonly #reserved: PatternUse[] = []

  constructor(readonly host: PatternHost) {}

  /** Whether an ACL already has the id (`-u`). */
  hasId(id: number): boolean {
    return this.#ids.has(id)
  }

  /** Records the use of a file. Returns what is wrong with it, in HAProxy's words. */
  useFile(at: PatternPlace, file: NamedFile, matching: PatternMatching): Used {
    const { kind, name } = patternFileName(file.name)
    let known = this.#files.get(name)
    if (known && known.withValues !== file.withValues) return { error: sharedFileText(file.name, known.withValues) }
    if (!known) {
      const content = kind === 'virtual' ? undefined : this.#read(name, at.directory)
      if (content === 'unreadable' && kind !== 'optional') return { error: unreadableFileText(name) }
      known = { withValues: file.withValues, content: typeof content === 'string' ? undefined : content }
      this.#files.set(name, known)
    }
    this.#ids.add(-1)
    const error = this.#fileProblem(at.place, file, known, matching)
    return error === undefined ? this.#record(at, { ...file, directory: at.directory }, matching) : { error }
  }

  /** The content of a file; undefined if it is not to be known. */
  #read(name: string, directory: string): Uint8Array | 'unreadable' | undefined {
    const content = this.host.readFile?.(directory === '' || name.startsWith('/') ? name : `${directory}/${name}`)
    return typeof content === 'string' ? 'unreadable' : content
  }

  /** Records the patterns on the line of an ACL. Returns what is wrong with the first invalid one. */
  useInline(
    at: PatternPlace,
    inline: { readonly keyword: string; readonly id: number; readonly patterns: readonly string[] },
    matching: PatternMatching,
  ): Used {
    this.#ids.add(inline.id)
    for (const pattern of inline.patterns) {
      const error = this.#patternProblem(at.place, matching, toByteString(pattern))
      if (error !== undefined) return { error: fromByteString(error) }
    }
    return this.#record(at, inline, matching)
  }

  /** The patterns of a file or of a line, as far as they are known. */
  patternsOf({ source }: PatternUse): readonly string[] {
    if (!isPatternFile(source)) return source.patterns
    const content = this.#files.get(patternFileName(source.name).name)?.content
    return content ? [...patternLines(content, source.withValues)].map(({ key }) => fromByteString(key)) : []
  }

  /** Records a use of patterns before the line at its place is parsed: ids of patterns follow the order of the uses. */
  reserve(use: PatternUse): void {
    this.all.push(use)
    this.#reserved.push(use)
  }

  #record({ place, proxiesBefore }: PatternPlace, source: PatternUse['source'], matching: PatternMatching): PatternUse {
    const at = this.#reserved.findIndex((use) => use.place.file === place.file && use.place.line === place.line)
    if (at >= 0) return this.#reserved.splice(at, 1)[0]!
    const use = { ...matching, source, place, proxiesBefore }
    this.all.push(use)
    return use
  }

  #patternProblem(place: Place, { kind, ignoreCase, noNames }: PatternMatching, pattern: string): string | undefined {
    const resolve = noNames ? undefined : (host: string) => this.host.resolve(fromByteString(host))
    const parsed = parsePattern(kind, pattern, { ignoreCase, resolve })
    if ('error' in parsed) return parsed.error
    if (parsed.value instanceof Regex)
      this.gaps.push(...parsed.value.gaps.map((what): Gap => ({ place, what, area: 'traffic' })))
    return undefined
  }

  /** What is wrong with the first invalid line of a file. */
  #fileProblem(place: Place, file: NamedFile, { content }: KnownFile, matching: PatternMatching): string | undefined {
    if (!content || !canFail(matching)) return undefined
    const { kind, output, ignoreCase, noNames } = matching
    const key = JSON.stringify([file.name, kind, output, ignoreCase, noNames])
    if (!this.#problems.has(key)) this.#problems.set(key, this.#lineProblem(place, file, content, matching))
    return this.#problems.get(key)
  }

  #lineProblem(place: Place, file: NamedFile, content: Uint8Array, matching: PatternMatching): string | undefined {
    for (const { key, value, line } of patternLines(content, file.withValues)) {
      const problem = valueProblem(matching, value) ?? this.#patternProblem(place, matching, key)
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
