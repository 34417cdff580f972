/** `hapsim check` names what scripts use that hapsim does not have, and the lines that it does not read. */
import { describe, expect, it } from 'vitest'
import { hapsim, objects } from '../support/hapsim.js'

const GLOBAL = 'global\n    stats socket /run/haproxy.sock\n    tune.lua.bool-sample-conversion normal\n'
const TIMEOUTS = 'defaults\n    mode http\n    timeout connect 1s\n    timeout client 1s\n    timeout server 1s\n'

describe('functions used by scripts', () => {
  const check = (script: string, ...args: string[]) => hapsim(['check', '@/a.lua', ...args], { 'a.lua': script })

  it('are listed with their lines, whether they are called or not', async () => {
    const { out, code } = await check('local function never()\n  CertCache.set({})\nend\nlocal c = CertCache["set"]\n')
    expect(code).toBe(0)
    expect(out).toContain(
      'used by scripts: Calls from a script raise an error that names it.\n' +
        '  CertCache.set  a.lua:2\n  CertCache.set  a.lua:4',
    )
    expect(out).not.toContain('emulates all of it')
  })

  it('do not include names in comments, strings and other tables', async () => {
    const { out } = await check(
      '-- CertCache.set\nlocal s = "CertCache.set" --[[ CertCache.set ]]\nlocal my = { CertCache = {} }\nlocal x = my.CertCache.set\n',
    )
    expect(out).toContain('hapsim emulates all of it.')
  })

  it('are found in modules, too', async () => {
    const { out } = await hapsim(['check', '@/a.lua', '--env', 'FOLDER=@'], {
      'a.lua': 'package.path = os.getenv("FOLDER") .. "/?.lua"\nrequire("module")',
      'module.lua': 'return { set = function() return CertCache.set({}) end }',
    })
    expect(out).toContain('CertCache.set  module.lua:1')
  })

  it('require a flag if they access the host', async () => {
    const script = 'local function f() os.execute("true") os.remove("x") end'
    const { out } = await check(script)
    expect(out).toContain('used by scripts: Calls fail without --allow-exec.\n  os.execute  a.lua:1')
    expect(out).toContain('used by scripts: Calls fail without --allow-write.\n  os.remove  a.lua:1')
    expect((await check(script, '--allow-exec', '--allow-write')).out).toContain('hapsim emulates all of it.')
  })

  it('are printed as JSON with --json', async () => {
    const uses = objects((await check('local c = CertCache.set', '--json')).out).filter(({ type }) => type === 'use')
    expect(uses).toMatchObject([{ what: 'CertCache.set', file: 'a.lua', line: 1 }])
  })
})

describe('lines that are not fully checked', () => {
  const config = `${GLOBAL}${TIMEOUTS}frontend web
    bind :80
    default_backend app
backend app
    balance roundrobin
    server s1 10.0.0.1:80
    filter opentracing config a
    filter opentracing config b
`

  it('are listed, and mentioned in the verdict', async () => {
    const { out, code } = await hapsim(['check', '@/a.cfg'], { 'a.cfg': config })
    expect(code).toBe(0)
    expect(out).toMatch(/^Configuration file is valid as far as hapsim checks it: 2 lines are not fully checked\.$/m)
    expect(out).toMatch(/^not fully checked: HAProxy checks these lines further: .*\n.*\n {2}lines 15-16$/m)
  })

  it('are objects with --json, counted in the last one', async () => {
    const found = objects((await hapsim(['check', '@/a.cfg', '--json'], { 'a.cfg': config })).out)
    expect(found.filter(({ type }) => type === 'unread').map(({ line }) => line)).toEqual([15, 16])
    expect(found.at(-1)).toMatchObject({ type: 'end', unread: 2 })
  })

  it('do not exist if everything is checked', async () => {
    const { out } = await hapsim(['check', '@/a.cfg'], {
      'a.cfg': config.replace(/.*opentracing.*\n/g, ''),
    })
    expect(out).toMatch(/^Configuration file is valid$/m)
    expect(out).not.toContain('not fully checked')
  })
})
