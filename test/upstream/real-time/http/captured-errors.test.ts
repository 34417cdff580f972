/** Compares the details of parsing errors with `show errors`: position, parser state and message flags. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { MessageError } from '../../../../src/http/h1/message-reader.js'
import { RequestReader } from '../../../../src/http/h1/request-reader.js'
import { stateName } from '../../../../src/http/h1/states.js'
import { REAL } from '../../support/programs.js'
import { RealHaproxy } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'
import { eventsOf } from './predicted.js'
import { REQUESTS } from './requests.js'

const CONFIG = `
global
    stats socket unix@sock level admin
defaults
    mode http
    timeout client 5s
frontend f
    bind unix@front.sock
    http-request return status 200
`

const DETAILS = /error at position (\d+)[^]*H1 msg state (\S+), H1 msg flags (\w+)/

const errorOf = (text: string): MessageError | undefined => {
  for (const event of eventsOf(new RequestReader(), text)) if (event.type === 'error') return event.error
  return undefined
}

const describeError = ({ position, state, flags }: MessageError): string =>
  `${position} ${stateName(state)}(${state}) 0x${flags.toString(16).padStart(8, '0')}`

describeUpstream('invalid requests', () => {
  it('are captured like HAProxy does', async () => {
    const haproxy = await RealHaproxy.start(CONFIG, {}, REAL)
    const invalid = Object.entries(REQUESTS).flatMap(([name, text]) => {
      const error = errorOf(text)
      return error === undefined ? [] : [{ name, text, ours: describeError(error) }]
    })
    const captured: Record<string, string> = {}
    for (const { name, text } of invalid) {
      const socket = connect(join(haproxy.folder, 'front.sock')).on('error', () => undefined)
      socket.resume().write(Buffer.from(text, 'latin1'))
      await once(socket, 'close')
      captured[name] =
        DETAILS.exec(await haproxy.cli('show errors'))
          ?.slice(1)
          .join(' ') ?? 'nothing'
    }
    await haproxy.stop()
    expect(Object.fromEntries(invalid.map(({ name, ours }) => [name, ours]))).toEqual(captured)
    expect(invalid.length).toBeGreaterThan(100)
  })
})
