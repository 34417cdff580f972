/** Publishes the events of servers (`_srv_event_hdl_publish` in src/server.c). */
import type { ServerObserver } from '../server/observers.js'
import type { Server } from '../server/server.js'
import { SERVER_STATE_NAMES, ServerState } from '../server/status.js'
import { causeText, type Transition } from '../server/transition.js'
import type { TraceValue } from '../../engine/trace.js'
import type { ServerEvent, ServerEventName } from './events.js'

/** Publishes an event of a server: first to the subscriptions of that server, then to those of all servers. */
export const publish = (
  server: Server,
  name: ServerEventName,
  data: Pick<ServerEvent, 'state' | 'admin' | 'check'> = {},
): void => {
  const { process, name: proxy, uuid: proxyUuid } = server.proxy
  process.trace.write('event', { process: process.name, name, proxy, server: server.name, data: data as TraceValue })
  const { existingSubscriptions } = server
  if (existingSubscriptions === undefined && process.events.size === 0) return
  const { puid, rid } = server
  const event: ServerEvent = {
    name,
    when: process.clock.wall,
    server: { name: server.name, puid, rid, proxyName: proxy, proxyUuid },
    ...data,
  }
  existingSubscriptions?.publish(event)
  process.events.publish(event)
}

/** Publishes results of checks. */
export const checkEvents: ServerObserver = {
  checkCompleted: (server, check) => publish(server, 'SERVER_CHECK', { check: check.snapshot() }),
}

/** Publishes changes of states. */
export const stateEvents: ServerObserver = {
  stateChanged: (server, transition) => {
    const { before, after, requeued } = transition
    if (transition.kind === 'administrative') {
      const { cause } = transition
      publish(server, 'SERVER_ADMIN', { admin: { cause, oldAdmin: before.admin, newAdmin: after.admin, requeued } })
    }
    if (before.state === after.state) return
    if (before.state === ServerState.STOPPED) publish(server, 'SERVER_UP')
    else if (after.state === ServerState.STOPPED) publish(server, 'SERVER_DOWN')
    publish(server, 'SERVER_STATE', { state: stateData(transition) })
  },
}

const stateData = (transition: Transition): NonNullable<ServerEvent['state']> => {
  const { before, after, requeued } = transition
  const isAdministrative = transition.kind === 'administrative'
  return {
    admin: isAdministrative,
    check: isAdministrative ? undefined : transition.check?.snapshot(),
    cause: isAdministrative ? transition.cause : causeText(transition.cause),
    oldState: SERVER_STATE_NAMES[before.state],
    newState: SERVER_STATE_NAMES[after.state],
    requeued,
  }
}
