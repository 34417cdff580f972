/**
 * The environment as scripts, their commands and the runtime API see it, at each time of a process's life: in the real HAProxy, in
 * `hapsim-haproxy` and in a simulation, variable by variable and in the order of C's `environ`.
 */
import { writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { parseConfig } from '../../support/parse-config.js'
import { Simulation } from '../../../src/sim/index.js'
import { build } from '../../support/build.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { call, OURS, REAL } from '../support/programs.js'
import { describeUpstream } from '../support/upstream.js'

/** Prints the variables at each time, and in the end what `show env` says at the first address of HAPROXY_CLI. */
const SCRIPT = `
local names = {
  "A", "B", "URL", "DROP", "GROWS", "KEPT", "HAPROXY_BRANCH", "HAPROXY_CFGFILES", "HAPROXY_CLI", "HAPROXY_LOCALPEER",
  "HAPROXY_MASTER_CLI", "HAPROXY_MWORKER", "HAPROXY_STARTUP_VERSION", "HAPROXY_HTTP_CLF_LOG_FMT", "HAPROXY_HTTP_LOG_FMT",
  "HAPROXY_HTTPS_LOG_FMT", "HAPROXY_TCP_CLF_LOG_FMT", "HAPROXY_TCP_LOG_FMT",
}
local loaded = ...
local function show(when)
  for _, name in ipairs(names) do print(loaded, when, name, os.getenv(name)) end
  local command = io.popen("echo $A $DROP $GROWS $HAPROXY_BRANCH $HAPROXY_CFGFILES $HAPROXY_CLI")
  print(loaded, when, "a command", command:read("l"))
  command:close()
end
show("body")
core.register_init(function() show("init") end)
core.register_task(function()
  show("task")
  if loaded ~= "last" then return end
  local address = os.getenv("HAPROXY_CLI"):match("[^;]*")
  local socket = core.tcp()
  socket:settimeout(2)
  print("connect", socket:connect(address))
  socket:send("show env\\n")
  repeat
    local line = socket:receive("*l")
    if line and line ~= "" then print("show env", line) end
  until not line
  print("done")
end)
`

const configuration = (lines: string, sockets: string): string => `global
    insecure-fork-wanted
    tune.lua.bool-sample-conversion normal
${lines}
${sockets}
defaults
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend f
    bind unix@@DIR@/f
`

const SOCKETS = `    stats socket @DIR@/sock level admin
    stats socket ipv4@127.0.0.1:@PORT@
    stats socket abns@hapsim-@PORT@
    stats socket ipv6@[::1]:@PORT@,unix@@DIR@/other mode 600`

interface Story {
  readonly lines: string
  readonly sockets?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
}

/** The order of inherited variables is not specified: the real program is called by a shell. */
const normal = (text: string, folder: string, story: Story): string[] => {
  const lines = printed(text, folder)
  const [shown, others] = [true, false].map((is) => lines.filter((line) => line.startsWith('show env') === is))
  return [...others!, ...(story.environment ? shown!.sort() : shown!)]
}

const printed = (text: string, folder: string): string[] =>
  text
    .replaceAll(folder, 'DIR')
    .replace(/3\.2\.26-\d+/g, '3.2.26')
    .replace(/([-:])2\d{4}\b/g, '$1PORT')
    .split('\n')
    .filter((line) => line !== '')

const texts = ({ lines, sockets = SOCKETS }: Story, folder: string): string =>
  configuration(lines, sockets)
    .replaceAll('@DIR@', folder)
    .replaceAll('@PORT@', String(20_000 + Math.floor(Math.random() * 10_000)))

/** No more than this is inherited. */
const inherited = ({ environment }: Story, folder: string): Record<string, string> => ({
  PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
  PWD: folder,
  ...environment,
})

const play = async (program: string, story: Story): Promise<string[]> => {
  const cwd = temporaryFolder('environment')
  writeFileSync(join(cwd, 'env.lua'), SCRIPT)
  writeFileSync(join(cwd, 'first.cfg'), texts(story, cwd))
  writeFileSync(join(cwd, 'second.cfg'), '\n')
  const variables = Object.entries(inherited(story, cwd)).map(([name, value]) => `${name}=${value}`)
  const args = ['-db', ...(story.args ?? []), '-f', 'first.cfg', '-f', 'second.cfg']
  const { out } = await call(program, args, {
    cwd,
    before: ['env', '-i', ...variables],
    signals: [{ when: (text) => text.includes('\ndone'), send: 'SIGTERM' }],
  })
  return normal(out, cwd, story)
}

/** The same in a simulation, which reads one file: the second one is given as a configuration that was read before. */
const simulate = (story: Story): string[] => {
  const environment = inherited(story, '/simulated')
  const simulation = new Simulation()
  const files = [
    { name: 'first.cfg', text: texts(story, '/simulated') },
    { name: 'second.cfg', text: '\n' },
  ]
  const haproxy = simulation.haproxy({
    config: parseConfig(files, { env: environment, localPeer: { name: hostname(), fromCommandLine: false } }),
    files: { 'env.lua': SCRIPT },
    directory: process.cwd(),
    machine: { environment, hostname: hostname() },
    allow: { exec: true },
  })
  haproxy.start()
  simulation.advance('1s')
  return normal(haproxy.output.join('\n'), '/simulated', story)
}

const LOAD = (name: string) => `    lua-load env.lua ${name}`

const STORIES: Readonly<Record<string, Story>> = {
  'with keywords before and after scripts': {
    environment: { DROP: '1', KEPT: '2' },
    lines: `${LOAD('early')}
    setenv A 1
    setenv URL http://h/
    presetenv KEPT 3
    presetenv B 4
    setenv GROWS "\${GROWS-}x"
    unsetenv DROP
${LOAD('middle')}
    setenv A 2
    resetenv PATH A GROWS HAPROXY_BRANCH
${LOAD('last')}
    setenv A 3`,
  },
  'with conditions that variables of a later time decide': {
    lines: `    .if defined(HAPROXY_CFGFILES)
    setenv A "$HAPROXY_CFGFILES"
    .endif
    .if defined(HAPROXY_LOCALPEER)
    setenv B "$HAPROXY_LOCALPEER"
    .endif
    .if streq("$HAPROXY_BRANCH",3.2)
    setenv URL "$HAPROXY_TCP_LOG_FMT"
    .endif
    localpeer joe
${LOAD('last')}`,
  },
  'where what HAProxy sets is inherited': {
    environment: {
      HAPROXY_BRANCH: 'a',
      HAPROXY_CFGFILES: 'b',
      HAPROXY_CLI: 'c',
      HAPROXY_LOCALPEER: 'd',
      HAPROXY_STARTUP_VERSION: 'e',
      HAPROXY_TCP_LOG_FMT: 'f',
      HAPROXY_MWORKER: 'g',
    },
    lines: LOAD('last'),
  },
  'where the configuration changes what HAProxy sets': {
    lines: `    setenv HAPROXY_CFGFILES a
    setenv HAPROXY_CLI b
    setenv HAPROXY_TCP_LOG_FMT c
    setenv HAPROXY_LOCALPEER d
    unsetenv HAPROXY_BRANCH HAPROXY_STARTUP_VERSION
${LOAD('last')}`,
  },
}

describeUpstream('the environment', () => {
  beforeAll(build, 60_000)

  it.each(Object.entries(STORIES))('is the same %s', async (_, story) => {
    const [theirs, ours] = await Promise.all([play(REAL, story), play(OURS, story)])
    expect(theirs.join('\n')).toMatch(/^show env\tHAPROXY_CLI=unix@DIR/m)
    expect(theirs).toContain('done')
    expect(ours).toEqual(theirs)
    expect(simulate(story)).toEqual(theirs)
  })

  it('contains the name given with -L, which localpeer does not change', async () => {
    const story = { lines: `    localpeer joe\n${LOAD('last')}`, args: ['-L', 'jim'] }
    const [theirs, ours] = await Promise.all([play(REAL, story), play(OURS, story)])
    expect(theirs).toContain('last\ttask\tHAPROXY_LOCALPEER\tjim')
    expect(ours).toEqual(theirs)
  })

  it.each([
    ['-W', { lines: `    setenv GROWS "\${GROWS-}x"\n${LOAD('last')}`, args: ['-W'] }],
    ['master-worker', { lines: `    master-worker\n    setenv GROWS "\${GROWS-}x"\n${LOAD('last')}` }],
  ] as const)('is that of a worker with %s', async (_, story) => {
    const [theirs, ours] = await Promise.all([play(REAL, story), play(OURS, story)])
    expect(theirs).toContain('last\tbody\tHAPROXY_MWORKER\t1')
    expect(theirs).toContain('last\tbody\tGROWS\tx')
    expect(ours).toEqual(theirs)
  })

  it('has no HAPROXY_CLI without a stats line, and an empty one without sockets', async () => {
    const script =
      'core.register_task(function() print("cli", os.getenv("HAPROXY_CLI")) print(os.getenv("HAPROXY_BRANCH")) print("done") end)'
    const run = async (program: string, stats: string) => {
      const cwd = temporaryFolder('environment')
      writeFileSync(join(cwd, 'x.lua'), script)
      writeFileSync(join(cwd, 'x.cfg'), configuration('    lua-load x.lua', stats).replaceAll('@DIR@', cwd))
      const signals = [{ when: (text: string) => text.includes('\ndone'), send: 'SIGTERM' as const }]
      return (await call(program, ['-db', '-f', 'x.cfg'], { cwd, signals })).out.trimEnd()
    }
    for (const stats of ['', '    stats timeout 3s']) {
      const [theirs, ours] = await Promise.all([run(REAL, stats), run(OURS, stats)])
      expect(theirs).toContain('done')
      expect(ours).toBe(theirs)
    }
  })

  it.each([
    ['LUA_PATH and LUA_CPATH', { LUA_PATH: '/a/?.lua;;', LUA_CPATH: ';;/b/?.so' }],
    ['LUA_PATH_5_4 before LUA_PATH', { LUA_PATH: '/a/?.lua', LUA_PATH_5_4: ';;/b/?.lua;;', LUA_CPATH_5_4: '' }],
    ['nothing but the default', { LUA_PATH: ';;', LUA_CPATH_5_4: '/x;;;;/y' }],
  ])('determines where Lua finds modules: %s', async (_, env) => {
    const cwd = temporaryFolder('paths')
    writeFileSync(join(cwd, 'x.lua'), 'print(package.path) print(package.cpath)')
    const lines = 'global\n setenv LUA_PATH late\n lua-prepend-path /first/?.lua\n lua-load x.lua\n'
    writeFileSync(join(cwd, 'x.cfg'), lines)
    const paths = async (program: string) => (await call(program, ['-q', '-c', '-f', 'x.cfg'], { cwd, env })).out
    const [theirs, ours] = await Promise.all([paths(REAL), paths(OURS)])
    expect(theirs).toContain('/first/?.lua')
    expect(ours).toBe(theirs)
  })

  it('is nearly empty for a condition of the command line', async () => {
    const cwd = temporaryFolder('condition')
    const unset = ['BRANCH', 'CFGFILES', 'CLI', 'LOCALPEER', 'TCP_LOG_FMT'].map((name) => `!defined(HAPROXY_${name})`)
    const condition = ['defined(HAPROXY_STARTUP_VERSION)', ...unset].join(' && ')
    const [theirs, ours] = await Promise.all([REAL, OURS].map((program) => call(program, ['-cc', condition], { cwd })))
    expect(theirs!.code).toBe(0)
    expect(ours).toEqual(theirs)
  })
})
