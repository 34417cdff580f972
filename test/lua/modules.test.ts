/** Modules that scripts require: those written in C are refused with advice, stand-ins are found where they are asked for. */
import { describe, expect, it } from 'vitest'
import { LuaCoverage } from '../../src/lua/index.js'
import { Simulation } from '../../src/sim/index.js'

const CONFIG = `global
  lua-load x.lua
defaults
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend fe
  bind :80
`

interface Options {
  readonly modules?: boolean
  readonly files?: Readonly<Record<string, string>>
  readonly global?: string
}

/** What a script prints. */
const printed = (script: string, { modules, files, global = '' }: Options = {}): string =>
  new Simulation()
    .haproxy({
      config: CONFIG.replace('global', `global\n  ${global}`),
      files: { 'x.lua': script, ...files },
      directory: false,
      modules,
    })
    .start()
    .output.join('\n')

/** The last line of the error of `require`. */
const advice = (module: string, options?: Options): string | undefined =>
  printed(`print(select(2, pcall(require, "${module}")))`, options).split('\n').at(-1)?.trim()

const refused = (advised: string): string => `hapsim does not support C modules: ${advised}`
const option = (name: string): string =>
  refused(`option --modules (in TypeScript: modules: true) provides a Lua module '${name}'`)
const ownModule = (name: string): string => refused(`put a Lua module '${name}' in the path of lua-prepend-path`)

describe('a C module', () => {
  it.each(['cjson', 'cjson.safe'])('%s is refused, naming the option for its stand-in', (name) => {
    expect(advice(name)).toBe(option(name))
  })

  it.each(['ssl', 'ssl.https', 'lfs', 'socket.ftp'])('%s is refused, advising a module in Lua', (name) => {
    expect(advice(name)).toBe(ownModule(name))
    expect(advice(name, { modules: true })).toBe(ownModule(name))
  })

  it('that is found in package.cpath is refused in the same way', () => {
    const files = { './cjson.so': '\x7fELF', './ssl.so': '\x7fELF' }
    expect(advice('cjson', { files })).toBe(option('cjson'))
    expect(advice('ssl.core', { files })).toBe(ownModule('ssl.core'))
  })

  it('is not assumed for other names', () => {
    expect(advice('mine')).not.toContain('C modules')
  })
})

describe('stand-ins', () => {
  const path = 'print(package.path)'

  it('are found with the option of the simulation or of the process', () => {
    const script = 'print(require("cjson").encode({ 1, "a/b" }))'
    expect(printed(script, { modules: true })).toBe('[1,"a\\/b"]')
    const simulation = new Simulation({ modules: true })
    const options = { config: CONFIG, files: { 'x.lua': script } }
    expect(simulation.haproxy({ ...options, directory: false }).start().output).toEqual(['[1,"a\\/b"]'])
  })

  it('change nothing where they are not asked for', () => {
    expect(printed(path)).not.toContain('hapsim')
    expect(printed('print(package.preload["hapsim.native"], io.open("/usr/share/hapsim/modules/cjson.lua"))')).toMatch(
      /^nil\tnil/,
    )
  })

  it('are searched after lua-prepend-path and before all other folders', () => {
    expect(printed(path, { modules: true, global: 'lua-prepend-path /mine/?.lua' })).toMatch(
      /^\/mine\/\?\.lua;\/usr\/share\/hapsim\/modules\/\?\.lua;\/usr\/local\/share\/lua/,
    )
    const files = { '/mine/cjson.lua': 'return "mine"', 'cjson.lua': 'return "other"' }
    const script = 'print(type(require("cjson")))'
    expect(printed(script, { modules: true, files })).toBe('table')
    expect(printed(script, { modules: true, files, global: 'lua-prepend-path /mine/?.lua' })).toBe('string')
  })

  it('are found with Lua states for each thread', () => {
    const config = CONFIG.replace('lua-load x.lua', 'nbthread 2\n  lua-load-per-thread x.lua')
    const files = { 'x.lua': 'print(core.thread, require("cjson.safe").decode("[1"))' }
    const { output } = new Simulation().haproxy({ config, files, directory: false, modules: true }).start()
    expect(output).toEqual(
      [1, 2].map((thread) => `${thread}\tnil\tExpected comma or array end but found T_END at character 3`),
    )
  })

  it('are not part of the coverage of scripts', () => {
    const coverage = new LuaCoverage()
    const files = { 'x.lua': 'require("cjson").encode({})' }
    new Simulation({ modules: true, coverage }).haproxy({ config: CONFIG, files, directory: false }).start()
    expect(coverage.scripts.map(({ path }) => path)).toEqual(['x.lua'])
  })
})

describe('cjson', () => {
  const cjson = (script: string): string => printed(`local cjson = require("cjson") ${script}`, { modules: true })

  it('encodes and decodes', () => {
    expect(cjson('print(cjson.encode({ id = { 1, 2.5, true, cjson.null } }))')).toBe('{"id":[1,2.5,true,null]}')
    expect(cjson(`local t = cjson.decode('{"a":[1,null]}') print(t.a[1], t.a[2] == cjson.null)`)).toBe('1.0\ttrue')
  })

  it('raises errors at the line of the call', () => {
    expect(cjson('local ok, message = pcall(function() local v = cjson.decode("{") return v end) print(message)')).toBe(
      'x.lua:1: Expected object key string but found T_END at character 2',
    )
  })

  it('can encode empty arrays', () => {
    expect(
      cjson(`print(cjson.encode({ cjson.empty_array, setmetatable({}, cjson.array_mt), setmetatable({}, cjson.empty_array_mt), {} }))
        cjson.encode_empty_table_as_object(false)
        print(cjson.encode({}))
        cjson.decode_array_with_array_mt(true)
        print(cjson.encode(cjson.decode("[[]]")))`),
    ).toBe('[[],[],[],{}]\n[]\n[[]]')
  })

  it('can leave slashes as they are', () => {
    expect(cjson('cjson.encode_escape_forward_slash(false) print(cjson.encode("a/b"))')).toBe('"a/b"')
  })
})

describe('socket', () => {
  /** What a task prints, with servers on the network. */
  const run = (script: string, surroundings: (simulation: Simulation) => void = () => undefined): readonly string[] => {
    const simulation = new Simulation({ modules: true })
    surroundings(simulation)
    const files = { 'x.lua': `core.register_task(function() ${script} end)` }
    const haproxy = simulation.haproxy({ config: CONFIG, files, directory: false }).start()
    simulation.advance('10m')
    expect(haproxy.messages.filter(({ severity }) => severity === 'alert')).toEqual([])
    return haproxy.output
  }

  it('connects to servers of the simulated network, by address or name', () => {
    const script = `local socket = require("socket")
      local c = assert(socket.connect("mail.example.com", 25))
      print(c:receive()) c:send("QUIT\\r\\n") print((c:receive("*l"):match("^%d+")))`
    expect(run(script, (simulation) => simulation.smtp('mail.example.com:25'))[1]).toBe('221')
  })

  it('sends requests', () => {
    const script = `print(require("socket.http").request("http://10.0.0.1/path"))`
    expect(
      run(script, (simulation) => simulation.http('10.0.0.1:80').respond({ status: 201, body: 'made' }))[0],
    ).toMatch(/^made\t201\ttable: 0x\w+\tHTTP\/1.1 201 Created$/)
  })

  it('sends requests with TLS', () => {
    const script = `print(require("socket.http").request("https://10.0.0.1/"))`
    const surroundings = (simulation: Simulation) => {
      simulation.http('10.0.0.1:443', { tls: {} }).respond({ body: 'secret' })
    }
    expect(run(script, surroundings)[0]).toMatch(/^secret\t200/)
  })

  it('tells time and waits by the clock of the simulation', () => {
    const script = `local socket = require("socket") local t = socket.gettime() socket.sleep(90) print(math.floor(socket.gettime() - t))`
    expect(run(script)).toEqual(['90'])
  })

  it('reports timeouts', () => {
    const script = `local socket = require("socket")
      local c = socket.tcp() c:settimeout(2) print(c:connect("10.0.0.1", 80)) print(c:receive())
      local d = socket.tcp() d:settimeout(2) print(d:connect("10.0.0.2", 80))`
    const surroundings = (simulation: Simulation): void => {
      simulation.tcp('10.0.0.1:80')
      simulation.http('10.0.0.2:80').hang()
    }
    expect(run(script, surroundings)).toEqual(['1.0', 'nil\ttimeout\t', '1.0'])
  })

  it('names what sockets of HAProxy cannot do', () => {
    expect(run('print(pcall(require("socket").udp))')[0]).toContain(
      'socket.udp is not available: scripts of HAProxy have core.tcp only',
    )
  })
})
