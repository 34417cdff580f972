import { describe, expect, it } from 'vitest'
import { SECOND } from '../../../src/engine/index.js'
import { TcpServer } from '../../../src/sim/actors/index.js'
import { address, Dialogue, place } from './world.js'

const start = () => {
  const w = place()
  const tcp = new TcpServer(w.here, address('[::1]:7'), { name: 'echo' })
  return { ...w, tcp, dial: () => new Dialogue(w, '[::1]:7') }
}

describe('a TCP server', () => {
  it('keeps connections and what they send', () => {
    const { tcp, dial } = start()
    const one = dial()
    one.say('a')
    const two = dial()
    two.say('b')
    one.say('c')
    expect(tcp.connections.map(({ received, open, from }) => [received, open, from])).toEqual([
      ['ac', true, '::1:32768'],
      ['b', true, '::1:32769'],
    ])
    expect(tcp.received).toBe('acb')
    one.connection.close()
    two.say('')
    expect(tcp.connections.map(({ open }) => open)).toEqual([false, true])
  })

  it('greets, responds and sends unsolicited data', () => {
    const { tcp, dial } = start()
    tcp.greet('hi ').respond((text) => text.toUpperCase())
    const dialogue = dial()
    expect(dialogue.say('you')).toBe('hi YOU')
    tcp.connections[0]!.send(' bye')
    tcp.connections[0]!.close()
    expect(dialogue.say('')).toBe(' bye')
    expect(dialogue.ended).toBe(true)
    tcp.accept()
    expect(dial().say('you')).toBe('')
  })

  it('closes after a time', () => {
    const { tcp, dial } = start()
    tcp.closeAfter('5s')
    const dialogue = dial()
    dialogue.say('', 4 * SECOND)
    expect(dialogue.ended).toBe(false)
    dialogue.say('', 2 * SECOND)
    expect(dialogue.ended).toBe(true)
  })

  it('refuses, resets open connections, and stops', () => {
    const { tcp, dial } = start()
    const open = dial()
    open.say('')
    tcp.refuse()
    const refused = dial()
    refused.say('')
    expect([open.error, refused.error]).toEqual([undefined, 'ECONNREFUSED'])
    tcp.reset()
    open.say('')
    expect(open.error).toBe('ECONNRESET')
    tcp.stop()
    const after = dial()
    after.say('')
    expect(after.error).toBe('ECONNREFUSED')
  })
})
