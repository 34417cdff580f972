/** How the settings of `server` lines are read: one function for each. */
import type { ProxyDraft } from '../proxy/draft.js'
import type { Reading } from '../reading.js'
import type { ServerSettings } from './draft.js'

/** Where a setting stands. */
export interface OptionContext {
  readonly reading: Reading
  readonly proxy: ProxyDraft
  readonly name: string
  /** the word after it */
  readonly value: string
  /** the server's name, as HAProxy's messages have it */
  readonly server: string
  warn(text: string): void
  /** An alert that HAProxy starts in spite of. */
  nonFatalAlert(text: string): void
  /** Says that HAProxy knows `what` and hapsim ignores it. */
  notEmulated(what: string): void
  setId(puid: number): void
}

/** The settings with this one heeded, or what is wrong with it. */
export type ServerOption = (settings: ServerSettings, place: OptionContext) => ServerSettings | string
