/** Rules of the built-in configuration that call the functions which scripts have registered, and requests that make them run. */
import type { LuaNames, LuaUse } from '../config/model/lua.js'

export interface ScriptedRules {
  /** lines of the frontend in HTTP mode */
  readonly frontend: readonly string[]
  /** further sections */
  readonly sections: string
}

export const noRules: ScriptedRules = { frontend: [], sections: '' }

/** Other names cannot be used in rules. */
const USABLE = /^lua\.[\w.:-]+$/

/** Where actions are called, by the environments that they are registered for. */
const RULE_SETS = {
  'tcp-req': 'tcp-request content',
  'http-req': 'http-request',
  'http-res': 'http-response',
  'http-after-res': 'http-after-response',
} as const

type Environment = keyof typeof RULE_SETS

const listOf = (names: LuaNames, kind: LuaUse['kind'], environment = ''): readonly string[] =>
  names.list(kind, environment).filter((name) => USABLE.test(name))

/** The first port of services for TCP. */
const FIRST_PORT = 9001

const words = (count: number): string => Array.from({ length: count }, (_, i) => ` arg${i + 1}`).join('')

/** The name of a header field that shows a value. */
const fieldName = (name: string): string => name.replace(/^lua\./, 'x-').replace(/[^\w-]/g, '-')

const pathOf = (service: string): string => `/${service.replace(/^lua\./, '')}`

/** The rules that call all functions: a path for each service, a header field for each fetch and converter. */
export const rulesFor = (names: LuaNames): ScriptedRules => {
  const actions = (Object.keys(RULE_SETS) as Environment[]).flatMap((environment) =>
    listOf(names, 'action', environment).map((name) => {
      const count = names.find('action', name.slice('lua.'.length), environment)?.argumentCount ?? 0
      return `${RULE_SETS[environment]} ${name}${words(count)}`
    }),
  )
  return {
    frontend: [
      ...listOf(names, 'filter').map((name) => `filter ${name}`),
      ...actions,
      ...listOf(names, 'service', 'http').map((name) => `http-request use-service ${name} if { path ${pathOf(name)} }`),
      ...listOf(names, 'fetch').map((name) => `http-after-response set-header ${fieldName(name)} "%[${name}]"`),
      ...listOf(names, 'converter').map(
        (name) => `http-after-response set-header ${fieldName(name)} "%[str(example),${name}]"`,
      ),
    ],
    sections: listOf(names, 'service', 'tcp')
      .map(
        (name, i) =>
          `\nlisten ${name.slice('lua.'.length)}\n    mode tcp\n    bind :${FIRST_PORT + i}\n    tcp-request content use-service ${name}\n`,
      )
      .join(''),
  }
}

/** The paths of requests that call all functions at least once. */
export const pathsFor = (names: LuaNames): readonly string[] => {
  const { frontend } = rulesFor(names)
  const paths = listOf(names, 'service', 'http').map(pathOf)
  return frontend.length > paths.length ? ['/', ...paths] : paths
}
