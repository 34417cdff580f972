/** `add-acl`, `del-acl`, `set-map`, `del-map`: changes of what ACLs and maps were loaded with (`http_action_set_map`, src/http_act.c). */
import type { ChangePatternsAction } from '../../../config/rules/actions/pattern-files.js'
import { formatText } from '../../samples/log-format.js'
import type { RunAction } from '../action.js'
import type { ActionGroup } from './group.js'

const changePatterns: RunAction = (action, { samples }) => {
  const { kind, file, key, value } = action as ChangePatternsAction
  const reference = samples.process.patterns.find(file)
  if (!reference) return 'continue'
  const text = untilNul(formatText(key, samples))
  switch (kind) {
    case 'add-acl':
      if (!reference.find(text)) reference.add(text, undefined)
      break
    case 'set-map': {
      const mapped = untilNul(formatText(value!, samples))
      if (reference.find(text)) reference.set(text, mapped)
      else reference.add(text, mapped)
      break
    }
    case 'del-acl':
    case 'del-map':
      reference.delete(text)
  }
  return 'continue'
}

/** Keys and values are C strings. */
const untilNul = (text: string): string => text.split('\0', 1)[0]!

export const PATTERN_ACTIONS: ActionGroup = {
  'add-acl': changePatterns,
  'del-acl': changePatterns,
  'set-map': changePatterns,
  'del-map': changePatterns,
}
