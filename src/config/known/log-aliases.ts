/**
 * The aliases of log-formats (`logformat_aliases` in src/log.c, "Custom log format" in HAProxy's configuration manual): name, the mode
 * that they are made for, and what a log line waits for if it contains them (`LW_*`): it is not written before that is known.
 */

/** Something of a stream that a log line waits for (include/haproxy/log-t.h). */
export type LogNeed =
  | 'client address'
  | 'frontend address'
  | 'backend address'
  | 'server address'
  | 'server'
  | 'transport'
  | 'request'
  | 'response'
  | 'request headers'
  | 'response headers'
  | 'bytes'

export interface LogAlias {
  readonly name: string
  readonly mode: 'tcp' | 'http'
  readonly needs: readonly LogNeed[]
}

const alias = (mode: LogAlias['mode'], names: string, ...needs: readonly LogNeed[]): readonly LogAlias[] =>
  names.split(' ').map((name) => ({ name, mode, needs }))

const ALIASES: readonly LogAlias[] = [
  // options of the items that follow
  alias('tcp', 'o'),
  alias('tcp', 'H OG T Tl Ts b f ft lc ms pid t tsc'),
  alias('http', 'tr trg trl'),
  alias('tcp', 'ci cp', 'client address', 'transport'),
  alias('tcp', 'fi fp', 'frontend address', 'transport'),
  alias('tcp', 'bi bp', 'backend address'),
  alias('tcp', 'si sp', 'server address'),
  alias('tcp', 's', 'server'),
  alias('tcp', 'sslc sslv', 'transport'),
  alias('tcp', 'rt', 'request'),
  alias('http', 'HM HP HPO HQ HU HV r', 'request'),
  alias('tcp', 'ST', 'response'),
  alias('tcp', 'hr hrl', 'request headers'),
  alias('http', 'CC', 'request headers'),
  alias('tcp', 'hs hsl', 'response headers'),
  alias('http', 'CS', 'response headers'),
  alias('tcp', 'B ID Tc Td Th Tt Tu Tw U ac bc bq fc rc sc sq ts', 'bytes'),
  alias('http', 'TR Ta Ti Tq Tr', 'bytes'),
].flat()

const BY_NAME: ReadonlyMap<string, LogAlias> = new Map(ALIASES.map((each) => [each.name, each]))

/** The alias of this name, which is written `%name`. */
export const logAlias = (name: string): LogAlias | undefined => BY_NAME.get(name)

/** The names of all aliases. */
export const LOG_ALIASES: readonly string[] = [...BY_NAME.keys()]
