/** Translates prototypes to JavaScript functions when they are first called. */
import type { Proto, Resume, Translator } from '../proto.js'
import type { Run } from '../value.js'
import { Emitter, type Form } from './emitter.js'
import { inspectionOf } from './inspected.js'
import { interpret, isStraight } from './interpret.js'
import { sharedRegisters } from '../set-aside.js'
import * as support from './support.js'

const made = (proto: Proto, emitter: Emitter): unknown => {
  const factory = new Function('S', emitter.source()) as (library: object) => unknown
  return factory({ ...support, protos: proto.p, constants: proto.k, counts: proto.counters?.counts })
}

/** The number of calls of a function without loops before it is translated. */
const FEW_CALLS = 2

/** Interprets a function for its first calls, and then has it translated. */
const interpretedFirst = (proto: Proto, translated: () => Run): Run => {
  const shared = sharedRegisters(proto)
  let calls = 0
  let later: Run | undefined
  return (L, closure, ...args) => {
    if (later === undefined && calls++ < FEW_CALLS) return interpret(L, closure, args, shared)
    later ??= translated()
    proto.run = closure.run = later
    return later(L, closure, ...args)
  }
}

const translatorOf = (emitter: (proto: Proto, form: Form) => Emitter): Translator => ({
  run: (proto) => made(proto, emitter(proto, 'run')) as Run,
  resume: (proto) => made(proto, emitter(proto, 'resume')) as Resume,
})

const defaultTranslator = translatorOf((proto, form) => new Emitter(proto, form))

export const translator: Translator = {
  run: (proto) =>
    isStraight(proto) ? interpretedFirst(proto, () => defaultTranslator.run(proto)) : defaultTranslator.run(proto),
  resume: (proto) => defaultTranslator.resume(proto),
}

/** The translator for functions whose variables can be inspected while they run; they do the same, but are slower. */
export const inspectedTranslator = translatorOf((proto, form) => new Emitter(proto, form, inspectionOf(proto)))
