/**
 * The columns that modules add to `show stat` after the `-` column, as a build with TLS and QUIC has them
 * (`stats_module` in include/haproxy/stats-t.h): ssl, h3, quic, h2, h1. They count what a protocol did for an object.
 */
import { TAGS, u64Field, type StatsField } from './field.js'
import type { StatSide } from './columns.js'
import type { Proxy } from '../proxy/proxy.js'

interface StatModule {
  readonly sides: string
  readonly columns: readonly string[]
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/)
const prefixed = (prefix: string, text: string): readonly string[] => words(text).map((word) => `${prefix}_${word}`)

const MODULES: readonly StatModule[] = [
  {
    sides: 'LFBS',
    columns: prefixed('ssl', 'sess reused_sess failed_handshake ocsp_staple failed_ocsp_staple'),
  },
  {
    sides: 'F',
    columns: [
      ...prefixed('h3', 'data headers cancel_push push_promise max_push_id goaway settings no_error'),
      ...prefixed('h3', 'general_protocol_error internal_error stream_creation_error closed_critical_stream'),
      ...prefixed('h3', 'frame_unexpected frame_error excessive_load id_error settings_error missing_settings'),
      ...prefixed('h3', 'request_rejected request_cancelled request_incomplete message_error connect_error'),
      ...words('h3_version_fallback pack_decompression_failed'),
      ...prefixed('qpack', 'encoder_stream_error decoder_stream_error'),
    ],
  },
  {
    sides: 'F',
    columns: [
      ...prefixed('quic', 'rxbuf_full dropped_pkt dropped_pkt_bufoverrun dropped_parsing_pkt socket_full sendto_err'),
      ...prefixed('quic', 'sendto_err_unknwn sent_pkt lost_pkt too_short_dgram retry_sent retry_validated'),
      ...prefixed('quic', 'retry_error half_open_conn hdshk_fail stless_rst_sent conn_migration_done'),
      ...prefixed('quic_transp_err', 'no_error internal_error connection_refused flow_control_error'),
      ...prefixed('quic_transp_err', 'stream_limit_error stream_state_error final_size_error frame_encoding_error'),
      ...prefixed('quic_transp_err', 'transport_parameter_error connection_id_limit protocol_violation_error'),
      ...prefixed('quic_transp_err', 'invalid_token application_error crypto_buffer_exceeded key_update_error'),
      ...prefixed('quic_transp_err', 'aead_limit_reached no_viable_path crypto_error unknown_error'),
      ...prefixed('quic', 'data_blocked stream_data_blocked streams_blocked_bidi streams_blocked_uni'),
    ],
  },
  {
    sides: 'FB',
    columns: [
      ...prefixed('h2', 'headers_rcvd data_rcvd settings_rcvd rst_stream_rcvd goaway_rcvd'),
      ...prefixed('h2', 'detected_conn_protocol_errors detected_strm_protocol_errors rst_stream_resp goaway_resp'),
      ...prefixed('h2', 'open_connections backend_open_streams total_connections backend_total_streams'),
    ],
  },
  {
    sides: 'FB',
    columns: prefixed(
      'h1',
      `open_connections open_streams total_connections total_streams
       bytes_in bytes_out spliced_bytes_in spliced_bytes_out`,
    ),
  },
]

const GAUGES = new Set(
  words('quic_half_open_conn h2_open_connections h2_backend_open_streams h1_open_connections h1_open_streams'),
)

export const MODULE_COLUMNS: readonly string[] = MODULES.flatMap((module) => module.columns)

const line = (side: StatSide): readonly (StatsField | undefined)[] =>
  MODULES.flatMap(({ sides, columns }) =>
    columns.map((name) =>
      sides.includes(side) ? u64Field(GAUGES.has(name) ? TAGS.gauge : TAGS.counter, 0) : undefined,
    ),
  )

/** The columns of modules without any traffic. */
const EMPTY: Readonly<Record<StatSide, readonly (StatsField | undefined)[]>> = {
  L: line('L'),
  F: line('F'),
  B: line('B'),
  S: line('S'),
}

/** The columns of modules for an object of `proxy`, in the order of {@link MODULE_COLUMNS}. */
export const moduleLine = (side: StatSide, proxy: Proxy): readonly (StatsField | undefined)[] => {
  const counters = side === 'F' ? proxy.frontendModules : side === 'B' ? proxy.backendModules : undefined
  if (!counters) return EMPTY[side]
  return MODULE_COLUMNS.map((name, i) => {
    const field = EMPTY[side][i]
    return field && { ...field, value: counters.get(name) }
  })
}
