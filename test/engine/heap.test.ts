import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Timer, TimerHeap } from '../../src/engine/index.js'

describe('heap of timers', () => {
  it('returns entries by time, and those of one instant in order of insertion', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), entry: fc.nat(15), at: fc.nat(20) }),
      fc.record({ kind: fc.constant('remove' as const), entry: fc.nat(15) }),
      fc.record({ kind: fc.constant('take' as const) }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const heap = new TimerHeap()
        const entries = Array.from({ length: 16 }, () => new Timer(() => {}))
        let model: { entry: Timer; at: number }[] = []
        const first = () =>
          model.reduce<(typeof model)[number] | undefined>(
            (a, b) => (a === undefined || b.at < a.at ? b : a),
            undefined,
          )
        for (const each of actions) {
          if (each.kind === 'set') {
            const entry = entries[each.entry]!
            model = [...model.filter((item) => item.entry !== entry), { entry, at: each.at }]
            heap.set(entry, each.at)
          } else {
            const entry = each.kind === 'remove' ? entries[each.entry]! : first()?.entry
            if (each.kind === 'take') expect(heap.peek()).toBe(entry)
            if (entry === undefined) continue
            model = model.filter((item) => item.entry !== entry)
            heap.remove(entry)
            expect(entry.pending).toBe(false)
          }
          expect(heap.size).toBe(model.length)
          expect(heap.peek()).toBe(first()?.entry)
        }
      }),
    )
  })
})
