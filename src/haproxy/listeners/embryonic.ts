/**
 * A session whose client has not completed the handshakes of its connection: it waits for `timeout client-hs`, and is closed with a log line
 * if they fail (`session_kill_embryonic`, src/session.c).
 */
import { connectionErrorText, type ConnectionError } from '../connections/errors.js'
import { MILLISECOND } from '../../engine/clock.js'
import type { Transport } from '../mux/transport.js'
import type { StreamContext } from '../streams/context.js'
import type { Session } from '../streams/session.js'
import { logEmbryonic } from '../streams/session-log.js'

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
    const detail = session.tlsError === undefined ? '' : ` (${session.tlsError})`
    logEmbryonic(context, session, connectionErrorText(error) + detail, WITHOUT_DATA.has(error))
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
