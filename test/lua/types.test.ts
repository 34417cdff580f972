/** The definitions of lua/types: they can be read, and name what scripts find. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../support/build.js'
import { readDefinitions } from '../support/definitions.js'
import { Simulation } from '../../src/sim/index.js'
import '../../src/vitest/index.js'
import { upstream } from '../upstream/support/upstream.js'
import { runScript } from './world.js'

const folder = join(root, 'lua/types')
const files = ['haproxy', 'test'].flatMap((part) => readdirSync(join(folder, part)).map((name) => `${part}/${name}`))
const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8')

const definitions = readDefinitions(files.filter((file) => file.startsWith('haproxy/')).map(textOf))
const defined = (name: string): string[] => [...(definitions.get(name) ?? [])].sort()

describe('every file', () => {
  it.each(files)('%s is Lua, and declares that it is a definition', (file) => {
    expect(textOf(file)).toMatch(/^---@meta/)
    const { messages } = runScript(`assert(loadfile("y.lua"))`, { files: { 'y.lua': textOf(file) } }, 0)
    expect(messages).toEqual([])
  })

  // what LuaCATS has of each tag that is used here: https://luals.github.io/wiki/annotations
  const TYPE = String.raw`\S.*`
  const TAGS: Readonly<Record<string, RegExp>> = {
    meta: /^(?: \w+)?$/,
    class: /^ [\w.]+(?:: [\w.]+)?$/,
    field: new RegExp(String.raw`^ (?:\w+\??|\[string\]) ${TYPE}$`),
    param: new RegExp(String.raw`^ (?:\w+\??|\.\.\.) ${TYPE}$`),
    return: new RegExp(`^ ${TYPE}$`),
    type: new RegExp(`^ ${TYPE}$`),
    alias: /^ [\w.]+(?: \S.*)?$/,
    overload: /^ fun\(.*\).*$/,
    generic: /^ \w+: \w+$/,
    deprecated: /^$/,
  }

  it.each(files)('%s has only well-formed annotations, with balanced brackets', (file) => {
    for (const line of textOf(file).split('\n')) {
      const [, tag, rest] = /^---@(\w+)(.*)$/.exec(line) ?? []
      if (tag === undefined) continue
      expect(rest, line).toMatch(TAGS[tag] ?? /^unknown tag$/)
      for (const pair of ['()', '{}', '[]', '<>'])
        expect(line.split(pair[0]!).length, `${pair} in ${line}`).toBe(line.split(pair[1]!).length)
    }
  })

  it.each(files)('%s names the parameters of each function, in order', (file) => {
    let named: string[] = []
    for (const line of textOf(file).split('\n')) {
      const name = /^---@param (\w+|\.\.\.)/.exec(line)?.[1]
      if (name !== undefined) named.push(name)
      const list = /^function [\w.:]+\((.*)\) end$/.exec(line)?.[1]
      if (list === undefined) continue
      const taken = list.split(', ').filter((each) => each !== '' && (each !== '...' || named.includes('...')))
      expect(named, line).toEqual(taken)
      named = []
    }
  })

  it('refers only to defined types', () => {
    const known = new Set(
      files.flatMap((file) =>
        [...textOf(file).matchAll(/^---@(?:class|alias|generic) ([\w.]+)/gm)].map(([, name]) => name!),
      ),
    )
    for (const file of files)
      for (const [, name] of textOf(file).matchAll(/^---@(?:param \S+|return|field \S+|type) ([A-Z]\w*|\w+\.\w+)/gm))
        expect(known, `${name} in ${file}`).toContain(name)
  })
})

/** Prints the members that a script finds: entries of a table, and what the `__index` of its metatable has. */
const MEMBERS = `
local function members(name, ...)
  local found = {}
  for _, object in ipairs({ ... }) do
    for key in next, object do if type(key) == "string" then found[key] = true end end
    local index = (getmetatable(object) or {}).__index
    if type(index) == "table" then for key in pairs(index) do found[key] = true end end
  end
  local names = {}
  for key in pairs(found) do names[#names + 1] = key end
  table.sort(names)
  print(name .. " " .. table.concat(names, " "))
end
-- what an __index that is a function knows
local function probe(object, ...)
  local found = {}
  for _, name in ipairs({ ... }) do if object[name] ~= nil then found[name] = true end end
  return found
end
members("core", core)
members("act", act)
members("filter", filter)
members("Regex", Regex)
members("Map", Map, Map.new("m.map", Map._str))
members("Queue", core.queue())
members("Concat", core.concat())
core.register_cli({ "members" }, "", function(applet) members("AppletTCP", applet) end)
core.register_service("members", "http", function(applet)
  members("AppletHTTP", applet)
  applet:start_response()
end)
core.register_init(function()
  local proxy = core.proxies.be
  members("Proxy", proxy, probe(proxy, "name", "uuid"))
  members("StickTable", proxy.stktable)
  members("Server", proxy.servers.s1, probe(proxy.servers.s1, "name", "puid"))
  members("Listener", core.frontends.fe.listeners["sock-1"])
  members("ProxyMailers", proxy:get_mailers())
  members("Patref", core.get_patref("m.map"))
  core.event_sub({ "SERVER_STATE", "SERVER_CHECK", "SERVER_ADMIN" }, function(event, data, sub)
    members("EventSub", sub)
    members("ServerEvent", data)
    for name, class in pairs({ check = "ServerEventCheckRes", state = "ServerEventState", admin = "ServerEventAdmin" }) do
      if data[name] then members(class, data[name]) end
    end
    if data.admin then members("ServerEventAdmin.Flags", data.admin.new_admin) end
  end)
end)
core.register_task(function() members("Socket", core.tcp()) end)
`

const CONFIG = `global
    tune.lua.bool-sample-conversion normal
    nbthread 1
    lua-load x.lua
defaults
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
mailers m
    mailer mail1 192.0.2.10:25
frontend fe
    bind :80
    http-request use-service lua.members
    default_backend be
backend be
    stick-table type ip size 1k
    email-alert mailers m
    email-alert from a@example.com
    email-alert to b@example.com
    server s1 10.0.0.1:80 check inter 200ms fall 1
`

/** What scripts find in each class, joined over all objects of it that were seen. */
const findMembers = (): Map<string, Set<string>> => {
  const sim = new Simulation()
  const web = sim.http('10.0.0.1:80')
  const haproxy = sim
    .haproxy({ config: CONFIG, files: { 'x.lua': MEMBERS, 'm.map': 'a b\n' }, directory: false })
    .start()
  sim.advance('1s')
  web.refuse()
  sim.advance('1s')
  haproxy.cli('set server be/s1 state maint')
  haproxy.cli('members')
  sim.client().get('http://127.0.0.1/')
  sim.advance('1s')
  expect(haproxy).not.toHaveLuaErrors()
  const found = new Map<string, Set<string>>()
  for (const line of haproxy.output) {
    const [name, ...members] = line.split(' ')
    found.set(name!, new Set([...(found.get(name!) ?? []), ...members]))
  }
  return found
}

describe('definitions and classes have the same members', () => {
  const found = findMembers()
  it.each([
    ...[
      'core',
      'act',
      'filter',
      'Regex',
      'Map',
      'Queue',
      'Concat',
      'AppletTCP',
      'AppletHTTP',
      'Proxy',
      'Server',
      'Listener',
      'Socket',
      'StickTable',
    ],
    ...['ProxyMailers', 'Patref', 'EventSub', 'ServerEvent', 'ServerEventCheckRes', 'ServerEventState'],
    ...['ServerEventAdmin', 'ServerEventAdmin.Flags'],
  ])('%s', (name) => {
    const members = [...(found.get(name) ?? [])].sort()
    expect(defined(name)).toEqual(members)
  })
})

const manual = upstream('doc/lua/_sources/index.rst.txt')
const hasManual = existsSync(manual)
if (!hasManual) console.warn(`SKIPPED: the definitions are not compared with HAProxy's manual: it is not at ${manual}`)

/** Members that the manual leaves out or names differently. */
const NOT_IN_MANUAL: Readonly<Record<string, readonly string[]>> = {
  AppletHTTP: ['response'],
  core: ['use_native_mailers_config'],
  HTTPMessage: ['channel'],
  Map: ['bin', 'bool', 'found', 'int', 'ip', 'str', 'beg', 'sub', 'dir', 'dom', 'end', 'reg', 'regm', 'len'].flatMap(
    (name) => (['bin', 'bool', 'found', 'len', 'regm'].includes(name) ? [name, `_${name}`] : [name]),
  ),
}

describe.runIf(hasManual)("definitions contain everything in HAProxy's manual", () => {
  const documented = new Map<string, Set<string>>()
  if (hasManual)
    for (const [, owner, member] of readFileSync(manual, 'utf8').matchAll(
      /^\.\. js:(?:function|attribute):: (\w+)[.:](\w+)/gm,
    )) {
      const name = owner === 'patref' ? 'Patref' : owner!
      documented.set(name, (documented.get(name) ?? new Set()).add(member!))
    }

  it('all classes of it', () => {
    expect(documented.size).toBeGreaterThan(20)
    for (const name of [...documented.keys(), 'Fetches', 'Converters']) expect([...definitions.keys()]).toContain(name)
  })

  it.each([...documented.keys()])('%s', (name) => {
    expect(defined(name)).toEqual([...documented.get(name)!, ...(NOT_IN_MANUAL[name] ?? [])].sort())
  })
})
