/** Plans the counters of a script, and the instructions at which its prototypes increment them. */
import type { Proto } from '../proto.js'
import type { FengariProto } from '../fengari-proto.js'
import type { Plan } from './counted.js'
import { noCounters, type Counters } from './counters.js'
import { Placing } from './place.js'
import type { Span } from './record.js'
import type { FunctionText } from './text.js'

/** Finds the items to be counted; `attach` then adds the counters to the prototypes. */
export const planOf = (
  text: FunctionText,
  proto: Proto,
  spans: ReadonlyMap<number, Span>,
  parsed: FengariProto,
): { readonly plan: Plan; attach(counts: Float64Array): void } => {
  const plan: Plan = { statements: [], branches: [], functions: [], size: 0 }
  const placed: { readonly proto: Proto; readonly counters: Counters }[] = []
  const place = (each: FunctionText, into: Proto, from: FengariProto): void => {
    const counters = noCounters(new Float64Array(0))
    placed.push({ proto: into, counters })
    if (into !== proto) {
      counters.entry = plan.size++
      plan.functions.push({ index: counters.entry, name: each.name, declaration: each.declaration, body: each.body })
    }
    new Placing(each, into, from, spans, plan, counters).place()
    each.functions.forEach((inner, i) => place(inner, into.p[i]!, from.p[i]!))
  }
  place(text, proto, parsed)
  return {
    plan,
    attach: (counts) => {
      for (const { proto: each, counters } of placed) each.counters = { ...counters, counts }
    },
  }
}
