/** Compares how a real HAProxy and src/http handle raw requests: verdict, status, and what is forwarded. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeUpstream } from '../../support/upstream.js'
import { mutationsOf } from './mutations.js'
import { predictRequests, seen, type Rest } from './predicted.js'
import { Proxied, type Frontend } from './proxied.js'
import { REQUESTS } from './requests.js'

/** The status that HAProxy logs for messages that stay incomplete. */
const TIMED_OUT: Readonly<Partial<Record<Rest, number>>> = { 'part of a head': 408, 'part of a body': 400 }

describeUpstream('requests of clients', () => {
  let proxied: Proxied
  beforeAll(async () => {
    proxied = await new Proxied().start()
  })
  afterAll(() => proxied.stop())

  const compare = async (cases: readonly (readonly [name: string, sends: string])[], frontend: Frontend) => {
    const predicted = cases.map(([, sends]) => predictRequests(sends, frontend === 'relaxed'))
    const passed = await proxied.pass(cases.map(([, sends]) => ({ sends, frontend })))
    const real = passed.map(({ statuses, requests }, index) => {
      const { messages } = predicted[index]!
      return {
        ...describeCase(cases[index]!),
        messages: requests.slice(0, messages.length).flatMap((request) => seen(withoutTunnel(request), 1)),
        status: statuses[messages.length],
      }
    })
    const ours = predicted.map(({ messages, rest }, index) => ({
      ...describeCase(cases[index]!),
      messages,
      status: typeof rest === 'number' ? rest : TIMED_OUT[rest],
    }))
    expect(ours).toEqual(real)
  }

  it('are parsed and forwarded like HAProxy does', () => compare(Object.entries(REQUESTS), 'strict'))
  it('are parsed and forwarded like HAProxy does, with violations accepted', () =>
    compare(Object.entries(REQUESTS), 'relaxed'))
  it('are parsed and forwarded like HAProxy does: mutations', async () => {
    const cases = mutationsOf(Object.values(REQUESTS), 400).map((sends, index) => [`mutation ${index}`, sends] as const)
    await compare(cases.slice(0, 200), 'strict')
    await compare(cases.slice(200), 'relaxed')
  })
})

const describeCase = ([name, sends]: readonly [string, string]) => ({
  name,
  sends: sends.length > 500 ? `${sends.slice(0, 100)}… (${sends.length} bytes)` : sends,
})

/** It is not certain that bytes sent after CONNECT reach the server before it closes. */
const withoutTunnel = (request: string): string =>
  request.startsWith('CONNECT ') ? request.slice(0, request.indexOf('\r\n\r\n') + 4) : request
