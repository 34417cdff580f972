/** What arguments of fetches and converters refer to when an expression is parsed: ACLs of the current proxy, files of maps and of keys. */
import { fromByteString } from '../../bytes/text.js'
import type { ParseContext } from '../parse-context.js'
import { KIND_OF } from '../patterns/match-method.js'
import type { SampleScope } from '../samples/keywords.js'
import { findAcl } from './acl.js'

/** The place that HAProxy gives to predefined ACLs which the fetch `acl` refers to first. */
const NOWHERE = { file: '(null)', line: 0 }

/** What expressions in a configuration refer to. */
export const sampleScope = (context: ParseContext): SampleScope => ({
  get inProxy() {
    return context.currentProxy !== undefined
  },
  acl(name) {
    const acls = context.currentProxy?.acls
    const found = acls && findAcl(context, fromByteString(name), NOWHERE, acls)
    return found && 'acl' in found ? found.acl : undefined
  },
  useMap(name, matching, output) {
    const at = {
      place: context.expressionPlace ?? NOWHERE,
      proxiesBefore: context.proxies.length,
      directory: context.defaultPath.directory,
    }
    const file = { name: fromByteString(name), asMap: true, asAcl: false, withValues: true, again: false }
    const used = context.patterns.useFile(at, file, {
      matching,
      kind: KIND_OF[matching],
      output,
      ignoreCase: false,
      noNames: true,
    })
    return 'error' in used ? used.error : undefined
  },
  useKeyFile(name) {
    context.keyFiles.push({ name, path: context.defaultPath.locate(name) })
  },
  useSink(name, user) {
    context.sinkUses.push({ name, user, place: context.expressionPlace ?? NOWHERE })
  },
  useLua(kind, name) {
    const place = context.expressionPlace ?? NOWHERE
    const use = { kind, name: fromByteString(name), environment: '', argumentCount: 0, place }
    return context.useLua(use) !== undefined
  },
})
