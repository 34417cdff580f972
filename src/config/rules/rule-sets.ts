/** The rule sets of proxies: which actions they have and where their expressions are evaluated (src/action.c). */
import { KNOWN_ACTIONS } from '../known/actions.js'
import type { RuleSetName } from '../model/rules.js'
import { hasBackend, hasFrontend, type ProxyDraft } from '../proxy/draft.js'
import { placesMask } from '../samples/places.js'
import { distance, wordFingerprint } from '../syntax/best-match.js'

/** An action that HAProxy knows in a rule set. */
export interface KnownAction {
  readonly name: string
  /** names only begin with it: `set-var(txn.x)` (`KWF_MATCH_PREFIX`) */
  readonly isPrefix: boolean
  /** `expose-experimental-directives` enables it */
  readonly isExperimental: boolean
}

const parseKnown = (text: string): readonly KnownAction[] =>
  text.split(' ').map((word) => ({
    name: word.replace(/[*!]+$/, ''),
    isPrefix: word.includes('*'),
    isExperimental: word.endsWith('!'),
  }))

const known = new Map<RuleSetName, readonly KnownAction[]>()

/** The actions of a rule set in the order in which HAProxy looks them up. */
const actionsOf = (ruleSet: RuleSetName): readonly KnownAction[] => {
  let actions = known.get(ruleSet)
  if (!actions) known.set(ruleSet, (actions = parseKnown(KNOWN_ACTIONS[ruleSet])))
  return actions
}

/** The action that a word names (`action_lookup`). */
export const lookupAction = (ruleSet: RuleSetName, word: string): KnownAction | undefined =>
  actionsOf(ruleSet).find(({ name, isPrefix }) => (isPrefix ? word.startsWith(name) : word === name))

/** The list of actions in messages (`action_build_list`). @param ofScripts names of actions that scripts have registered */
export const actionList = (ruleSet: RuleSetName, ofScripts: readonly string[]): string =>
  [
    ...actionsOf(ruleSet).map(({ name, isPrefix }) => `'${name}${isPrefix ? '(*)' : ''}'`),
    ...ofScripts.map((name) => `'${name}'`),
  ].join(', ')

/**
 * The action closest to a misspelled one (`action_suggest`).
 * @param extra actions that are part of the parser of the rule set
 */
export const suggestAction = (
  ruleSet: RuleSetName,
  word: string,
  extra: readonly string[] = [],
): string | undefined => {
  if (word === '') return undefined
  const print = wordFingerprint(word)
  const candidates = [...actionsOf(ruleSet), ...extra.map((name) => ({ name, isPrefix: false }))]
  let best: (typeof candidates)[number] | undefined
  let least = Infinity
  for (const each of candidates) {
    const difference = distance(print, wordFingerprint(each.name))
    if (difference < least) [best, least] = [each, difference]
  }
  if (!best) return undefined
  const tolerance = best.isPrefix ? 3 : 2
  return least > tolerance * word.length || least > tolerance * best.name.length ? undefined : best.name
}

const PLACES: Readonly<Record<RuleSetName, { readonly frontend: number; readonly backend: number }>> = {
  'tcp-request connection': { frontend: placesMask('frontend tcp-request connection rule'), backend: 0 },
  'tcp-request session': { frontend: placesMask('frontend tcp-request session rule'), backend: 0 },
  'tcp-request content': {
    frontend: placesMask('frontend tcp-request content rule'),
    backend: placesMask('backend tcp-request content rule'),
  },
  'tcp-response content': {
    frontend: placesMask('frontend tcp-response content rule'),
    backend: placesMask('backend tcp-response content rule'),
  },
  'http-request': {
    frontend: placesMask('frontend http-request header rule'),
    backend: placesMask('backend http-request header rule'),
  },
  'http-response': {
    frontend: placesMask('frontend http-response header rule'),
    backend: placesMask('backend http-response header rule'),
  },
  'http-after-response': {
    frontend: placesMask('frontend http-response header rule'),
    backend: placesMask('backend http-response header rule'),
  },
}

/** The places where the rules of a proxy are evaluated, as a mask of PLACES. */
export const rulePlaces = (ruleSet: RuleSetName, proxy: ProxyDraft): number => {
  const { frontend, backend } = PLACES[ruleSet]
  return (hasFrontend(proxy) ? frontend : 0) | (hasBackend(proxy) ? backend : 0)
}
