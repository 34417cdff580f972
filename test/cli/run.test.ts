import { describe, expect, it } from 'vitest'
import { hapsim, objects } from '../support/hapsim.js'

const CONFIG = `
global
    log stdout format raw local0 info
    stats socket /run/haproxy.sock level admin
defaults
    mode tcp
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 5s
    default-server inter 500ms fall 2 rise 2
mailers m
    mailer mail1 192.0.2.10:25
backend be1
    email-alert mailers m
    email-alert from a@example.com
    email-alert to b@example.com
    server srv1 10.0.0.1:80 check
    server srv2 app.example.com:8080 check
`

describe('hapsim run', () => {
  it('shows a server that goes down and comes up', async () => {
    const { code, out } = await hapsim(['run', '@/haproxy.cfg', '--at', '2s=down be1/srv1', '--at', '6s=up be1/srv1'], {
      'haproxy.cfg': CONFIG,
    })
    expect(code).toBe(0)
    expect(out).toContain('world   down be1/srv1')
    expect(out).toMatch(
      /^ +2\.\d{3}s {2}alert {3}Server be1\/srv1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: \dms\. 1 active and 0 backup servers left\. 0 sessions active, 0 requeued, 0 remaining in queue\.$/m,
    )
    expect(out).toMatch(/^ +6\.\d{3}s {2}notice {2}Server be1\/srv1 is UP/m)
    expect(out.split('\n').at(-1)).toMatch(
      /^ +30\.000s {2}end {5}1 alert, 1 warning, 1 mail, \d+ events, 2 log lines; trace [0-9a-f]{16}$/,
    )
  })

  it('shows everything in the order of time', async () => {
    const { out } = await hapsim(['run', '@/haproxy.cfg', '--json', '--at', '2s=down be1/srv1'], {
      'haproxy.cfg': CONFIG,
    })
    const times = objects(out).map((each) => each.at as number)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(times.at(-1)).toBe(30_000)
  })

  it('sends commands to the runtime API and shows the responses', async () => {
    const { out } = await hapsim(['run', '@/haproxy.cfg', '--json', '--at', '1s=cli disable server be1/srv1'], {
      'haproxy.cfg': CONFIG,
    })
    const records = objects(out)
    expect(records).toContainEqual({ at: 1000, type: 'cli', command: 'disable server be1/srv1', answer: '\n' })
    expect(records).toContainEqual(
      expect.objectContaining({ at: 1000, type: 'event', name: 'SERVER_ADMIN', proxy: 'be1', server: 'srv1' }),
    )
    expect(records).toContainEqual(expect.objectContaining({ type: 'log', level: 'alert', at: 1000 }))
  })

  it('ends with counts and the trace hash, the same for the same seed', async () => {
    const run = async (seed: string) =>
      objects((await hapsim(['run', '@/haproxy.cfg', '--json', '--seed', seed], { 'haproxy.cfg': CONFIG })).out).at(-1)!
    const first = await run('1')
    expect(await run('1')).toEqual(first)
    expect(first).toMatchObject({ type: 'end', at: 30_000, started: true, counts: { event: 2 } })
    expect((await run('2')).trace).not.toBe(first.trace)
  })

  it('sets the environment variables given, and inherits none', async () => {
    const files = { 'haproxy.cfg': CONFIG.replace('srv1 10.0.0.1:80', 'srv1 "10.0.0.1:${PATH-81}"') }
    const run = async (...args: string[]) => {
      const { out } = await hapsim(
        ['run', '@/haproxy.cfg', '--json', '--at', '1s=cli show servers state be1', ...args],
        files,
      )
      return String(objects(out).find((each) => each.type === 'cli')!.answer)
    }
    expect(await run()).toContain(' 81 ')
    expect(await run('--env', 'PATH=9090')).toContain(' 9090 ')
  })
})

describe('a configuration with errors', () => {
  it('is rejected with all its errors, with file, line and nearest keyword, and exit code 1', async () => {
    const { code, out } = await hapsim(['run', '@/haproxy.cfg'], {
      'haproxy.cfg':
        'defaults\n    mode htp\n    timout client 5s\nbackend be1\n    server s1 300.0.0.1:80\n    bogus\n',
    })
    expect(code).toBe(1)
    expect(out).toContain("parsing [haproxy.cfg:2] : unknown proxy mode 'htp'.")
    expect(out).toContain(
      "parsing [haproxy.cfg:3] : unknown keyword 'timout' in 'defaults' section; did you mean 'timeout' maybe ?",
    )
    expect(out).toContain("parsing [haproxy.cfg:6] : unknown keyword 'bogus' in 'backend' section")
    expect(out).toContain('Fatal errors found in configuration.')
    expect(out).not.toContain('trace')
  })

  it('cannot be read', async () => {
    const { code, out } = await hapsim(['run', '@/nope.cfg'])
    expect(code).toBe(1)
    expect(out).toContain('Cannot open configuration file/directory nope.cfg : No such file or directory')
  })

  it('does not exist', async () => {
    expect((await hapsim(['run', '@/haproxy.cfg'], { 'haproxy.cfg': '\u0000\u0001\u0002\n' })).code).toBe(1)
    const { code, out } = await hapsim(['run', '@/haproxy.cfg'], { 'haproxy.cfg': '' })
    expect(code).toBe(1)
    expect(out).toContain("No enabled listener found (check for 'bind' directives) ! Exiting.")
  })

  it('is reported in JSON', async () => {
    const { code, out } = await hapsim(['run', '@/haproxy.cfg', '--json'], { 'haproxy.cfg': 'global\n  foo\n' })
    expect(code).toBe(1)
    expect(objects(out)[0]).toEqual({
      at: 0,
      type: 'message',
      level: 'alert',
      message: "config : parsing [haproxy.cfg:2] : unknown keyword 'foo' in 'global' section",
    })
    expect(objects(out).at(-1)).toMatchObject({ type: 'end', started: false })
  })
})

describe('a script with errors', () => {
  const run = (script: string) => hapsim(['run', '@/script.lua', '--for', '3s'], { 'script.lua': script })

  it('shows the line of an error in a task, and its variables', async () => {
    const { out } = await run(
      'local limit = 1\nlocal function add(list)\n  local sum = 0\n  for _, v in ipairs(list) do\n    sum = sum + v.n * limit\n  end\nend\ncore.register_task(function() core.msleep(5) add({ { n = 1 }, "two" }) end)',
    )
    expect(out).toContain(`
                      3 |   local sum = 0
                      4 |   for _, v in ipairs(list) do
                    > 5 |     sum = sum + v.n * limit
                      6 |   end
                      7 | end
                    local list = { { n = 1 }, "two" }
                    local sum = 1
                    local _ = 2
                    local v = "two"
                    upvalue limit = 1
`)
  })

  it('shows errors of the body and of init functions in the same way', async () => {
    expect((await run('local t = {}\nt.x.y = 1')).out).toContain('> 2 | t.x.y = 1\n                    local t = {}\n')
    expect((await run('core.register_init(function() local n = 5 error("no") end)')).out).toContain(
      '> 1 | core.register_init(function() local n = 5 error("no") end)\n                    local n = 5',
    )
  })

  it('shows the line of a syntax error, with the surrounding lines', async () => {
    expect((await run('local a = 1\n\nlocal b == 2\nprint(a)\n')).out)
      .toContain(`script.lua:3: unexpected symbol near '=='
                      1 | local a = 1
                      2 |
                    > 3 | local b == 2
                      4 | print(a)
`)
  })

  it('shows the line of a syntax error in a module, and in scripts that are loaded twice', async () => {
    const { out } = await hapsim(['run', '@/haproxy.cfg', '--env', 'DIR=@'], {
      'haproxy.cfg': `global\n${['main', 'bad', 'bad'].map((name) => `  lua-load "\${DIR}/${name}.lua"\n`).join('')}`,
      'main.lua': 'package.path = os.getenv("DIR") .. "/?.lua"\nrequire("module")',
      'module.lua': 'return {\n  a = 1\n  b = 2\n}',
      'bad.lua': 'return +',
    })
    expect(out).toMatch(/module\.lua:3: .* near 'b'\n.*\n.*\n {20}> 3 \| {3}b = 2\n/)
    expect(out.match(/^.*bad\.lua:1: .*\n {20}> 1 \| return \+$/gm)).toHaveLength(2)
  })

  it('is reported as an object in JSON', async () => {
    const script = 'core.register_task(function() local n = 5\n error("no") end)'
    const { out } = await hapsim(['run', '@/script.lua', '--for', '1s', '--json'], { 'script.lua': script })
    const reported = objects(out).filter(({ type }) => type === 'lua failure')
    expect(reported).toMatchObject([
      { message: 'script.lua:2: no', frames: [{ line: 2, locals: [{ name: 'n', value: '5' }] }] },
    ])
  })

  it('is rejected for a syntax error', async () => {
    const { code, out } = await run('function (')
    expect(code).toBe(1)
    expect(out).toMatch(/parsing \[built-in:3\] : error in Lua file '.*script\.lua': .*script\.lua:1: .*near/)
  })

  it('is rejected for an error in its body or in an init function', async () => {
    const body = await run('error("in body")')
    expect(body.code).toBe(1)
    expect(body.out).toContain('in body')
    const init = await run('core.register_init(function() error("in init") end)')
    expect(init.code).toBe(1)
    expect(init.out).toContain('in init')
  })

  it('continues after an error in a task or in an event handler, and shows its position', async () => {
    const task = await run('core.register_task(function() local x = nil; x.y = 1 end)')
    expect(task.code).toBe(1)
    expect(task.out).toMatch(/end {5}1 error, 0 mails/)
    expect(task.out).toMatch(/Lua task: \[state-id 0\] runtime error: .*script.lua:1: attempt to index a nil value/)
    const handler = await run('core.event_sub({"SERVER"}, function() error("in handler") end)')
    expect(handler.code).toBe(1)
    expect(handler.out).toMatch(/script.lua:1: in handler/)
  })
})

describe('the language of scripts', () => {
  const files = { 'script.lua': 'core.register_init(function() print(_VERSION, "10" + 1) end)' }

  it('is Lua 5.4, or 5.3 if requested', async () => {
    expect((await hapsim(['run', '@/script.lua', '--for', '1s'], files)).out).toContain('Lua 5.4\t11')
    expect((await hapsim(['run', '@/script.lua', '--for', '1s', '--lua', '5.3'], files)).out).toContain('Lua 5.3\t11.0')
    expect((await hapsim(['run', '@/script.lua', '--lua', '5.2'], files)).code).toBe(2)
  })
})

describe('a usage error', () => {
  const files = { 'haproxy.cfg': CONFIG }
  const cases: [string, string[], RegExp][] = [
    ['an unknown command', ['rum'], /unknown command 'rum'/],
    ['no file', ['run'], /missing required argument 'file'/],
    ['an unknown option', ['run', '@/haproxy.cfg', '--fro', '3s'], /unknown option '--fro'/],
    ['a script that is not there', ['run', '@/nope.lua'], /cannot read nope\.lua: no such file or directory/],
    ['a duration that is none', ['run', '@/haproxy.cfg', '--for', '3 weeks'], /'3 weeks' is not a duration/],
    ['a seed that is none', ['run', '@/haproxy.cfg', '--seed', 'x'], /must be an integer/],
    ['an action without a time', ['run', '@/haproxy.cfg', '--at', 'down be1/srv1'], /expected TIME=ACTION/],
    [
      'an unknown action',
      ['run', '@/haproxy.cfg', '--at', '1s=explode'],
      /unknown action 'explode'; known actions: down, up/,
    ],
    [
      'an unknown server',
      ['run', '@/haproxy.cfg', '--at', '1s=down be1/x'],
      /unknown server 'be1\/x'; known: be1\/srv1/,
    ],
    ['an unknown mailer', ['run', '@/haproxy.cfg', '--at', '1s=smtp-down x'], /unknown mailer 'x'; known: mail1/],
    ['a time that is none', ['run', '@/haproxy.cfg', '--at', 'soon=down be1/srv1'], /'soon' is not a duration/],
  ]
  it.each(cases)('%s: the exit code is 2 and the message explains it', async (_, args, message) => {
    const { code, complaints, out } = await hapsim(args, files)
    expect(code).toBe(2)
    expect(complaints).toMatch(message)
    expect(complaints + out).not.toMatch(/^\s+at /m)
  })
})

describe('errors in the configuration', () => {
  it('are reported before errors in actions that refer to it', async () => {
    const missing = await hapsim(['run', '@/nope.cfg', '--at', '5s=down be1/srv1'])
    expect(missing.code).toBe(1)
    expect(missing.out).toContain('Cannot open configuration file/directory nope.cfg : No such file or directory')
    const broken = await hapsim(['run', '@/haproxy.cfg', '--at', '5s=down be1/srv1'], {
      'haproxy.cfg': 'backend be1\n    sever srv1 10.0.0.1:80\n',
    })
    expect(broken.code).toBe(1)
    expect(broken.out).toContain("unknown keyword 'sever' in 'backend' section")
  })
})
