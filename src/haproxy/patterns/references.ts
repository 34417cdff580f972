/**
 * All pattern references of a process: those that its configuration and its scripts name, loaded from the files of the
 * process when first used (`pattern_read_from_file` in src/pattern.c, `sample_load_map` in src/map.c).
 */
import { strtol } from '../../bytes/integers.js'
import { fromByteString } from '../../bytes/text.js'
import type { Micros } from '../../engine/clock.js'
import { inFolder, type Files } from '../files.js'
import type { OutputType, PatternExpression } from './expression.js'
import type { MatchMethod, PatternOptions } from './method.js'
import { PatternReference } from './reference.js'

/** Who uses a reference, and how. */
export interface PatternUse {
  readonly kind: 'map' | 'acl'
  readonly method: MatchMethod
  /** what a map's values are; undefined where there are none */
  readonly output: OutputType | undefined
  readonly ignoreCase: boolean
  /** the file has values beside its keys: a map's always has */
  readonly withValues: boolean
  /** where, for `show map` */
  readonly place: { readonly file: string; readonly line: number }
  /** where the file is, unless its name says so (`default-path`) */
  readonly folder?: string
}

/** A reference and the expression that its user matches with. */
export interface LoadedPatterns {
  readonly reference: PatternReference
  readonly expression: PatternExpression
  readonly method: MatchMethod
}

export interface PatternWorld {
  readonly files: Files
  readonly wallTime: () => Micros
  /** looks names of hosts up while the process is being started */
  readonly resolve: PatternOptions['resolve']
}

/** Lines are read in pieces of this size (`fgets` into a buffer of `tune.bufsize`). */
const LONGEST_LINE = 16_383

export class PatternReferences {
  /** how many lines of the configuration have been processed */
  loaded = 0
  readonly #all: PatternReference[] = []
  readonly #byName = new Map<string, PatternReference>()
  #complete = false

  constructor(readonly world: PatternWorld) {}

  /** In the order of their numbers. */
  get all(): readonly PatternReference[] {
    return this.#all
  }

  /** The reference of that name; `file@` in front of it makes no difference. */
  find(name: string): PatternReference | undefined {
    return this.#byName.get(bareName(name))
  }

  /** The reference that a command names: `#3`, or its name. */
  findByIdOrName(text: string): PatternReference | undefined {
    if (!text.startsWith('#')) return this.find(text)
    const { value: id, rest } = strtol(text.slice(1))
    return rest === '' ? this.#all.find((each) => each.uniqueId === id) : undefined
  }

  /** Loads the entries of `name` for a user. Returns what is wrong, as HAProxy says it, without a full stop. */
  load(name: string, use: PatternUse): LoadedPatterns | { readonly error: string } {
    const { withValues } = use
    const user = `by ${use.kind} at file '${use.place.file}' line ${use.place.line}`
    const known = this.find(name)
    if (known !== undefined) {
      if (withValues !== known.hasValues) return { error: sharedText(name, known.hasValues) }
      known.description += `, ${user}`
    }
    const reference = known ?? this.#create(name, `pattern loaded from file '${name}' used ${user}`, withValues)
    if (use.kind === 'map') reference.isMap = true
    else reference.isAcl = true
    if (!known && !name.startsWith('virt@')) {
      const error = this.#read(reference, name, use.folder)
      if (error !== undefined) {
        this.#forget(reference)
        return { error }
      }
    }
    const expression = reference.expression(use.method, use.output, use.ignoreCase)
    if (!('error' in expression)) return { reference, expression, method: use.method }
    const where = expression.line === undefined ? '' : ` at line ${expression.line} of file '${name}'`
    return { error: `${expression.error}${where}` }
  }

  /** The patterns that an ACL has on its own line: they have a number but no name. */
  addInline(criterion: string, use: PatternUse, patterns: readonly string[]): string | undefined {
    const { file, line } = use.place
    const reference = this.#new(undefined, `acl '${criterion}' file '${file}' line ${line}`)
    reference.isAcl = true
    const expression = reference.expression(use.method, undefined, use.ignoreCase)
    if ('error' in expression) return expression.error
    for (const pattern of patterns) {
      const error = reference.add(pattern, undefined)
      if (error !== undefined) return error
    }
    return undefined
  }

  /** Gives all that have none their numbers: the configuration is complete (`pattern_finalize_config`). */
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
    const reference = this.#new(bareName(name), description)
    reference.hasValues = hasValues
    this.#byName.set(bareName(name), reference)
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

  #read(reference: PatternReference, name: string, folder = ''): string | undefined {
    const file = bareName(name)
    const content = this.world.files.read(inFolder(folder, file))
    if (typeof content === 'string')
      return name.startsWith('opt@') ? undefined : `failed to open pattern file <${file}>`
    let number = 0
    for (const bytes of linesOf(Buffer.from(content).toString('latin1'))) {
      const text = fromByteString(bytes)
      number++
      if (text.startsWith('#')) continue
      const line = text.replace(/^[ \t]+/, '').replace(/[\r\n][^]*$/, '')
      if (line === '') continue
      if (!reference.hasValues) {
        reference.append(line, undefined, number)
        continue
      }
      const [, key, value] = /^([^ \t]+)[ \t]*([^]*)$/.exec(line)!
      reference.append(key!, value!.replace(/[ \t]+$/, ''), number)
    }
    return undefined
  }
}

const bareName = (name: string): string =>
  name.length > 5 && name.startsWith('file@')
    ? name.slice(5)
    : name.length > 4 && name.startsWith('opt@')
      ? name.slice(4)
      : name

/** The lines of a byte string. */
const linesOf = function* (bytes: string): Iterable<string> {
  for (let from = 0; from < bytes.length;) {
    const feed = bytes.indexOf('\n', from)
    const end = Math.min(feed < 0 ? bytes.length : feed + 1, from + LONGEST_LINE)
    yield bytes.slice(from, end)
    from = end
  }
}

const sharedText = (name: string, hasValues: boolean): string =>
  `The file "${name}" is already used as ${hasValues ? 'two' : 'one'} column file and cannot be used by as ` +
  `${hasValues ? 'one' : 'two'} column file.`
