/** The ways in which samples are matched against patterns (`PAT_MATCH_…` and the tables by them in src/pattern.c). */
import type { SampleType } from '../samples/types.js'

/** In HAProxy's order: the numbers are those of `Map._str` and its like. */
export const MATCH_METHODS = [
  ...(['found', 'bool', 'int', 'ip', 'bin', 'len', 'str', 'beg', 'sub', 'dir', 'dom', 'end', 'reg', 'regm'] as const),
] as const
export type MatchMethod = (typeof MATCH_METHODS)[number]

/** Besides those that `-m` names: HTTP methods and groups of user lists, which the ACL keywords `method` and `http_auth_group` match. */
export type Matching = MatchMethod | 'method' | 'group'

/** How patterns are parsed and indexed; match methods may share one. */
export type PatternKind =
  | 'nothing'
  | 'integer'
  | 'version'
  | 'network'
  | 'binary'
  | 'string tree'
  | 'prefix tree'
  | 'string'
  | 'regex'
  | 'capturing regex'
  | 'method'

export const KIND_OF: Readonly<Record<Matching, PatternKind>> = {
  found: 'nothing',
  bool: 'nothing',
  int: 'integer',
  ip: 'network',
  bin: 'binary',
  len: 'integer',
  str: 'string tree',
  beg: 'prefix tree',
  sub: 'string',
  dir: 'string',
  dom: 'string',
  end: 'string',
  reg: 'regex',
  regm: 'capturing regex',
  method: 'method',
  group: 'string',
}

/** What a sample is cast to before it is matched (`pat_match_types`). */
export const MATCHED_TYPE: Readonly<Record<Matching, SampleType>> = {
  found: 'sint',
  bool: 'sint',
  int: 'sint',
  ip: 'addr',
  bin: 'bin',
  len: 'str',
  str: 'str',
  beg: 'str',
  sub: 'str',
  dir: 'str',
  dom: 'str',
  end: 'str',
  reg: 'str',
  regm: 'str',
  method: 'meth',
  group: 'str',
}

/** The match method for samples of a type where none is given; undefined: no default, `-m` is mandatory. */
export const defaultMatchMethod = (type: SampleType): MatchMethod | undefined => {
  switch (type) {
    case 'bool':
      return 'bool'
    case 'sint':
      return 'int'
    case 'addr':
    case 'ipv4':
    case 'ipv6':
      return 'ip'
    case 'str':
      return 'str'
    default:
      return undefined
  }
}
