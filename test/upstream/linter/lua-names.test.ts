/** Names that scripts register (`lua.NAME`) are known once the scripts are loaded; others are errors, as in the real HAProxy. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { describeUpstream } from '../support/upstream.js'
import { checkOurs, checkReal, type CheckResult } from './check.js'

const SCRIPT = `
core.register_fetches("value", function(txn, a) return a end)
core.register_converters("twice", function(x) return x .. x end)
core.register_action("note", { "http-req", "tcp-req" }, function() end, 1)
core.register_action("two", { "http-req", "http-res", "http-after-res", "tcp-res" }, function() end, 2)
core.register_filter("sieve", { id = "sieve", new = function() end }, function() end)
core.register_service("reply", "http", function(applet) end)
core.register_service("echo", "tcp", function(applet) end)
`

const configuration = (rule: string): string => `global
 tune.lua.bool-sample-conversion normal
 lua-load ./x.lua
listen l
 mode http
 bind :8000
 timeout client 1s
 timeout server 1s
 timeout connect 1s
 ${rule}
`

describeUpstream('names of scripts', () => {
  const startDirectory = process.cwd()
  afterAll(() => process.chdir(startDirectory))

  const check = async (rule: string): Promise<{ real: CheckResult; ours: CheckResult }> => {
    const root = temporaryFolder('lua-names')
    writeFileSync(join(root, 'x.lua'), SCRIPT)
    const each = { name: rule, folder: '.', flags: [], text: configuration(rule) }
    const settings = { root, file: 'x.cfg', descriptor: 0 }
    return { real: await checkReal(each, settings), ours: checkOurs(each, settings) }
  }

  it.each([
    'http-request set-header x %[lua.value(a,b),lua.twice]',
    'http-request set-header x %[lua.nosuch]',
    'http-request set-header x %[src,lua.nosuch]',
    'http-request set-header x %[lua.value,lua.nosuch(a),lua.twice]',
    'http-request deny if { lua.value a }',
    'http-request deny if { lua.nosuch a }',
    'acl a lua.nosuch a',
    'log-format %[lua.nosuch]',
    'balance hash lua.nosuch',
    'stick on lua.nosuch',
    'http-request set-var(txn.x) lua.value lua.twice',
    'http-request set-var(txn.x) lua.value lua.nosuch',
    'filter lua.sieve a b',
    'filter lua.nosuch a b',
    'filter nosuch',
  ])('are looked up: %s', async (rule) => {
    const { real, ours } = await check(rule)
    expect(ours).toEqual(real)
  })

  const arguments_ = [
    '',
    'a',
    'a b',
    'a b c',
    'if TRUE',
    'a if TRUE',
    'a b if TRUE',
    'a b unless x',
    'a if',
    'if if if TRUE',
  ].concat(['a if x', 'a if { lua.nosuch }', 'a b if { lua.value x } !TRUE', 'if b', 'a if FALSE if TRUE'])
  const sets = [
    'http-request',
    'http-response',
    'http-after-response',
    'tcp-request content',
    'tcp-response content',
  ].concat(['tcp-request session', 'tcp-request connection'])
  it.each(sets)('have the number of arguments that was registered: %s', async (set) => {
    for (const words of [
      'nosuch',
      'lua.nte',
      'lua.two2',
      ...arguments_.flatMap((each) => [`lua.note ${each}`, `lua.two ${each}`]),
    ]) {
      const { real, ours } = await check(`${set} ${words}`)
      expect(ours, words).toEqual(real)
    }
  })

  it.each(['http', 'tcp'])('services fit the rules and the mode %s', async (mode) => {
    for (const set of ['http-request', 'tcp-request content', 'http-response', 'tcp-response content'])
      for (const service of ['reply', 'echo', 'nosuch', 'reply if TRUE', 'echo x', '']) {
        const lines = `mode ${mode}\n ${set} use-service lua.${service}`
        const { real, ours } = await check(lines)
        expect(ours, lines).toEqual(real)
      }
  })
})

describeUpstream('files of scripts', () => {
  const startDirectory = process.cwd()
  afterAll(() => process.chdir(startDirectory))

  it.each([
    'lua-load x.lua',
    'lua-load ./x.lua',
    'lua-load-per-thread x.lua',
    'lua-load-per-thread ./x.lua a b',
    'lua-load-per-thread ../x.lua',
    'lua-load-per-thread /x.lua',
    'default-path origin /usr/../usr\n lua-load-per-thread ./x.lua',
    'default-path parent\n lua-load-per-thread x.lua',
    'default-path parent\n lua-load x.lua',
    'h1-case-adjust-file x.txt',
    'default-path origin /usr\n h1-case-adjust-file ./x.txt',
  ])('are named in messages as the real HAProxy does: %s', async (line) => {
    const text = `global\n tune.lua.bool-sample-conversion normal\n ${line}\n`
    const each = { name: line, folder: '.', flags: [], text }
    const settings = { root: temporaryFolder('lua-files'), file: 'x.cfg', descriptor: 0 }
    expect(checkOurs(each, settings)).toEqual(await checkReal(each, settings))
  })
})
