/** Log-formats of proxies as they are written, and those that options stand for (src/log.c). */
import type { Place } from '../syntax/place.js'

/** A log-format as it is written. */
export interface WrittenFormat {
  readonly text: string
  /** what has set it: a keyword, or `option x`, which has one of HAProxy's formats */
  readonly setBy: string
  readonly place: Place
}

const HTTP =
  '%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r'
const TCP = '%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq'

/** The formats of options (`default_http_log_format` and its like in src/log.c). */
export const OPTION_FORMATS: Readonly<Record<string, string>> = {
  'option httplog': HTTP,
  'option httplog clf':
    '%{+Q}o %{-Q}ci - - [%trg] %r %ST %B "" "" %cp %ms %ft %b %s %TR %Tw %Tc %Tr %Ta %tsc %ac %fc %bc %sc %rc %sq %bq %CC %CS %hrl %hsl',
  'option httpslog': `${HTTP} %[fc_err]/%[ssl_fc_err,hex]/%[ssl_c_err]/%[ssl_c_ca_err]/%[ssl_fc_is_resumed] %[ssl_fc_sni]/%sslv/%sslc`,
  'option tcplog': TCP,
  'option tcplog clf':
    '%{+Q}o %{-Q}ci - - [%T] "TCP " 000 %B "" "" %cp %ms %ft %b %s %Th %Tw %Tc %Tt %U %ts-- %ac %fc %bc %sc %rc %sq %bq "" "" ',
}

/** What options for HTTP become in other modes (`proxy_cfg_ensure_no_http`). */
const WITHOUT_HTTP: Readonly<Record<string, string>> = {
  'option httplog': 'option tcplog',
  'option httplog clf': 'option tcplog clf',
  'option httpslog': 'option tcplog',
}

/** The format that replaces one of the options for HTTP; undefined for other formats. */
export const withoutHttp = (format: WrittenFormat): WrittenFormat | undefined => {
  const setBy = WITHOUT_HTTP[format.setBy]
  return setBy === undefined ? undefined : { ...format, setBy, text: OPTION_FORMATS[setBy]! }
}
