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
    'http-request lua.note a if TRUE',
    'tcp-request content lua.note a',
    'http-request use-service lua.reply if TRUE',
    'tcp-response content lua.note a',
    'tcp-request content use-service lua.nosuch',
  ])('are looked up: %s', async (rule) => {
    const { real, ours } = await check(rule)
    expect(ours).toEqual(real)
  })

  // HAProxy stops reading at a wrong HTTP rule; scripts of hapsim are loaded after that
  it.each([
    ['http-response lua.note a', /'http-response' expects .*, but got 'lua\.note'/],
    ['http-request lua.nte a', /'http-request' expects .*, but got 'lua\.nte'/],
    ['http-request use-service lua.nosuch', /'http-request use-service' rule : 'lua\.nosuch' unknown service name/],
    ['http-request set-header x %[lua.nosuch]', /unknown fetch method 'lua\.nosuch'/],
    ['http-request set-header x %[src,lua.nosuch]', /unknown converter 'lua\.nosuch'/],
  ] as const)('are refused where no script registers them: %s', async (rule, message) => {
    for (const { code, messages } of Object.values(await check(rule))) {
      expect(code).toBe(1)
      expect(messages.join()).toMatch(message)
    }
  })
})
