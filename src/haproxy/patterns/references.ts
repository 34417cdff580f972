/**
 * All pattern references of a process: those that its configuration and its scripts name, loaded from the files of the
 * process when first used (`pattern_read_from_file` in src/pattern.c, `sample_load_map` in src/map.c).
 */
import { strtol } from '../../bytes/integers.js'
import { fromByteString } from '../../bytes/text.js'
import {
  isPatternFile,
  type InlinePatterns,
  type PatternFile,
  type PatternMatching,
  type PatternUse,
} from '../../config/model/patterns.js'
import { patternFileName, patternLines, sharedFileText, unreadableFileText } from '../../config/patterns/file.js'
import type { PatternOptions } from '../../config/patterns/pattern.js'
import type { Micros } from '../../engine/clock.js'
import { inFolder, type Files } from '../files.js'
import { LoadedPatterns } from './head.js'
import { PatternReference } from './reference.js'

/** What is wrong with patterns, in HAProxy's words without a full stop. */
interface Failed {
  readonly error: string
}

export interface PatternWorld {
  readonly files: Files
  readonly wallTime: () => Micros
  /** resolves host names while the process starts */
  readonly resolve: PatternOptions['resolve']
}

export class PatternReferences {
  /** number of uses in the configuration that have been loaded */
  loaded = 0
  readonly #all: PatternReference[] = []
  readonly #byName = new Map<string, PatternReference>()
  readonly #byUse = new Map<object, LoadedPatterns>()
  #complete = false

  constructor(readonly world: PatternWorld) {}

  /** In the order of their numbers. */
  get all(): readonly PatternReference[] {
    return this.#all
  }

  /** The reference of that name, with or without `file@` or `opt@`. */
  find(name: string): PatternReference | undefined {
    return this.#byName.get(patternFileName(name).name)
  }

  /** The reference that a command names: `#3`, or its name. */
  findByIdOrName(text: string): PatternReference | undefined {
    if (!text.startsWith('#')) return this.find(text)
    const { value: id, rest } = strtol(text.slice(1))
    return rest === '' ? this.#all.find((each) => each.uniqueId === id) : undefined
  }

  /** What a part of the configuration matches with, once it is loaded. */
  loadedFor(use: PatternUse): LoadedPatterns | undefined {
    return this.#byUse.get(use)
  }

  /** The patterns of a map that converters use in that way. */
  map(name: string, how: PatternMatching): LoadedPatterns | undefined {
    const reference = this.find(name)
    const expression = reference?.existing(how)
    return reference && expression && new LoadedPatterns(reference, expression, how.matching)
  }

  /** Loads patterns for their user. */
  load(use: Omit<PatternUse, 'proxiesBefore'>): LoadedPatterns | Failed {
    const { source } = use
    const loaded = isPatternFile(source) ? this.#loadFile(use, source) : this.#addInline(use, source)
    if (!('error' in loaded)) this.#byUse.set(use, loaded)
    return loaded
  }

  #loadFile(use: Omit<PatternUse, 'proxiesBefore'>, file: PatternFile): LoadedPatterns | Failed {
    const { name, withValues } = file
    const user = `by ${file.asMap ? 'map' : 'acl'} at file '${use.place.file}' line ${use.place.line}`
    const known = this.find(name)
    if (known !== undefined) {
      if (withValues !== known.hasValues) return { error: sharedFileText(name, known.hasValues) }
      known.description += `, ${user}`
    }
    const reference = known ?? this.#create(name, `pattern loaded from file '${name}' used ${user}`, withValues)
    if (file.asMap) reference.isMap = true
    if (file.asAcl) reference.isAcl = true
    if (!known) {
      const error = this.#read(reference, name, file.directory)
      if (error !== undefined) {
        this.#forget(reference)
        return { error }
      }
    }
    const expression = reference.expression(use)
    const invalid = 'error' in expression ? expression : file.again ? reference.addAll(expression) : undefined
    if (!('error' in expression) && !invalid) return new LoadedPatterns(reference, expression, use.matching)
    const { error, line } = invalid!
    return { error: line === undefined ? error : `${error} at line ${line} of file '${name}'` }
  }

  /** The patterns on the line of an ACL, which have a number but no name. */
  #addInline(
    use: Omit<PatternUse, 'proxiesBefore'>,
    { keyword, id, patterns }: InlinePatterns,
  ): LoadedPatterns | Failed {
    const { file, line } = use.place
    const reference = this.#new(undefined, `acl '${keyword}' file '${file}' line ${line}`)
    reference.uniqueId = id
    reference.isAcl = true
    const expression = reference.expression(use)
    if ('error' in expression) return expression
    for (const pattern of patterns) {
      const error = reference.add(pattern, undefined)
      if (error !== undefined) return { error }
    }
    return new LoadedPatterns(reference, expression, use.matching)
  }

  /** Numbers those that have no number, once the configuration is complete (`pattern_finalize_config`). */
  complete(): void {
    this.#complete = true
    const taken = new Set(this.#all.map((each) => each.uniqueId))
    let next = 0
    for (const reference of this.#all) {
      if (reference.uniqueId !== -1) continue
      while (taken.has(next)) next++
      reference.uniqueId = next++
    }
    this.#all.sort((a, b) => a.uniqueId - b.uniqueId)
  }

  #create(name: string, description: string, hasValues: boolean): PatternReference {
    const reference = this.#new(patternFileName(name).name, description)
    reference.hasValues = hasValues
    this.#byName.set(patternFileName(name).name, reference)
    return reference
  }

  #new(name: string | undefined, description: string): PatternReference {
    const { wallTime, resolve } = this.world
    const reference = new PatternReference(name, description, wallTime, (host) =>
      this.#complete ? [] : (resolve?.(host) ?? []),
    )
    this.#all.push(reference)
    return reference
  }

  #forget(reference: PatternReference): void {
    this.#all.splice(this.#all.indexOf(reference), 1)
    this.#byName.delete(reference.name!)
  }

  #read(reference: PatternReference, written: string, directory: string): string | undefined {
    const { kind, name } = patternFileName(written)
    if (kind === 'virtual') return undefined
    const content = this.world.files.read(inFolder(directory, name))
    if (typeof content === 'string') return kind === 'optional' ? undefined : unreadableFileText(name)
    for (const { key, value, line } of patternLines(content, reference.hasValues))
      reference.append(fromByteString(key), value === undefined ? undefined : fromByteString(value), line)
    return undefined
  }
}
