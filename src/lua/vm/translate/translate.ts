/** Makes JavaScript functions of prototypes, when they are first called. */
import type { Proto, Resume, Translator } from '../proto.js'
import type { Run } from '../value.js'
import { Emitter, type Form } from './emitter.js'
import * as support from './support.js'

const made = (proto: Proto, form: Form): unknown => {
  const source = new Emitter(proto, form).source()
  const factory = new Function('S', source) as (library: object) => unknown
  return factory({ ...support, protos: proto.p, constants: proto.k })
}

export const translator: Translator = {
  run: (proto) => made(proto, 'run') as Run,
  resume: (proto) => made(proto, 'resume') as Resume,
}
