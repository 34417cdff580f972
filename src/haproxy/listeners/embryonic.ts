/**
 * A session whose client has not completed the handshakes of its connection: it waits for `timeout client-hs`, and is closed with a log line
 * if they fail (`session_kill_embryonic`, src/session.c).
 */
import { connectionErrorText, type ConnectionError } from '../connections/errors.js'
import { MILLISECOND } from '../../engine/clock.js'
import { isIp } from '../../net/address.js'
import { localDateText } from '../logs/aliases/dates.js'
import type { Transport } from '../mux/transport.js'
import { formatText } from '../samples/log-format.js'
import type { StreamContext } from '../streams/context.js'
import type { Session } from '../streams/session.js'
import { samplesOfUnstarted } from '../streams/session-log.js'

/** Errors of clients that have sent nothing, which `option dontlognull` hides. */
const WITHOUT_DATA: ReadonlySet<ConnectionError> = new Set([
  'NONE',
  'PRX_EMPTY',
  'PRX_ABORT',
  'CIP_EMPTY',
  'CIP_ABORT',
  'SSL_EMPTY',
  'SSL_ABORT',
])

/**
 * Waits for the handshakes of a transport that is not ready.
 * @param completed called when they are complete; returns false if the session is refused
 * @param failed called when the connection has been closed instead
 */
export const awaitHandshakes = (
  context: StreamContext,
  session: Session,
  transport: Transport,
  completed: () => boolean,
  failed: () => void,
): void => {
  const { threads, clock } = context.process
  const { timeouts } = session.frontend.config
  const end = (error: ConnectionError): void => {
    task.kill()
    transport.onEvent = () => {}
    session.connectionError = error
    logFailure(context, session)
    transport.close()
    failed()
  }
  const check = (): void => {
    if (transport.error !== undefined) end(transport.handshakeError ?? 'NONE')
    else if (transport.isReady) {
      task.kill()
      session.handshakeTime = Math.floor((clock.now - session.acceptedAt) / MILLISECOND)
      if (!completed()) end('NONE')
    }
  }
  const task = threads.spawn({
    name: 'handshake',
    run: () => end(transport.handshake?.timedOut ?? 'NONE'),
  })
  const timeout = timeouts.clientHs ?? timeouts.client
  if (timeout !== undefined) task.wakeAt(clock.now + timeout)
  transport.onEvent = check
  check()
}

/** Writes a line with `error-log-format`, or HAProxy's own (`sess_log_embryonic`). */
const logFailure = (context: StreamContext, session: Session): void => {
  const { logger } = context.process
  const { frontend, connectionError } = session
  const { options, logFormats } = frontend.config
  if (!logFormats?.line || !logger.hasTargets(frontend)) return
  if (options.has('dontlognull') && WITHOUT_DATA.has(connectionError)) return
  const text = logFormats.error
    ? formatText(
        logFormats.error,
        samplesOfUnstarted(context, session, { status: 0, cause: 'P', origin: 'sess_error' }),
      )
    : `${prefixOf(session)}: ${connectionErrorText(connectionError)}`
  frontend.logLines++
  logger.send(frontend, options.has('log-separate-errors') ? 3 : 6, text)
}

/** Client, date, frontend and listener (`session_prepare_log_prefix`). */
const prefixOf = ({ source, listener, frontend, process, acceptedWall }: Session): string => {
  const client = !source ? 'unknown' : isIp(source) ? `${source.ip}:${source.port}` : `unix:${listener.id}`
  const name = listener.config.name ?? listener.id
  return `${client} [${localDateText(acceptedWall, process)}] ${frontend.name}/${name}`
}
