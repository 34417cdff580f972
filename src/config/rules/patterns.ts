/**
 * Maps and ACLs in lines of proxies. Only the pattern files and matching methods are parsed, not the rules (`parse_acl_expr` in
 * src/acl.c, `sample_load_map` in src/map.c).
 */
import { proxyTypeName, type ProxyDraft } from '../proxy/draft.js'
import type { Line } from '../syntax/line.js'
import type { PatternLine } from '../model/patterns.js'
import type { ParseContext } from '../parse-context.js'

/** Keywords of lines that may contain sample expressions or conditions. */
export const PATTERN_KEYWORDS: ReadonlySet<string> = new Set(
  (
    'acl use_backend use-server redirect http-request http-response http-after-response tcp-request tcp-response ' +
    'log-format log-format-sd error-log-format unique-id-format monitor stick force-persist ignore-persist capture'
  ).split(' '),
)

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

/** Fetches by type: addresses, booleans and integers; most integers are recognized by suffix. */
const ADDRESSES = words('src dst bc_src bc_dst fc_src fc_dst')
const FLAGS = words(
  'acl always_false always_true bool dst_is_local fc_dst_is_local fc_rcvd_proxy fc_src_is_local http_auth ' +
    'http_first_req quic_enabled req.proto_http req_proto_http res.comp src_is_local srv_is_up ssl_bc ssl_c_used ssl_fc ' +
    'ssl_fc_has_crt ssl_fc_has_early ssl_fc_has_sni ssl_fc_is_resumed stopping txn.redispatched wait_end',
)
const INTEGERS = words(
  'int date date_us rand queue proc pid nbproc nbsrv thread uptime status txn.status connslots distcc_param url32 ' +
    'base32 prio_class prio_offset bytes_in bytes_out dst_conn be_conn fe_conn srv_conn be_id fe_id srv_id so_id',
)
const INTEGER_SUFFIX =
  /(?:_cnt|_rate|_cur|_val|_port|\.len|_len|_size|_rtt|_err|_queue|_conn|_free|_timeout|_weight|_keysize|_gpc\d?|_gpt\d?)$/
const STRING_SUFFIX = /_(beg|dir|dom|end|len|reg|sub)$/

/** The default matching method of an ACL on `criterion`. */
const methodOf = (criterion: string): PatternLine['method'] => {
  if (ADDRESSES.has(criterion) || criterion.endsWith('hdr_ip')) return 'ip'
  if (INTEGERS.has(criterion) || INTEGER_SUFFIX.test(criterion))
    return criterion.endsWith('_len') && !criterion.endsWith('req_len') ? 'len' : 'int'
  if (FLAGS.has(criterion)) return 'bool'
  return (STRING_SUFFIX.exec(criterion)?.[1] as PatternLine['method'] | undefined) ?? 'str'
}

const METHODS = words('found bool int ip bin len str beg sub dir dom end reg regm')

/** Records the patterns of a line. */
export const recordPatterns = (context: ParseContext, line: Line, proxy: ProxyDraft): void => {
  const owner = proxy.kind === 'defaults' ? 'defaults' : `${proxyTypeName(proxy)} '${proxy.name}'`
  if (line.at(0) === 'acl') {
    recordAcl(context, line, 2, line.words.length, `error detected while parsing ACL '${line.at(1)}' : `)
    return
  }
  const rule = `error detected in ${owner} while parsing '${line.at(0)} ${line.at(1)}' rule : `
  for (let at = 1; at < line.words.length; at++) {
    const word = line.at(at)
    if (word === '{') {
      const end = line.words.indexOf('}', at)
      recordAcl(context, line, at + 1, end < 0 ? line.words.length : end, rule)
    } else if (word.includes('map')) recordMaps(context, line, word, rule)
  }
}

/** `map`, `map_beg`, `map_ip_int` … with the name of the map as first argument. */
const MAP =
  /,(map(?:_(str|beg|sub|dir|dom|end|reg|regm|int|ip))?(?:_(int|ip|key))?)\(\s*("[^"]*"|'[^']*'|[^,)]*)[^)]*\)/g

const recordMaps = (context: ParseContext, line: Line, text: string, rule: string): void => {
  for (const match of text.matchAll(MAP)) {
    const [, name, method, output, file] = match
    const begin = text.lastIndexOf('[', match.index) + 1
    const problem = `${rule}failed to parse sample expression <${text.slice(begin)}> : invalid args in converter '${name}' : `
    add(context, line, {
      kind: 'map',
      method: (method ?? 'str') as PatternLine['method'],
      output: output === 'int' ? 'sint' : output === 'ip' ? 'ipv4' : 'str',
      ignoreCase: false,
      withValues: true,
      file: file!.replace(/^(["'])(.*)\1$/, '$2'),
      inline: undefined,
      problem,
    })
  }
}

/** `criterion [flags] [patterns]` from word `from` on. */
const recordAcl = (context: ParseContext, line: Line, from: number, end: number, problem: string): void => {
  const expression = line.at(from)
  const criterion = /^[\w.-]*/.exec(expression)![0]
  recordMaps(context, line, expression, problem)
  let method = expression.includes(',') ? 'str' : methodOf(criterion)
  let [ignoreCase, withValues, at] = [false, false, from + 1]
  const files: string[] = []
  for (; at < end && line.at(at).startsWith('-'); at++) {
    const flag = line.at(at)
    if (flag === '--') {
      at++
      break
    }
    if (flag === '-i') ignoreCase = true
    else if (flag === '-M') withValues = true
    else if (flag === '-f') files.push(line.at(++at))
    else if (flag === '-u') at++
    else if (flag === '-m') {
      const wanted = line.at(++at)
      if (METHODS.has(wanted)) method = wanted as PatternLine['method']
    } else if (flag !== '-n') break
  }
  const shared = { kind: 'acl' as const, method, output: undefined, ignoreCase, problem }
  for (const file of files) add(context, line, { ...shared, withValues, file, inline: undefined })
  const patterns = method === 'int' || method === 'len' ? ranges(line.words.slice(at, end)) : line.words.slice(at, end)
  add(context, line, { ...shared, withValues: false, file: undefined, inline: { criterion, patterns } })
}

/** Converts comparisons to ranges: `gt 5` becomes `6:`. */
const ranges = (patterns: readonly string[]): string[] => {
  const result: string[] = []
  let operator = 'eq'
  for (const pattern of patterns) {
    if (/^(?:eq|gt|ge|lt|le)$/.test(pattern)) operator = pattern
    else if (operator === 'eq' || !/^-?\d{1,15}$/.test(pattern)) result.push(pattern)
    else if (operator === 'gt') result.push(`${Number(pattern) + 1}:`)
    else if (operator === 'ge') result.push(`${pattern}:`)
    else result.push(`:${operator === 'lt' ? Number(pattern) - 1 : pattern}`)
  }
  return result
}

const add = (
  context: ParseContext,
  line: Line,
  use: Omit<PatternLine, 'place' | 'proxiesBefore' | 'directory'>,
): void => {
  context.patterns.push({
    ...use,
    directory: context.defaultPath.directory,
    place: line.place,
    proxiesBefore: context.proxies.length,
  })
}
