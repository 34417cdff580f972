/** The analysers of requests and responses in the order in which they run (`AN_REQ_*` and `AN_RES_*`, include/haproxy/channel-t.h). */

/** Bits of `Channel.analysers` of requests. */
export const RequestAnalyser = {
  START_FRONTEND: 0x1,
  INSPECT_FRONTEND: 0x2,
  WAIT_HTTP: 0x4,
  HTTP_BODY: 0x8,
  PROCESS_FRONTEND: 0x10,
  SWITCHING_RULES: 0x20,
  START_BACKEND: 0x40,
  INSPECT_BACKEND: 0x80,
  PROCESS_BACKEND: 0x100,
  TARPIT: 0x200,
  SERVER_RULES: 0x400,
  HTTP_INNER: 0x800,
  RDP_COOKIE: 0x1000,
  STICKING_RULES: 0x2000,
  FILTER_HEADERS: 0x4000,
  FORWARD_BODY: 0x8000,
  FILTER_DATA: 0x20000,
  END: 0x40000,
} as const

/** Bits of `Channel.analysers` of responses. */
export const ResponseAnalyser = {
  START_FRONTEND: 0x80000,
  START_BACKEND: 0x100000,
  INSPECT: 0x200000,
  WAIT_HTTP: 0x400000,
  STORE_RULES: 0x800000,
  PROCESS: 0x1000000,
  FILTER_HEADERS: 0x2000000,
  FORWARD_BODY: 0x4000000,
  FILTER_DATA: 0x10000000,
  END: 0x20000000,
} as const
