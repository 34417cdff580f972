/** The maps and ACLs that lines of proxies name, in the model of a configuration. */
import type { Place } from '../syntax/place.js'

/** A map or a list of patterns that a line of a proxy names. */
export interface PatternLine {
  readonly kind: 'map' | 'acl'
  readonly place: Place
  /** how many proxies begin before it or hold it */
  readonly proxiesBefore: number
  /** how it is matched (section 7.1.3 of the configuration manual) */
  readonly method:
    'found' | 'bool' | 'int' | 'ip' | 'bin' | 'len' | 'str' | 'beg' | 'sub' | 'dir' | 'dom' | 'end' | 'reg' | 'regm'
  /** what a map's values are; undefined for an ACL */
  readonly output: 'str' | 'sint' | 'ipv4' | undefined
  readonly ignoreCase: boolean
  /** the file has values beside its keys */
  readonly withValues: boolean
  /** the name of the file, `virt@` and `opt@` included */
  readonly file: string | undefined
  /** in which it is, unless it names one itself; '' is where the process was started */
  readonly directory: string
  /** patterns on the line itself */
  readonly inline: { readonly criterion: string; readonly patterns: readonly string[] } | undefined
  /** what HAProxy puts before what is wrong with it */
  readonly problem: string
}
