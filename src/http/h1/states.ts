/**
 * Parser states and message flags, with the numbers and names that `show errors` prints (`enum h1m_state` and `H1_MF_*` in HAProxy's
 * include/haproxy/h1.h).
 */
export enum State {
  RQBEFORE = 0,
  RQBEFORE_CR = 1,
  RQMETH = 2,
  RQMETH_SP = 3,
  RQURI = 4,
  RQURI_SP = 5,
  RQVER = 6,
  RQLINE_END = 7,
  RPBEFORE = 8,
  RPBEFORE_CR = 9,
  RPVER = 10,
  RPVER_SP = 11,
  RPCODE = 12,
  RPCODE_SP = 13,
  RPREASON = 14,
  RPLINE_END = 15,
  HDR_FIRST = 16,
  HDR_NAME = 17,
  HDR_L1_SP = 19,
  HDR_L1_LF = 20,
  HDR_L1_LWS = 21,
  HDR_VAL = 22,
  HDR_L2_LF = 23,
  HDR_L2_LWS = 24,
  LAST_LF = 25,
  CHUNK_SIZE = 26,
  DATA = 27,
  CHUNK_CRLF = 28,
  TRAILERS = 29,
  DONE = 30,
  TUNNEL = 31,
}

/** The name of a state in `show errors`, such as `MSG_HDR_NAME`. */
export const stateName = (state: State): string => `MSG_${State[state]}`

/** Bits of {@link Flags}. */
export const Flag = {
  /** `Content-Length` is present and effective */
  CLEN: 0x1,
  /** chunked is its last transfer coding */
  CHNK: 0x2,
  RESP: 0x4,
  /** HTTP/1.1 or later */
  VER_11: 0x10,
  /** `connection: close` */
  CONN_CLO: 0x20,
  CONN_KAL: 0x40,
  CONN_UPG: 0x80,
  /** the end of the body can be determined from the message */
  XFER_LEN: 0x100,
  /** `Transfer-Encoding` is present */
  XFER_ENC: 0x200,
  /** no pseudo-headers for the start line: always set */
  NO_PHDR: 0x400,
  /** only field lines are parsed, as in trailers */
  HDRS_ONLY: 0x800,
  /** `close` and `keep-alive` are removed from `Connection` */
  CLEAN_CONN_HDR: 0x1000,
  /** response to CONNECT */
  METH_CONNECT: 0x2000,
  /** response to HEAD */
  METH_HEAD: 0x4000,
  UPG_WEBSOCKET: 0x8000,
  TE_CHUNKED: 0x10000,
  /** a transfer coding other than chunked is present */
  TE_OTHER: 0x20000,
  /** an `Upgrade` field is present */
  UPG_HDR: 0x40000,
} as const

/** Bits of {@link Flag}. */
export type Flags = number
