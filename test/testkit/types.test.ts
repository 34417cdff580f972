/** The definitions of lua/types/test name what tests in Lua find. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Simulation, type ActionResult } from '../../src/index.js'
import { runHapsim } from '../support/hapsim.js'
import { CALL_METHODS } from '../../src/testkit/call-methods.js'
import { CONNECTION } from '../../src/testkit/client-objects.js'
import { kindsOf } from '../../src/testkit/objects.js'
import { readDefinitions } from '../support/definitions.js'
import { root } from '../support/build.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const read = (name: string): string => readFileSync(join(root, 'lua/types/test', name), 'utf8')
const definitions = readDefinitions([read('hapsim.lua')])

/** Classes whose objects have what another one defines. */
const INHERITED: Readonly<Record<string, string>> = { SmtpServer: 'Server', HttpServer: 'Server', TcpServer: 'Server' }
/** Classes that are called otherwise here. */
const NAMES: Readonly<Record<string, string>> = { Server: 'ServerView' }

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

describe('definitions and objects of require("hapsim") have the same members', () => {
  const kinds = [
    ...kindsOf({ directory: '.', environment: {}, allow: { exec: false, write: false }, exec: undefined }).map(
      ([, kind]) => kind,
    ),
    CONNECTION,
  ]
  it.each(kinds.map((kind) => [kind.name, kind] as const))('%s', (name, { properties, methods }) => {
    const own = definitions.get(`hapsim.${NAMES[name] ?? name}`) ?? []
    const inherited = name in INHERITED ? (definitions.get(`hapsim.${INHERITED[name]}`) ?? []) : []
    expect([...own, ...inherited].sort()).toEqual(
      [...Object.keys(properties), ...Object.keys(methods)].map(snakeCase).sort(),
    )
  })
})

it('every function of test files and every assertion exists', async () => {
  const functions = ['busted.lua', 'luassert.lua', 'hapsim.lua'].flatMap((file) =>
    [...read(file).matchAll(/^function ([\w.]+)\(/gm)].map(([, name]) => name!),
  )
  expect(functions.length).toBeGreaterThan(40)
  const lines = functions.map((name) => {
    const assertion = /^assert\.(\w+)$/.exec(name)?.[1]
    if (assertion === undefined) return `assert(${name}, "${name}")`
    const words = assertion.split('_').map((word) => `"${word}"`)
    return `assert(#assert.names_of("assertion", { ${words.join(', ')} }) > 0)`
  })
  const folder = temporaryFolder('types')
  writeFileSync(
    join(folder, 'types_test.lua'),
    `local hapsim = require("hapsim")\nit("has them", function()\n${lines.join('\n')}\nend)\n`,
  )
  const { code, out, complaints } = await runHapsim('test', folder)
  expect(out).toMatch(/has them/)
  expect({ code, out: code === 0 ? '' : out + complaints }).toEqual({ code: 0, out: '' })
})

describe('definitions of calls name all options and results', () => {
  const haproxy = new Simulation()
    .haproxy({
      config: 'global\n  lua-load a.lua\nfrontend f\n  mode http\n  timeout client 1s\n  bind :80\n',
      files: {
        'a.lua': `core.register_action("a", { "http-req", "http-res" }, function() end)
          core.register_service("s", "http", function() end)`,
      },
    })
    .start()
  const fieldsOf = (...names: readonly string[]) =>
    names.flatMap((name) => [...definitions.get(`hapsim.${name}`)!]).sort()
  /** The options that the message about an unknown one lists. */
  const optionsOf = (call: () => unknown): string[] => {
    let message = ''
    try {
      call()
    } catch (error) {
      message = (error as Error).message
    }
    return /options are (.*)$/.exec(message)![1]!.split(', ').map(snakeCase).sort()
  }
  const unknown = { unknown: 1 } as object

  it.each([
    [['CallOptions', 'ServiceOptions'], () => haproxy.action('lua.a', unknown)],
    [['ServiceOptions'], () => haproxy.service('lua.s', unknown)],
    [['CallRequest'], () => haproxy.action('lua.a', { ruleSet: 'http-req', request: unknown })],
    [['CallResponse'], () => haproxy.action('lua.a', { response: unknown })],
  ])('%s', (names, call) => expect(fieldsOf(...names)).toEqual(optionsOf(call)))

  it('ActionResult, CalledRequest, CalledResponse', () => {
    const result = CALL_METHODS['action']!(haproxy, ...(['lua.a', { response: {} }] as never[])) as ActionResult
    const namesOf = (object: object | undefined) => Object.keys(object!).map(snakeCase).sort()
    expect(namesOf(result)).toEqual(fieldsOf('ActionResult'))
    expect(namesOf(result.request)).toEqual(fieldsOf('CalledRequest'))
    expect(namesOf(result.response)).toEqual(fieldsOf('CalledResponse'))
  })
})
