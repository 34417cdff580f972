/** Conversations over a `stats socket`: prompts, modes, payloads, several commands on a line, time limits, beside the real HAProxy. */
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Address } from '../../../../src/net/address.js'
import type { Client } from '../../../../src/sim/actors/index.js'
import { Simulation } from '../../../../src/sim/index.js'
import { RealHaproxy, sleep } from '../../support/real-haproxy.js'
import { describeUpstream } from '../../support/upstream.js'

const config = `global
    stats socket @DIR@/sock level admin
    stats timeout 2s
    nbthread 1
    tune.lua.bool-sample-conversion normal
    lua-load cli.lua
defaults
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend fe
    bind unix@@DIR@/fe.sock
    http-request set-header X %[src,map(virt@m)]
backend be
    server s1 127.0.0.1:1
`

const script = readFileSync(new URL('../../fixtures/cli.lua', import.meta.url), 'utf8')

/** What is sent. Milliseconds after a text are added to the time for which output is awaited. */
type Part = string | number

const CONVERSATIONS: Readonly<Record<string, readonly Part[]>> = {
  'one line': ['show version\n'],
  'two lines without a prompt': ['show version\nshow version\n'],
  'a prompt': ['prompt\n', 'show version\n', '\n', 'show version;show backend\n', 'quit\n'],
  'a prompt on a line with more': ['prompt;show version\n', 'show version\n', 'prompt\n', 'show version\n'],
  'help for prompts': ['prompt help\n'],
  'interactive without a prompt': ['prompt i\n', 'show version\n', 'prompt\n', 'show version\n'],
  'back to single commands': ['prompt p\n', 'show version\n', 'prompt n\n', 'show version\n'],
  'an unknown kind of prompt': ['prompt zork\n', 'show version\n'],
  'interactive and timed': ['prompt i timed\n', 'show version\n'],
  'a line without its end': ['show version'],
  'a line in two parts': ['show ', 'version\n'],
  'an empty line': ['\n'],
  'nothing at all': [],
  semicolons: ['prompt\n', ';\n', 'show version;\n', 'show version;;show version\n', ' \n'],
  'a payload at a prompt': ['prompt\n', 'add map virt@m <<\n', 'a b\n', 'c d\n', '\n', 'get map virt@m c\n', 'quit\n'],
  'a payload at a prompt, in one write': ['prompt\n', 'add map virt@m <<\na b\nc d\n\n', 'get map virt@m c\n'],
  'a payload at a prompt, in two writes': ['prompt\n', 'add map virt@m <<\na b\n', 'c d\n\n', 'get map virt@m c\n'],
  'a payload in the same write as its prompt': ['prompt;add map virt@m <<\na b\n', '\n', 'show version\n'],
  'a payload without lines': ['prompt\n', 'add map virt@m <<\n\n', 'add map virt@m <<END\nEND\n'],
  'a payload with an empty line alone': ['prompt\n', 'add map virt@m <<END\n\nEND\n'],
  'a word of seven characters': ['add map virt@m <<1234567\nx y\n1234567\n'],
  'a word that is too long to end a payload': ['echo a <<12345678\n'],
  'a payload with a word that ends it': ['add map virt@m <<END\nx y\n\nz w\nEND\n'],
  'a payload that never ends': ['add map virt@m <<\nq r\n'],
  'a payload before more commands': ['add map virt@m <<;show version\nq2 r\n\n'],
  'a payload after other commands': ['show version;add map virt@m <<\nq3 r\n\nshow version\n'],
  'a process that only a master knows': ['@1 show version\n', '@!1 show version\n'],
  'expert mode': ['prompt\n', 'expert-mode on\n', 'expert-mode\n', 'expert-mode off\n', 'expert-mode\n'],
  levels: ['prompt\n', 'show cli level\n', 'operator\n', 'show cli level\n', 'user\n', 'operator\n', 'show env HOME\n'],
  'a severity that there is not': ['set severity-output zork\n'],
  'time limits': ['prompt\n', 'set timeout\n', 'set timeout cli\n', 'set timeout foo 1\n', 'set timeout cli 0\n'],
  'a time limit of its own': ['prompt\n', 'set timeout cli 5s\n', 2500, 'show version\n', 5200, 'show version\n'],
  'a client that says nothing': ['prompt\n', 2200, 'show version\n'],
  'leaving at once': ['quit now\n'],
  'too many words': [`echo ${'1 '.repeat(70)}\n`],
  'a carriage return': ['show version\r\n'],
  backslashes: ['echo a\\ b\\;c \\\\d\n'],
  'a comment, which there is not': ['# foo\n', 'show version #x\n'],
  'all lines at once': ['prompt\nshow version\nshow backend\nquit\nshow version\n'],
  waiting: ['prompt\n', 'wait 200ms\n', 250, 'show version\n'],
  'waiting for nothing': ['wait\n'],
  'waiting wrongly': ['wait x;wait 10 srv-removable;wait 10 srv-removable be;wait 10 srv-removable be/x;wait 10 foo\n'],
  'waiting in vain': ['prompt\n', 'wait 100 srv-removable be/s1\n'],
  'waiting until it may go': [
    'prompt\n',
    'disable server be/s1\n',
    'wait 100 srv-removable be/s1\n',
    'enable server be/s1\n',
  ],
}

/** Commands that a script registered. */
const LUA: Readonly<Record<string, readonly Part[]>> = {
  'arguments of a command in Lua': ['prompt\n', 'show lua\n', 'show lua a  b\\ c;show lua x\n', 'help show lua\n'],
  'a command in Lua that takes its time': ['prompt\n', 'lua slow 2\n', 30, 'show lua;lua slow 1;show version\n', 30],
  'one that says nothing, and one that ends no line': ['lua quiet;lua open;show lua\n'],
  'one that fails': ['prompt\n', 'lua fail\n', 'lua fail again;show lua\n'],
  'what an applet is': ['lua about\n'],
  'one that asks': ['prompt\n', 'lua ask\n', 'me\n', 'lua ask;show version\nyou\n'],
  'one that takes so many bytes': ['prompt\n', 'lua take\n', 'ab', 'cdefg\n', '\n'],
  'one that takes all': ['lua drain\n', 'abc\n'],
  'one that is done': ['prompt\n', 'lua done\n', 'show lua\n'],
  'one that changes things': ['prompt\n', 'lua change maint\n', 'lua change ready\n'],
  'one that has much to say': ['lua long\n', 200],
}

/** How long is waited for an answer to each part. */
const PAUSE = 40
/** How long a real process on a busy machine may take for it. */
const PATIENCE = 10_000

interface Step {
  readonly send: string
  readonly pause: number
}

const stepsOf = (parts: readonly Part[]): readonly Step[] =>
  parts.flatMap((part, index) => {
    if (typeof part === 'number') return []
    const next = parts[index + 1]
    return { send: part, pause: PAUSE + (typeof next === 'number' ? next : 0) }
  })

/** @param expected how much comes after each part at the least: an answer may take longer than the pause, and come in pieces */
const theirs = (real: RealHaproxy, steps: readonly Step[], expected: readonly number[]): Promise<string[]> =>
  new Promise((resolve) => {
    const answers: string[] = []
    let received = ''
    const socket = connect(join(real.folder, 'sock'), async () => {
      const take = async (pause: number) => {
        const latest = Date.now() + PATIENCE
        await sleep(pause)
        while (received.length < expected[answers.length]! && Date.now() < latest) await sleep(PAUSE)
        answers.push(received)
        received = ''
      }
      for (const { send, pause } of steps) {
        socket.write(send)
        await take(pause)
      }
      socket.end()
      await take(PAUSE)
      socket.destroy()
      resolve(answers)
    })
    socket.on('data', (data: Buffer) => (received += data.toString('utf8').replaceAll(/3\.2\.26-\d+/g, '3.2.26')))
    socket.on('end', () => (received += '<end>'))
    socket.on('error', () => {})
  })

const ours = (sim: Simulation, client: Client, to: Address, steps: readonly Step[]): string[] => {
  const answers: string[] = []
  const connection = client.connect(to)
  let [seen, hasEnded] = [0, false]
  const take = (pause: number) => {
    sim.advance(`${pause}ms`)
    const ends = connection.ended && !hasEnded
    hasEnded ||= ends
    answers.push(connection.received.slice(seen) + (ends ? '<end>' : ''))
    seen = connection.received.length
  }
  for (const { send, pause } of steps) {
    connection.send(send)
    take(pause)
  }
  connection.finish()
  take(PAUSE)
  connection.reset()
  return answers
}

describeUpstream('sessions over a stats socket', () => {
  let real: RealHaproxy
  beforeAll(async () => {
    real = await RealHaproxy.start(config, { 'cli.lua': script })
  })
  afterAll(() => real.stop())

  it.each(Object.entries({ ...CONVERSATIONS, ...LUA }))(
    'are the same as with the real HAProxy: %s',
    async (_, parts) => {
      const sim = new Simulation()
      sim
        .haproxy({ config: config.replaceAll('@DIR@', '/run'), files: { 'cli.lua': script }, directory: false })
        .start()
      const to = { family: 'unix', path: '/run/sock' } as const
      const steps = stepsOf(parts)
      const answers = ours(sim, sim.client(), to, steps)
      const lengths = answers.map((answer) => answer.length)
      expect(answers).toEqual(await theirs(real, steps, lengths))
    },
  )
})
