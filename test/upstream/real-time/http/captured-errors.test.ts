/** Compares the details of parsing errors with `show errors`: position, parser state and message flags. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { MessageError, MessageReader } from '../../../../src/http/h1/message-reader.js'
import { RequestReader } from '../../../../src/http/h1/request-reader.js'
import { ResponseReader } from '../../../../src/http/h1/response-reader.js'
import { stateName } from '../../../../src/http/h1/states.js'
import { REAL } from '../../support/programs.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'
import { eventsOf } from './predicted.js'
import { REQUESTS } from './requests.js'
import { RESPONSES } from './responses.js'

const CONFIG = (port: number): string => `
global
    stats socket unix@sock level admin
defaults
    mode http
    timeout client 5s
    timeout connect 5s
    timeout server 5s
frontend f
    bind unix@front.sock
    default_backend b
backend b
    server s 127.0.0.1:${port}
`

const GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

const DETAILS = /error at position (\d+)[^]*H1 msg state (\S+), H1 msg flags (\w+)/

const describeError = ({ position, state, flags }: MessageError): string =>
  `${position} ${stateName(state)}(${state}) 0x${flags.toString(16).padStart(8, '0')}`

/** The errors in those of `messages` that are invalid. */
const errorsIn = (
  messages: Readonly<Record<string, string>>,
  newReader: () => MessageReader<unknown>,
): Record<string, string> => {
  const errors: Record<string, string> = {}
  for (const [name, text] of Object.entries(messages))
    for (const event of eventsOf(newReader(), text))
      if (event.type === 'error') errors[name] = describeError(event.error)
  return errors
}

describeUpstream('parsing errors', () => {
  it('are captured like HAProxy does', async () => {
    let answer = ''
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.write(Buffer.from(answer, 'latin1')))
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const haproxy = await RealHaproxy.start(CONFIG((server.address() as AddressInfo).port), {}, REAL)
    /** The error that HAProxy captured in a request, or in the response to it. */
    const captured = async (request: string, direction: string): Promise<string> => {
      const socket = connect(join(haproxy.folder, 'front.sock')).on('error', () => undefined)
      socket.resume().write(Buffer.from(request, 'latin1'))
      await once(socket, 'close')
      const errors = await haproxy.cli(`show errors -1 ${direction}`)
      return DETAILS.exec(errors)?.slice(1).join(' ') ?? 'nothing'
    }
    const requests = errorsIn(REQUESTS, () => new RequestReader())
    const responses = errorsIn(RESPONSES, () => new ResponseReader())
    const real = { requests: {} as Record<string, string>, responses: {} as Record<string, string> }
    for (const name of Object.keys(requests)) real.requests[name] = await captured(REQUESTS[name]!, 'request')
    for (const name of Object.keys(responses)) {
      answer = RESPONSES[name]!
      real.responses[name] = await captured(GET, 'response')
    }
    await haproxy.stop()
    server.close()
    expect({ requests, responses }).toEqual(real)
    expect(Object.keys({ ...requests, ...responses }).length).toBeGreaterThan(150)
  })
})
