/** What `hapsim run` runs, for how long, in which world, and what makes it fail. */
import { describe, expect, it } from 'vitest'
import { hapsim, objects } from '../support/hapsim.js'

const GLOBAL = 'global\n    stats socket /run/haproxy.sock level admin\n'
const BACKEND = `backend app
    timeout connect 1s
    timeout server 1s
    server web1 10.0.0.1:80 check inter 1s
`

const end = (out: string) => objects(out).at(-1)!

describe('the duration of a run', () => {
  const files = { 'a.cfg': GLOBAL + BACKEND }
  const at = async (...args: string[]) => end((await hapsim(['run', '@/a.cfg', '--json', ...args], files)).out).at

  it('lasts beyond the actions, unless --for sets it', async () => {
    expect(await at()).toBe(30_000)
    expect(await at('--at', '20s=down app/web1')).toBe(30_000)
    expect(await at('--at', '40s=down app/web1')).toBe(45_000)
    expect(await at('--at', '250ms=down app/web1', '--for', '300ms')).toBe(300)
  })

  it('a duration that ends before an action is a usage error', async () => {
    for (const command of ['run', 'explore']) {
      const { code, complaints } = await hapsim([command, '@/a.cfg', '--at', '2s=down app/web1', '--for', '1s'], files)
      expect(code).toBe(2)
      expect(complaints).toContain("--at '2s=down app/web1' is after the end of the run, which lasts 1s")
    }
  })

  it('is set by the configuration file, with the same error', async () => {
    const { code, complaints } = await hapsim(
      ['run', '@/a.cfg', '--at', '2s=down app/web1', '--config', '@/hapsim.config.json'],
      { ...files, 'hapsim.config.json': '{ "run": { "for": "1s" } }' },
    )
    expect(code).toBe(2)
    expect(complaints).toContain('which lasts 1s')
  })

  it('includes the actions of its last instant', async () => {
    const { out } = await hapsim(['run', '@/a.cfg', '--at', '2s=cli show version', '--for', '2s', '--json'], files)
    expect(objects(out)).toContainEqual(expect.objectContaining({ type: 'cli', at: 2000 }))
  })
})

describe('a run fails', () => {
  const FAILING = 'core.register_task(function() error("broken") end)\n'
  const run = (script: string, ...args: string[]) =>
    hapsim(['run', '@/a.lua', '--for', '3s', '--json', ...args], { 'a.lua': script })

  it('on an error in a script, which is counted', async () => {
    const { code, out } = await run(FAILING)
    expect(code).toBe(1)
    expect(end(out)).toMatchObject({ started: true, counts: { errors: 1, alerts: 0, warnings: 0 } })
  })

  /** With a separate configuration without log targets. */
  const runLoaded = (script: string, global: string) =>
    hapsim(['run', '@/a.cfg', '--for', '3s', '--json'], {
      'a.lua': script,
      'a.cfg': `${GLOBAL}    default-path config\n    tune.lua.bool-sample-conversion normal\n${global}    lua-load a.lua\n`,
    })

  it('on an error without a log line', async () => {
    const { code, out } = await runLoaded(FAILING, '')
    expect(code).toBe(1)
    expect(end(out)).toMatchObject({ counts: { errors: 1, alerts: 0, warnings: 0 } })
  })

  it('when a script exceeds a limit of HAProxy', async () => {
    const { code, out } = await runLoaded(
      'core.register_task(function() while true do end end)',
      '    tune.lua.task-timeout 10ms\n',
    )
    expect(code).toBe(1)
    expect(end(out)).toMatchObject({ counts: { errors: 1 } })
  })

  it('on the kinds selected with --fail only', async () => {
    expect((await run(FAILING, '--fail', 'alert')).code).toBe(0)
    expect((await run(FAILING, '--fail', 'none')).code).toBe(0)
    const alert = 'core.register_task(function() core.Alert("on fire") end)'
    const baseline = await run(alert)
    expect(baseline.code).toBe(0)
    expect(end(baseline.out)).toMatchObject({ counts: { alerts: 1, errors: 0 } })
    expect((await run(alert, '--fail', 'lua,alert')).code).toBe(1)
    const { code, complaints } = await run(alert, '--fail', 'tears')
    expect(code).toBe(2)
    expect(complaints).toContain("'tears' is not one of lua, alert, paused, limit")
  })

  it('not on warnings, which are counted', async () => {
    const { code, out } = await run('core.register_task(function() core.Warning("hot") end)')
    expect(code).toBe(0)
    expect(end(out)).toMatchObject({ counts: { warnings: 1 } })
  })
})

describe('the built-in configuration', () => {
  const run = async (script: string, ...args: string[]) =>
    (await hapsim(['run', '@/a.lua', ...args], { 'a.lua': script })).out

  it('shows log lines of the body of a script, and later ones of all levels', async () => {
    const out = await run(
      'core.Info("hello")\ncore.register_init(function() core.Debug("init") end)\ncore.register_task(function() core.Debug("task") end)',
      '--for',
      '1s',
    )
    expect(out).toMatch(/0\.000s {2}print {3}\[info\] .* : hello$/m)
    expect(out).toMatch(/debug {3}init$/m)
    expect(out).toMatch(/debug {3}task$/m)
  })

  it('has mailers for scripts that use them, and neither mails nor warnings for others', async () => {
    const plain = await run('core.Info("hello")', '--for', '10s')
    expect(plain).toMatch(/alert {3}Server app\/web1 is DOWN/)
    expect(plain).not.toMatch(/warning|mail {4}/)
    expect(await run('-- knows nothing of mailers', '--for', '10s')).toMatch(/mail {4}received by mail1/)
  })

  it('has a mail server for scripts that send mails themselves', async () => {
    const out = await run(
      'core.register_task(function() local s = core.tcp() s:connect("127.0.0.1", 25) core.Info(s:receive("*l")) end)',
      '--at',
      '500ms=smtp-down mail1',
      '--for',
      '1s',
    )
    expect(out).toMatch(/info {4}220 /)
    expect(out).toContain('world   smtp-down mail1')
  })

  it('is printed with --print-config, and HAProxy starts with it', async () => {
    const { out, code } = await hapsim(['run', '--print-config', '@/a.lua'], { 'a.lua': 'print(1)' })
    expect(code).toBe(0)
    expect(out).toMatch(/^global\n {4}tune\.lua.*\n {4}lua-load "a\.lua"\n {4}log stdout format raw local0 debug\n/)
    expect(out).not.toContain('mailers')
    expect((await hapsim(['run', '--print-config'])).out).toContain('email-alert mailers alerts')
    expect((await hapsim(['run', '--print-config', 'a.cfg'])).code).toBe(2)
  })
})

describe('several files', () => {
  it('are one configuration, in order; those of directories in the order of names', async () => {
    const files = {
      'global.cfg': GLOBAL,
      'conf.d/2.cfg': '    server web2 10.0.0.2:80\n',
      'conf.d/1.cfg': BACKEND,
      'conf.d/note.txt': 'no configuration\n',
    }
    const { out, code } = await hapsim(
      ['run', '@/global.cfg', '@/conf.d', '--for', '1s', '--at', '0=cli show servers state app'],
      files,
    )
    expect(code).toBe(1)
    expect(out).toContain("parsing [conf.d/2.cfg:1]: unknown keyword 'server'")
    const whole = await hapsim(
      ['run', '@/global.cfg', '@/conf.d', '--for', '1s', '--at', '0=cli show servers state app'],
      { ...files, 'conf.d/2.cfg': BACKEND.replace('app', 'api') },
    )
    expect(whole.code).toBe(0)
    expect(whole.out).toContain('app 1 web1 10.0.0.1')
  })

  it('are scripts in one built-in configuration', async () => {
    const { out, code } = await hapsim(['run', '@/a.lua', '@/b.lua', '--for', '1s'], {
      'a.lua': 'shared = 5',
      'b.lua': 'print("shared is " .. shared)',
    })
    expect(code).toBe(0)
    expect(out).toContain('shared is 5')
  })

  it('cannot be scripts beside configurations', async () => {
    const { code, complaints } = await hapsim(['run', '@/a.lua', '@/b.cfg'], { 'a.lua': '', 'b.cfg': GLOBAL })
    expect(code).toBe(2)
    expect(complaints).toContain("a.lua is a script: give only scripts, or load it with 'lua-load' in a configuration")
  })
})

const HOOK = `
core.register_task(function()
  local s = core.tcp()
  s:connect("10.0.0.8", 80)
  s:send("POST /hook?a=1 HTTP/1.1\\r\\nHost: hooks.example\\r\\nContent-Length: 6\\r\\n\\r\\nhällo")
  core.Info(s:receive("*l"))
  s:close()
  local t = core.tcp()
  t:connect("10.0.0.9", 514)
  t:send("one\\ntwo\\n")
  t:close()
  core.tcp():connect("127.0.0.1", 1)
end)
`

describe('a server added with --http or --tcp', () => {
  const servers = ['--http', '10.0.0.8:80=503', '--tcp', '10.0.0.9:514']
  const run = (...args: string[]) => hapsim(['run', '@/a.lua', ...servers, ...args], { 'a.lua': HOOK })

  it('shows requests, and answers with the given status', async () => {
    const { out } = await run()
    expect(out).toMatch(/http {4}POST \/hook\?a=1 at 10\.0\.0\.8:80, answered 503\n {20}\| hällo$/m)
    expect(out).toMatch(/info {4}HTTP\/1\.1 503 Service Unavailable$/m)
    expect(out).toMatch(/tcp {5}192\.0\.2\.1:\d+ connected to 10\.0\.0\.9:514$/m)
    expect(out).toMatch(/tcp {5}received at 10\.0\.0\.9:514\n {20}\| one\n {20}\| two$/m)
  })

  it('is reported in JSON', async () => {
    const records = objects((await run('--json')).out)
    expect(records).toContainEqual(
      expect.objectContaining({ type: 'http', method: 'POST', path: '/hook?a=1', body: 'hällo', status: 503 }),
    )
    expect(records).toContainEqual(expect.objectContaining({ type: 'tcp', server: '10.0.0.9:514', data: 'one\ntwo\n' }))
  })

  it('replaces the automatic server at the address of a server', async () => {
    const { out } = await hapsim(['run', '@/a.cfg', '--http', '10.0.0.1:80=500', '--for', '5s'], {
      'a.cfg': `${GLOBAL}${BACKEND}    option httpchk\n`,
    })
    expect(out).toContain('SERVER_CHECK app/web1: FAILED (L7STS 500)')
  })

  it('is configured in the configuration file, too', async () => {
    const { out, code, complaints } = await hapsim(['run', '@/a.lua', '--config', '@/hapsim.config.json'], {
      'a.lua': `${HOOK}core.register_task(function() error("on purpose") end)`,
      'hapsim.config.json': '{ "run": { "http": ["10.0.0.8:80=503"], "tcp": ["10.0.0.9:514"], "fail": ["limit"] } }',
    })
    expect(complaints).toBe('')
    expect(out).toContain('POST /hook?a=1 at 10.0.0.8:80, answered 503')
    expect(out).toContain('received at 10.0.0.9:514')
    expect(code).toBe(0)
  })

  it.each([
    ['--http', 'nowhere', "--http 'nowhere': missing port specification in 'nowhere'"],
    ['--http', '10.0.0.1:80=99', "'99' is not an HTTP status"],
    ['--tcp', '10.0.0.8:80', "--tcp '10.0.0.8:80': Address already in use"],
  ])('rejects %s %s', async (flag, value, message) => {
    const { code, complaints } = await run(flag, value)
    expect(code).toBe(2)
    expect(complaints).toContain(message)
  })
})

describe('connections of scripts', () => {
  it('are shown with their task and the reason of a failure', async () => {
    const { out } = await hapsim(['run', '@/a.lua', '--http', '10.0.0.8:80', '--tcp', '10.0.0.9:514'], {
      'a.lua': HOOK,
    })
    expect(out).toMatch(/socket {2}connected to 10\.0\.0\.8:80 \(Lua task a\.lua:2\)$/m)
    expect(out).toMatch(/socket {2}not connected to 127\.0\.0\.1:1: Connection refused \(Lua task a\.lua:2\)$/m)
  })
})
