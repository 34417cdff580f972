/** Compares how a real HAProxy and src/http handle raw responses: verdict, status, and what is forwarded. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeUpstream } from '../../support/upstream.js'
import { mutationsOf } from './mutations.js'
import { predictResponses, requestHead, seen } from './predicted.js'
import { Proxied, type Frontend } from './proxied.js'
import { ANSWERS, RESPONSES } from './responses.js'

interface Case {
  readonly name: string
  readonly sends: string
  readonly answer: string
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

const CASES: readonly Case[] = [
  ...Object.entries(RESPONSES).map(([name, answer]) => ({ name, sends: GET, answer })),
  ...Object.entries(ANSWERS).map(([name, each]) => ({ name, ...each })),
]

describeUpstream('responses of servers', () => {
  let proxied: Proxied
  beforeAll(async () => {
    proxied = await new Proxied().start()
  })
  afterAll(() => proxied.stop())

  const compare = async (cases: readonly Case[], frontend: Frontend) => {
    const predicted = cases.map(({ sends, answer }) =>
      predictResponses(answer, requestHead(sends), frontend === 'relaxed'),
    )
    const passed = await proxied.pass(cases.map((each) => ({ ...each, frontend })))
    const ours = predicted.map(({ messages, part, rest }, index) => ({
      ...describeCase(cases[index]!),
      messages: part === undefined ? messages : [...messages, part],
      error: typeof rest === 'number' ? rest : undefined,
    }))
    const real = passed.map(({ answer, statuses }, index) => {
      const { messages, error } = ours[index]!
      const isHead = cases[index]!.sends.startsWith('HEAD') || /^HTTP\/1\.[01] 304/.test(answer)
      return {
        ...describeCase(cases[index]!),
        messages:
          messages.length === 0
            ? []
            : seen(error ? answer.slice(0, answer.lastIndexOf('HTTP/')) : answer, messages.length, isHead),
        error: error === undefined ? undefined : statuses[0],
      }
    })
    expect(ours).toEqual(real)
  }

  it('are parsed and forwarded like HAProxy does', () => compare(CASES, 'strict'))
  it('are parsed and forwarded like HAProxy does, with violations accepted', () => compare(CASES, 'relaxed'))
  it('are parsed and forwarded like HAProxy does: mutations', async () => {
    const cases = mutationsOf(Object.values(RESPONSES), 300).map((answer, index) => ({
      name: `mutation ${index}`,
      sends: GET,
      answer,
    }))
    await compare(cases.slice(0, 150), 'strict')
    await compare(cases.slice(150), 'relaxed')
  })
})

const describeCase = ({ name, answer }: Case) => ({
  name,
  answer: answer.length > 500 ? `${answer.slice(0, 100)}… (${answer.length} bytes)` : answer,
})
