/** The place that a stream has among the connections of a server (`sess_change_server`, src/stream.c). */
import type { Server } from '../server/server.js'
import { streamsOf } from '../balance/server-streams.js'
import type { Stream } from './stream.js'

/** Moves the reservation of a stream to another server, or gives it up. The place must have been taken before (`served`). */
export const changeServer = (stream: Stream, server: Server | undefined): void => {
  const { reserved } = stream
  if (reserved === server) {
    if (reserved) streamsOf(reserved).served--
    return
  }
  if (reserved) {
    const streams = streamsOf(reserved)
    streams.streams.delete(stream)
    streams.served--
  }
  if (server) streamsOf(server).streams.add(stream)
  stream.reserved = server
}

/** No longer counts the stream among the sessions of its server (`cur_sess`). */
export const uncount = (stream: Stream): void => {
  const { server } = stream
  if (!stream.isCounted || !server) return
  stream.isCounted = false
  streamsOf(server).currentSessions--
}

/** The connection to the server is gone: the next pending one takes its place. */
export const releaseServer = (stream: Stream): void => {
  const { server } = stream
  if (!server) return
  uncount(stream)
  changeServer(stream, undefined)
  streamsOf(server).takePending()
}
