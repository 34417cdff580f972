/**
 * The sample fetches and converters that hapsim emulates in checks. Using any other one of HAProxy's causes a warning.
 */

/** Minimum and maximum number of arguments. */
type Arity = readonly [number, number]

/** Emulated sample fetches. */
export const FETCHES = {
  var: [1, 2],
  str: [1, 1],
  int: [1, 1],
  bool: [1, 1],
  bin: [1, 1],
  env: [1, 1],
  date: [0, 2],
  hostname: [0, 0],
  pid: [0, 0],
  rand: [0, 1],
  always_true: [0, 0],
  always_false: [0, 0],
  be_name: [0, 0],
  be_id: [0, 0],
  srv_name: [0, 0],
  srv_id: [0, 0],
  'res.len': [0, 0],
  'res.payload': [2, 2],
  'res.body': [0, 0],
  'res.hdr': [0, 2],
  'res.fhdr': [0, 2],
  'res.ver': [0, 0],
  status: [0, 0],
} as const satisfies Record<string, Arity>

/** Emulated converters. */
export const CONVERTERS = {
  hex: [0, 0],
  htonl: [0, 0],
  lower: [0, 0],
  upper: [0, 0],
  length: [0, 0],
  cut_crlf: [0, 0],
  ltrim: [1, 1],
  rtrim: [1, 1],
  bytes: [1, 2],
  concat: [0, 3],
  add: [1, 1],
  sub: [1, 1],
  mul: [1, 1],
  div: [1, 1],
  mod: [1, 1],
  and: [1, 1],
  or: [1, 1],
  xor: [1, 1],
  neg: [0, 0],
  not: [0, 0],
  bool: [0, 0],
  word: [2, 3],
  field: [2, 3],
  base64: [0, 0],
} as const satisfies Record<string, Arity>

/** Name of an emulated sample fetch. */
export type FetchName = keyof typeof FETCHES
/** Name of an emulated converter. */
export type ConverterName = keyof typeof CONVERTERS

/** Fetches that HAProxy allows in check rules and hapsim does not emulate (`haproxy -dKsmp`). */
export const OTHER_FETCH =
  /^(?:acl|accept_date|act_conn|avg_queue|bc[._]\w+|be_\w+|bs\.\w+|capture\.res\.hdr|connslots|cookie|cpu_\w+|cur_\w+|date_us|distcc_\w+|dst\w*|fc[._]\w+|fe_\w+|hdr|internal\.[\w.]+|ipv[46]|last_\w+|lat_ns_\w+|meth|nbproc|nbsrv|payload(?:_lv)?|prio_\w+|proc|queue|quic_enabled|rep_ssl_hello_type|req\.[\w.]+|res\.[\w.]+|resp_ver|sc[012]?_\w+|scook\w*|server_status|shdr\w*|spoe\.engine-id|src\w*|srv_\w+|ssl_\w+|stopping|table_\w+|term_events|thread|txn\.[\w.]+|unique-id|uptime|uuid|wait_end|waiting_entity)$/

/** Converters of HAProxy that hapsim does not emulate (`haproxy -dKcnv`). */
export const OTHER_CONVERTER =
  /^(?:add_item|aes_\w+|b64dec|be2dec|be2hex|capture-re[qs]|case|cpl|crc32c?|cut|da-csv-conv|debug|digest|djb2|even|fix_\w+|fe|host_only|hmac|http_date|iif|in_table|ipmask|json|json_query|jwt_\w+|language|le2dec|ltime|lua\.\w+|map\w*|ms_ltime|ms_utime|mqtt_\w+|nbsrv|odd|param|port_only|protobuf|regsub|reverse|rfc7239_\w+|sdbm|secure_memcmp|sha1|sha2|srv_queue|strcmp|table_\w+|ub64dec|ub64enc|ungrpc|unset-var|set-var|url_dec|url_enc|us_ltime|us_utime|utime|when|wt6|x509_v_err_str|xxh3|xxh32|xxh64|bytes|hex2i|bc_\w+|reverse_dom|map_\w+|x509_\w+)$/
