/**
 * The state of parsing a configuration: diagnostics, the environment, and the sections parsed so far.
 *
 * HAProxy parses everything twice. The first pass ("discovery") splits all lines, evaluates conditions and processes only
 * the keywords that affect startup and the environment; errors in it end parsing before
 * the second pass. {@link ParseContext.early} has the messages of the first, {@link ParseContext.main} those of the second.
 */
import { DefaultPath } from './global/default-path.js'
import type { LuaNames, LuaRegistration, LuaUse } from './model/lua.js'
import type { TlsBindLine } from './bind/tls-validity.js'
import type { RuleSet } from './checks/ruleset.js'
import type { ProxyDraft, DefaultsDraft } from './proxy/draft.js'
import { PatternUses } from './rules/pattern-uses.js'
import type { VariableStep } from './model/variables.js'
import type { StoredResponse } from '../http/index.js'
import type { ReadFile } from './files.js'
import type { KeyFile } from './model/key-file.js'
import type { Certificates } from '../net/tls.js'
import type { ServerSettings } from './server/draft.js'
import { Tables } from './tables/table-draft.js'
import type { SectionDrafts, SectionKey } from './section-drafts.js'
import type { Place } from './syntax/place.js'
import { Diagnostics, type Diagnostic } from './syntax/diagnostics.js'
import { makeGlobalDraft, type GlobalDraft } from './global/draft.js'
import { ANY_ACCOUNTS, type Accounts } from './global/accounts.js'
import { Guids } from './guids.js'
import type { Gap, GapArea } from './syntax/gaps.js'
import { areaOfSilent } from './known/areas.js'
import type { SampleKeywords, SampleScope } from './samples/keywords.js'
import type { VariableName } from './samples/variables.js'
import type { Environment } from './syntax/environment.js'
import type { Line } from './syntax/line.js'

/** The result of parsing a line: `fatal` (ERR_FATAL) prevents startup, `abort` (ERR_ABORT) also stops parsing. */
export type LineResult = 'ok' | 'fatal' | 'abort'

/** Parses one line of a section, including the first line, which names the section. */
export type SectionParser = (context: ParseContext, line: Line) => LineResult

/** Parse options and access to the host. */
export interface ParseOptions {
  readonly accounts?: Accounts | undefined
  readonly resolve: (name: string) => readonly string[]
  readonly version: string
  /** returns the content of `/etc/resolv.conf`; undefined if it is not readable */
  readonly resolvConf?: (() => string | undefined) | undefined
  /** the HTTP client resolves names by the name servers of that file, where there is no section `resolvers default` */
  readonly usesMachineResolvers?: boolean | undefined
  /** loads certificate files; undefined: they are assumed to be valid */
  readonly certificates?: Certificates | undefined
  readonly keepUnresolved?: boolean | undefined
  readonly descriptorError?: ((fd: number) => string | undefined) | undefined
  readonly directoryError?: ((path: string) => string | undefined) | undefined
  readonly localPeer?: LocalPeer | undefined
  /** the number of processors; undefined: not known, and nothing is said of too many threads */
  readonly processors?: number | undefined
  /** reads files that belong to the configuration; undefined: they are assumed to be valid */
  readonly readFile?: ReadFile | undefined
  readonly workingDirectory?: string | undefined
  /** what scripts have registered; undefined: they are not loaded yet */
  readonly scripts?: LuaNames | undefined
  /** the fetches and converters that are emulated */
  readonly samples: SampleKeywords
}

/** The name of the process among its peers; can be overridden with `localpeer`. */
export interface LocalPeer {
  readonly name: string
  /** set by `-L`, which takes precedence over `localpeer` */
  readonly fromCommandLine: boolean
}

/** The use of a ring or output by name (`sink_find_early` in src/sink.c). */
export interface SinkUse {
  /** a byte string */
  readonly name: string
  /** what uses it, as the message about a missing one has it */
  readonly user: string
  readonly place: Place
}

/** Size limit of the cache of server settings. */
const MAX_CACHED_SETTINGS = 1000

/** The state shared by all section parsers. */
export class ParseContext {
  readonly early = new Diagnostics()
  readonly main = new Diagnostics()
  readonly global: GlobalDraft = makeGlobalDraft()
  readonly proxies: ProxyDraft[] = []
  /** stick tables of proxies and of `peers` sections */
  readonly tables = new Tables()
  /** patterns of ACLs and maps */
  readonly patterns: PatternUses
  readonly variableSteps: VariableStep[] = []
  readonly keyFiles: KeyFile[] = []
  /** what scripts must register */
  readonly luaUses: LuaUse[] = []
  /** rings and outputs that are named before all rings are known */
  readonly sinkUses: SinkUse[] = []
  /** `defaults` sections by name, latest first */
  readonly defaults = new Map<string, DefaultsDraft[]>()
  /** sections by name; an array in the order of the text if several share a name */
  private readonly sectionsByName = new Map<string, ProxyDraft | ProxyDraft[]>()
  readonly proxiesByUuid = new Map<number, ProxyDraft>()
  readonly guids = new Guids()
  /** a section other than `global` has been seen */
  pastGlobal = false
  /** the `defaults` section used by sections without `from` */
  lastDefaults: DefaultsDraft | undefined
  /** seen keywords of those that may be used only once */
  readonly usedOnce = new Set<string>()
  /** name of the current section */
  section = ''
  /** the line that is being parsed */
  line: Line | undefined
  /** keyword of the current section */
  sectionKeyword = ''
  currentProxy: ProxyDraft | undefined
  /** names of certificates in `crt-store` sections */
  readonly storedCertificates = new Set<string>()

  /** cache of parsed server settings, by initial settings and text */
  readonly serverSettings = new Map<ServerSettings, Map<string, ServerSettings>>()

  readonly silentGaps: Gap[] = []
  /** lines that were parsed only partially */
  readonly unparsed: Place[] = []

  localPeer: string
  /** `master-worker`, or `-W` */
  masterWorker = false

  /** base directory of relative file names */
  readonly defaultPath: DefaultPath

  /** error files by name; `response` is undefined for an empty one */
  readonly errorFiles = new Map<string, { readonly response: StoredResponse | undefined }>()

  /** all check rule sets */
  readonly ruleSets: RuleSet[] = []

  readonly options: ParseOptions

  constructor(
    readonly env: Environment,
    options: ParseOptions,
    /** makes what arguments of expressions may refer to at a line */
    scopeOf?: (context: ParseContext) => SampleScope,
  ) {
    const declared = new Set<string>()
    const declareVariable = (variable: VariableName): void => {
      if (variable.scope !== 'proc' || declared.has(variable.name)) return
      declared.add(variable.name)
      this.variableSteps.push({ type: 'declare', variable })
    }
    this.options = { ...options, samples: { ...options.samples, declareVariable, scope: scopeOf?.(this) } }
    this.localPeer = options.localPeer?.name ?? 'haproxy'
    this.patterns = new PatternUses(options)
    this.defaultPath = new DefaultPath(
      options.directoryError ?? (() => undefined),
      options.workingDirectory ?? env.get('PWD'),
    )
  }

  /**
   * Records the use of a name that a script must register.
   * @returns undefined if none does; `open` if the scripts are not loaded yet
   */
  useLua(use: LuaUse): LuaRegistration | 'open' | undefined {
    this.luaUses.push(use)
    const { scripts } = this.options
    return scripts ? scripts.find(use.kind, use.name, use.environment) : 'open'
  }

  /** Ignores `line` without a diagnostic, as it has no observable effect in a simulation. */
  ignoreSilently(line: Line): 'ok' {
    const what = line.at(0) === 'option' ? `option ${line.at(1)}` : line.at(0)
    this.silentGaps.push({ place: line.place, what: `'${what}'`, area: areaOfSilent(line.at(0)) })
    return 'ok'
  }

  /** Records that `line` was parsed only partially: errors in the rest are not detected. */
  markUnparsed(line: Line): void {
    this.unparsed.push(line.place)
  }

  get accounts(): Accounts {
    return this.options.accounts ?? ANY_ACCOUNTS
  }

  addRuleSet<Kept extends RuleSet>(rules: Kept): Kept {
    this.ruleSets.push(rules)
    return rules
  }

  cacheServerSettings(begin: ServerSettings, text: string, settings: ServerSettings): void {
    let kept = this.serverSettings.get(begin)
    if (!kept || kept.size >= MAX_CACHED_SETTINGS) this.serverSettings.set(begin, (kept = new Map()))
    kept.set(text, settings)
  }

  /** bind lines with `ssl` */
  readonly tlsBinds: TlsBindLine[] = []

  private readonly draftsByKey = new Map<SectionKey<never>, SectionDrafts<never>>()

  /** The sections of one kind that have been parsed so far. */
  drafts<Draft extends { readonly name: string }>(key: SectionKey<Draft>): SectionDrafts<Draft> {
    // the key of a map entry is the one that created its value
    const drafts = this.draftsByKey as Map<unknown, unknown> as Map<SectionKey<Draft>, SectionDrafts<Draft>>
    let found = drafts.get(key)
    if (!found) drafts.set(key, (found = key.create()))
    return found
  }

  private laterPlace: Place | undefined

  /** The line of the expression that is being parsed. */
  get expressionPlace(): Place | undefined {
    return this.laterPlace ?? this.line?.place
  }

  /** Parses an expression of an earlier line, once all lines are read. */
  atPlace<T>(place: Place, parse: () => T): T {
    this.laterPlace = place
    try {
      return parse()
    } finally {
      this.laterPlace = undefined
    }
  }

  /** Makes `section` available to lookups by name. */
  registerSection(section: ProxyDraft): void {
    const known = this.sectionsByName.get(section.name)
    if (known === undefined) this.sectionsByName.set(section.name, section)
    else if (Array.isArray(known)) known.push(section)
    else this.sectionsByName.set(section.name, [known, section])
  }

  private first(name: string, matches: (section: ProxyDraft) => boolean): ProxyDraft | undefined {
    const known = this.sectionsByName.get(name)
    if (known === undefined) return undefined
    if (Array.isArray(known)) return known.find(matches)
    return matches(known) ? known : undefined
  }

  hasSection(name: string): boolean {
    return this.sectionsByName.has(name)
  }

  /** The first backend or listen of this name. */
  backend(name: string): ProxyDraft | undefined {
    return this.first(name, (section) => section.kind === 'backend' || section.kind === 'listen')
  }

  /** The first frontend or listen of this name. */
  frontend(name: string): ProxyDraft | undefined {
    return this.first(name, (section) => section.kind === 'frontend' || section.kind === 'listen')
  }

  /** The first section with this name: a proxy, else a `defaults`. */
  findSection(name: string): ProxyDraft | undefined {
    return this.first(name, (section) => section.kind !== 'defaults') ?? this.first(name, () => true)
  }

  /** A fatal alert: `parsing [file:line] : message`. */
  readonly alert = (line: Line, message: string): 'fatal' => {
    this.main.parsing('alert', line.place, message)
    return 'fatal'
  }

  /** A fatal alert without the space before the colon, as some of HAProxy's messages: `parsing [file:line]: message`. */
  readonly alertWithoutSpace = (line: Line, message: string): 'fatal' => {
    this.main.add('alert', `config : parsing [${line.file}:${line.line}]: ${message}`, line.place)
    return 'fatal'
  }

  /** Whether experimental keywords such as that of `line` are allowed; if not, reports it. */
  allowsExperimental(line: Line): boolean {
    if (this.global.allowsExperimental) return true
    this.alert(
      line,
      `'${line.at(0)}' directive is experimental, must be allowed via a global 'expose-experimental-directives'`,
    )
    return false
  }

  /** A fatal alert without any prefix. */
  readonly rawAlert = (line: Line, text: string): 'fatal' => {
    this.main.add('alert', text, line.place)
    return 'fatal'
  }

  /** An alert without any prefix that does not prevent startup. */
  readonly nonFatalAlert = (line: Line, text: string): void => {
    this.main.add('alert', text, line.place)
  }

  readonly warn = (line: Line, message: string): void => {
    this.main.parsing('warning', line.place, message)
  }

  /** A warning without the space before the colon: `parsing [file:line]: message`. */
  readonly warnWithoutSpace = (line: Line, message: string): void => {
    this.main.add('warning', `config : parsing [${line.file}:${line.line}]: ${message}`, line.place)
  }

  /** Records what of a line is not emulated, without a warning. */
  addGaps(place: Place, gaps: readonly string[]): void {
    for (const what of gaps) this.silentGaps.push({ place, what, area: 'traffic' })
  }

  /** Warns that hapsim does not emulate `what`. */
  readonly notEmulated = (line: Line, what: string, area: GapArea): 'ok' => {
    this.main.notEmulated(line.place, what, area)
    return 'ok'
  }

  /** Rejects a line with more than `max` arguments after the first `1 + skipped` words (`too_many_args_idx`). */
  tooManyWords(line: Line, max: number, skipped = 0): boolean {
    const extra = line.at(skipped + max + 1)
    if (extra === '') return false
    this.alert(line, tooManyWordsText(line, extra, skipped))
    return true
  }
}

/** HAProxy's message about an extra argument. */
export const tooManyWordsText = (line: Line, extra: string, skipped = 0): string =>
  `'${line.words.slice(0, skipped + 1).join(' ')}' cannot handle unexpected argument '${extra}'.`

export type { Diagnostic }
