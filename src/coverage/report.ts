/** Coverage reports: merges coverage data, writes it with istanbul's reporters, and compares it with thresholds. */
import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs'
import { join, parse, relative, resolve, sep } from 'node:path'
import { Chalk, type ChalkInstance } from 'chalk'
import coverageLibrary, { type CoverageMap } from 'istanbul-lib-coverage'
import reportLibrary, { type Context } from 'istanbul-lib-report'
import reports from 'istanbul-reports'
import picomatch from 'picomatch'
import { fsErrorText, makeDirectory } from '../disk/directory.js'
import type { ScriptCounts } from '../lua/index.js'
import { luaPages, type FileWriter } from './pages.js'
import { CoverageError, MEASURES, type CoverageReporter, type CoverageSettings } from './settings.js'

const DEFAULT_REPORTERS: readonly CoverageReporter[] = ['text', 'lcov', 'html']

/** Where reports are written by default. */
export const DEFAULT_DIRECTORY = 'coverage'

/** The terminal, for the reporters that write to it. */
export interface CoverageOutput {
  write(text: string): void
  readonly colours: boolean
}

/** Creates the directory of reports. Throws a {@link CoverageError} if it cannot be written to. */
export const prepareDirectory = ({
  directory = DEFAULT_DIRECTORY,
  reporters = DEFAULT_REPORTERS,
}: CoverageSettings): void => {
  if (reporters.every(isForTerminal)) return
  try {
    makeDirectory(directory)
    // permissions are not sufficient to know whether writing succeeds: /proc is writable for root
    rmdirSync(mkdtempSync(join(directory, '.hapsim-')))
  } catch (error) {
    throw new CoverageError(`coverage reports cannot be written to ${directory}: ${fsErrorText(error)}`)
  }
}

/**
 * Writes the reports. Returns an error message for each threshold that is not met.
 *
 * @param scripts the data of one or several `LuaCoverage`; counts of the same script are added
 */
export const reportCoverage = (
  scripts: readonly ScriptCounts[],
  settings: CoverageSettings,
  output: CoverageOutput,
): string[] => {
  const named = nameScripts(scripts.filter(({ path }) => isIncluded(path, settings)))
  if (named.size === 0) {
    output.write('No script was loaded: there is no coverage to report.')
    return Object.values(settings.thresholds ?? {}).some((minimum) => minimum !== undefined)
      ? ['Coverage: no script was loaded, so no threshold is met']
      : []
  }
  const map = coverageLibrary.createCoverageMap({})
  const sources = new Map<string, string>()
  for (const [path, same] of named)
    for (const { data, source } of same) {
      sources.set(path, source)
      map.addFileCoverage({ ...structuredClone(data), path } as never)
    }
  const context = reportLibrary.createContext({
    dir: settings.directory ?? DEFAULT_DIRECTORY,
    coverageMap: map,
    sourceFinder: (path) => sources.get(path) ?? '',
  })
  for (const name of settings.reporters ?? DEFAULT_REPORTERS) write(name, context, output)
  return belowThresholds(map, settings)
}

const isForTerminal = (name: CoverageReporter): boolean => name === 'text' || name === 'text-summary'

const write = (name: CoverageReporter, context: Context, output: CoverageOutput): void => {
  if (!isForTerminal(name)) {
    // istanbul's `lcov` writes HTML pages as well, `lcovonly` just lcov.info
    const { writer } = context as unknown as { readonly writer: FileWriter }
    if (name === 'html') context.data.writer = luaPages(writer)
    reports.create(name === 'lcov' ? 'lcovonly' : name, { projectRoot: process.cwd() } as never).execute(context)
    context.data.writer = writer
    return
  }
  const lines: string[] = []
  const files = context.data.writer as unknown
  const chalk = new Chalk({ level: output.colours ? 1 : 0 })
  context.data.writer = { writeFile: () => new TerminalWriter(lines, chalk) }
  reports.create(name).execute(context)
  context.data.writer = files
  output.write(lines.join('\n').replace(/^\n+|\n+$/g, ''))
}

/** Collects the lines of a reporter for the terminal. */
class TerminalWriter {
  constructor(
    readonly lines: string[],
    readonly chalk: ChalkInstance,
  ) {}

  println(line: string): void {
    this.lines.push(line)
  }

  write(text: string): void {
    this.lines.push(text)
  }

  colorize(text: string, quality: string): string {
    const { red, yellow, green } = this.chalk
    const colours: Readonly<Record<string, ChalkInstance>> = { low: red, medium: yellow, high: green }
    return colours[quality]?.(text) ?? text
  }

  close(): void {}
}

/** Whether `include` and `exclude` select a script, by its path. */
export const isIncluded = (path: string, { include, exclude }: CoverageSettings): boolean => {
  const name = relative(process.cwd(), path).split(sep).join('/')
  if (exclude && exclude.length > 0 && picomatch([...exclude])(name)) return false
  return include === undefined || include.length === 0 || picomatch([...include])(name)
}

/**
 * Returns the scripts by the paths they are reported under. If scripts with different contents have the same path, the one that is on the disk
 * keeps it, and a part of the hash is added to the others.
 */
const nameScripts = (scripts: readonly ScriptCounts[]): Map<string, ScriptCounts[]> => {
  const byPath = groupBy(scripts, ({ path }) => resolve(path))
  const named = new Map<string, ScriptCounts[]>()
  for (const [path, same] of [...byPath].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const contents = groupBy(same, ({ hash }) => hash)
    const onDisk = contents.size > 1 ? textOf(path) : undefined
    for (const [hash, group] of contents)
      named.set(contents.size === 1 || group[0]!.source === onDisk ? path : withHash(path, hash), group)
  }
  return named
}

const groupBy = <T>(list: readonly T[], key: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>()
  for (const item of list) groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  return groups
}

const withHash = (path: string, hash: string): string => {
  const { dir, name, ext } = parse(path)
  return join(dir, `${name}~${hash.slice(0, 6)}${ext}`)
}

const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const belowThresholds = (map: CoverageMap, { thresholds = {} }: CoverageSettings): string[] => {
  const summary = map.getCoverageSummary()
  return MEASURES.flatMap((name) => {
    const [minimum, { pct }] = [thresholds[name], summary[name]]
    return minimum !== undefined && pct < minimum
      ? [`Coverage of ${name} is ${pct} %, below the threshold of ${minimum} %`]
      : []
  })
}
