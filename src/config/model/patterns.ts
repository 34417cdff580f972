/** Maps and ACLs of proxies in the model of a configuration. */
import type { Place } from '../syntax/place.js'

/** A map or ACL in a line of a proxy. */
export interface PatternLine {
  readonly kind: 'map' | 'acl'
  readonly place: Place
  /** number of proxies before it, including the one that contains it */
  readonly proxiesBefore: number
  /** matching method (configuration manual, section 7.1.3) */
  readonly method:
    'found' | 'bool' | 'int' | 'ip' | 'bin' | 'len' | 'str' | 'beg' | 'sub' | 'dir' | 'dom' | 'end' | 'reg' | 'regm'
  /** type of a map's values; undefined for an ACL */
  readonly output: 'str' | 'sint' | 'ipv4' | undefined
  readonly ignoreCase: boolean
  /** the file contains values after the keys */
  readonly withValues: boolean
  /** file name, including `virt@` and `opt@` */
  readonly file: string | undefined
  /** base directory of a relative file name; '' is the working directory of the process */
  readonly directory: string
  /** patterns on the line itself */
  readonly inline: { readonly criterion: string; readonly patterns: readonly string[] } | undefined
  /** prefix of HAProxy's error messages about it */
  readonly problem: string
}
