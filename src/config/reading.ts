/**
 * What one reading of a configuration carries along: the messages, the environment and what has been made so far.
 *
 * HAProxy reads everything twice, each time with the environment as it is by then. The first time ("discovery") it splits all
 * lines, evaluates conditions and heeds only the keywords that decide how the process starts; errors found then end it before
 * the second pass. {@link Reading.early} has the messages of the first, {@link Reading.main} those of the second.
 */
import { DefaultPath } from './global/default-path.js'
import type { TlsBindLine } from './bind/tls-validity.js'
import type { RuleSet } from './checks/ruleset.js'
import type { MailersDraft, ProxyDraft, DefaultsDraft } from './proxy/draft.js'
import type { PatternLine } from './model/patterns.js'
import type { ResolversDraft } from './sections/resolvers-draft.js'
import type { Certificates } from '../net/tls.js'
import type { ServerSettings } from './server/draft.js'
import type { CrtStoreDraft } from './sections/crt-store-draft.js'
import type { Place } from './syntax/place.js'
import { Diagnostics, type Diagnostic } from './syntax/diagnostics.js'
import { makeGlobalDraft, type GlobalDraft } from './global/draft.js'
import { ANY_ACCOUNTS, type Accounts } from './global/accounts.js'
import type { Gap, GapArea } from './syntax/gaps.js'
import { areaOfSilent } from './known/areas.js'
import type { Environment } from './syntax/environment.js'
import type { Line } from './syntax/line.js'

/** How reading a line went. `fatal`: HAProxy will not start, but reads on. `abort`: it stops reading here. */
export type LineResult = 'ok' | 'fatal' | 'abort'

/** Reads one line of a section; the first line names the section itself. */
export type SectionReader = (reading: Reading, line: Line) => LineResult

/** What is known about a whole reading, and where its messages go. */
export interface ReadingOptions {
  readonly accounts?: Accounts | undefined
  readonly resolve: (name: string) => readonly string[]
  readonly version: string
  /** the text of `/etc/resolv.conf`, undefined when it cannot be read */
  readonly resolvConf?: (() => string | undefined) | undefined
  /** looks at files of certificates; undefined: they are taken as good */
  readonly certificates?: Certificates | undefined
  readonly keepUnresolved?: boolean | undefined
  readonly descriptorError?: ((fd: number) => string | undefined) | undefined
  readonly directoryError?: ((path: string) => string | undefined) | undefined
  readonly localPeer?: LocalPeer | undefined
}

/** How the process calls itself among its peers, unless `localpeer` says otherwise. */
export interface LocalPeer {
  readonly name: string
  /** `-L` has set it, which `localpeer` does not change */
  readonly fromCommandLine: boolean
}

/** So many different lines of servers are remembered at most. */
const MAX_CACHED_SETTINGS = 1000

export class Reading {
  readonly early = new Diagnostics()
  readonly main = new Diagnostics()
  readonly global: GlobalDraft = makeGlobalDraft()
  readonly mailers: MailersDraft[] = []
  readonly resolvers: ResolversDraft[] = []
  readonly proxies: ProxyDraft[] = []
  readonly patterns: PatternLine[] = []
  /** by their names, the latest first where several share one */
  readonly defaults = new Map<string, DefaultsDraft[]>()
  /** sections by name; an array where several share one, in the order of the text */
  private readonly sectionsByName = new Map<string, ProxyDraft | ProxyDraft[]>()
  readonly proxiesByUuid = new Map<number, ProxyDraft>()
  /** set once any section but `global` has begun */
  pastGlobal = false
  /** the `defaults` that a section without `from` takes */
  lastDefaults: DefaultsDraft | undefined
  /** keywords that may be used once only and were */
  readonly usedOnce = new Set<string>()
  /** the section being read, as it calls itself */
  section = ''
  /** reads the lines of the current section, which this keyword began */
  currentReader: SectionReader | undefined
  sectionKeyword = ''
  currentProxy: ProxyDraft | undefined
  currentMailers: MailersDraft | undefined
  currentCrtStore: CrtStoreDraft | undefined
  /** names of certificates that sections `crt-store` have */
  readonly storedCertificates = new Set<string>()

  /** what lines of servers came to, by what they began with and by their text */
  readonly serverSettings = new Map<ServerSettings, Map<string, ServerSettings>>()

  readonly silentGaps: Gap[] = []
  /** lines of which nothing, or not all, was read but their keyword */
  readonly unparsed: Place[] = []

  localPeer: string
  /** `master-worker`, or `-W` */
  masterWorker = false

  /** where files are that lines name */
  readonly defaultPath: DefaultPath

  /** every list of rules for checks */
  readonly ruleSets: RuleSet[] = []

  constructor(
    readonly env: Environment,
    readonly options: ReadingOptions,
  ) {
    this.localPeer = options.localPeer?.name ?? 'haproxy'
    this.defaultPath = new DefaultPath(options.directoryError ?? (() => undefined))
  }

  /** Notes that `line` is passed over without a word: nobody could tell whether it was heeded. */
  ignoreSilently(line: Line): 'ok' {
    this.silentGaps.push({ place: line.place, what: `'${line.at(0)}'`, area: areaOfSilent(line.at(0)) })
    return 'ok'
  }

  /** Notes that HAProxy reads more of `line`: what is wrong in it is not found. */
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

  /** the lines of frontends that speak TLS */
  readonly tlsBinds: TlsBindLine[] = []

  /** Makes `section` one that is found by its name. */
  registerSection(section: ProxyDraft): void {
    const known = this.sectionsByName.get(section.name)
    if (known === undefined) this.sectionsByName.set(section.name, section)
    else if (Array.isArray(known)) known.push(section)
    else this.sectionsByName.set(section.name, [known, section])
  }

  private first(name: string, wanted: (section: ProxyDraft) => boolean): ProxyDraft | undefined {
    const known = this.sectionsByName.get(name)
    if (known === undefined) return undefined
    if (Array.isArray(known)) return known.find(wanted)
    return wanted(known) ? known : undefined
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

  /** The section that HAProxy finds first under this name: a proxy, or else a `defaults`. */
  findSection(name: string): ProxyDraft | undefined {
    return this.first(name, (section) => section.kind !== 'defaults') ?? this.first(name, () => true)
  }

  /** An alert that keeps HAProxy from starting: `parsing [file:line] : message`. */
  readonly alert = (line: Line, message: string): 'fatal' => {
    this.main.parsing('alert', line.place, message)
    return 'fatal'
  }

  /** The same where HAProxy leaves out the space before the colon. */
  readonly alertWithoutSpace = (line: Line, message: string): 'fatal' => {
    this.main.add('alert', `config : parsing [${line.file}:${line.line}]: ${message}`, line.place)
    return 'fatal'
  }

  /** An alert in full words. */
  readonly rawAlert = (line: Line, text: string): 'fatal' => {
    this.main.add('alert', text, line.place)
    return 'fatal'
  }

  /** An alert that HAProxy starts in spite of, in full words. */
  readonly nonFatalAlert = (line: Line, text: string): void => {
    this.main.add('alert', text, line.place)
  }

  readonly warn = (line: Line, message: string): void => {
    this.main.parsing('warning', line.place, message)
  }

  /** Says that HAProxy knows `what` and hapsim ignores it. */
  readonly notEmulated = (line: Line, what: string, area: GapArea): 'ok' => {
    const gap = { place: line.place, what, area }
    this.main.hapsimWarning(line.place, `${what} is known to HAProxy but not emulated by hapsim yet: ignored.`, gap)
    return 'ok'
  }

  /** Refuses a line that has more than `most` words after its first `1 + skipped`. */
  tooManyWords(line: Line, most: number, skipped = 0): boolean {
    const extra = line.at(skipped + most + 1)
    if (extra === '') return false
    this.alert(line, tooManyWordsText(line, extra, skipped))
    return true
  }
}

export const tooManyWordsText = (line: Line, extra: string, skipped = 0): string =>
  `'${line.words.slice(0, skipped + 1).join(' ')}' cannot handle unexpected argument '${extra}'.`

export type { Diagnostic }
