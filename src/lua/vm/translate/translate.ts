/** Makes JavaScript functions of prototypes, when they are first called. */
import type { Proto, Resume, Translator } from '../proto.js'
import type { Run } from '../value.js'
import { Emitter, type Form } from './emitter.js'
import { inspectionOf } from './inspected.js'
import * as support from './support.js'

const made = (proto: Proto, emitter: Emitter): unknown => {
  const factory = new Function('S', emitter.source()) as (library: object) => unknown
  return factory({ ...support, protos: proto.p, constants: proto.k, counts: proto.counters?.counts })
}

const translatorOf = (emitter: (proto: Proto, form: Form) => Emitter): Translator => ({
  run: (proto) => made(proto, emitter(proto, 'run')) as Run,
  resume: (proto) => made(proto, emitter(proto, 'resume')) as Resume,
})

export const translator = translatorOf((proto, form) => new Emitter(proto, form))

/** Makes functions whose variables can be looked at while they run; they do the same, and take longer. */
export const inspectedTranslator = translatorOf((proto, form) => new Emitter(proto, form, inspectionOf(proto)))
