/** The definitions of lua/types/test name what tests in Lua find. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runHapsim } from '../support/hapsim.js'
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
