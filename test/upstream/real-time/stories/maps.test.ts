/** Maps and ACL files: lookups of each method, commands, and Lua's Map and Patref. */
import { chapter, type Story } from './story.js'

const FILES = {
  's.map':
    '# comment\n\na 1\nb  two words  here \na 3\n\tc\t4\nd\n  e 5  \nA upper\nlong ' +
    'v'.repeat(300) +
    '\n#x y\nq #notcomment\nlast x',
  'i.map':
    '10.0.0.0/8 ten\n10.1.0.0/16 tenone\n10.1.2.3 exact\n::/0 all6\n2001:db8::/32 doc\n192.168.0.0/255.255.0.0 mask\n10.0.0.0/8 dup\n',
  'bad.map': '10.0.0.0/33 x\n',
  'p.map': '/a one\n/a/b two\n/ root\n',
  'r.map': '^/a(.*)$ x\\1\n^/b b\n',
  'n.map': '1:5 low\n6:10 mid\n3 three\n11: high\n:0 neg\n',
  'd.map': 'example.com dom\nfoo.example.com sub\n.com tld\n',
  'l2.acl': 'x\n',
  'l.acl': 'one\ntwo\n# c\none\n three four\n',
}

const BACKEND = 'backend be\n    server a 127.0.0.1:1\n'

const TRY = 'local function try(name, f, ...) print(name, pcall(f, ...)) end\n'

const script = (code: string, steps: Story['steps'] = [], more = ''): Story => ({
  config: `global\n    lua-load x.lua\n${BACKEND}${more}`,
  files: { ...FILES, 'x.lua': TRY + code },
  steps,
})

chapter('maps', {
  'each method finds what it should': script(`
local function m(name, file, how, keys) local ok, map = pcall(Map.new, file, how) if not ok then print(name, map) return end
  core.register_init(function() for _, k in ipairs(keys) do print(name, k, map:lookup(k), map:slookup(k)) end end) end
m("str", "s.map", Map._str, {"a", "b", "c", "d", "e", "A", "long", "q", "last", "", "#x", "zz"})
m("beg", "p.map", Map._beg, {"/a/b/c", "/a", "/", "", "x", "/ab"})
m("end", "d.map", Map._end, {"x.example.com", "example.com", "com", "x.com"})
m("sub", "d.map", Map._sub, {"xexample.comx", "a.com.b"})
m("dir", "p.map", Map._dir, {"/x/a/b", "/a", "a", "/b/a/"})
m("dom", "d.map", Map._dom, {"www.example.com", "foo.example.com", "example.com:80", "notexample.com"})
m("reg", "r.map", Map._reg, {"/abc", "/b", "c"})
m("int", "n.map", Map._int, {"3", "7", "11", "-1", "0", "x", "100", 4})
m("ip", "i.map", Map._ip, {"10.1.2.3", "10.1.2.4", "10.2.0.1", "11.0.0.1", "2001:db8::1", "fe80::1", "192.168.3.4", "::ffff:10.1.2.3", "x", "10.1"})
m("len", "n.map", Map._len, {"abc", "a"})
m("default", "s.map", nil, {"a"})
m("bad", "bad.map", Map._ip, {"10.0.0.1"})
m("none", "none.map", Map._str, {"a"})
m("found", "r.map", Map._found, {"a"})
`),
  'Map.new and lookups with wrong arguments': script(`
try("new", Map.new) try("new2", Map.new, "s.map") try("new3", Map.new, "s.map", 99) try("new4", Map.new, "s.map", "str") try("new5", Map.new, "s.map", Map._str, 1)
local ok, map = pcall(Map.new, "s.map", Map._str)
try("body lookup", map.lookup, map, "a")
core.register_init(function()
try("1", map.lookup, map) try("2", map.lookup, map, nil) try("3", map.lookup, map, {}) try("4", map.lookup, {}, "a") try("5", map.lookup, map, true) try("6", map.lookup, map, 12) try("7", map.slookup, map, "zz") try("8", map.slookup, map)
try("new in init", Map.new, "s.map", Map._str)
print(tostring(map):gsub("0x%x+", ""), type(map), #"x")
print(pcall(function() return #map end)) print(pcall(function() for k in pairs(map) do print(k) end end))
end)
`),
  'commands change, replace and show maps': script(
    `
for _, of in ipairs({ { "n.map", Map._int }, { "r.map", Map._reg }, { "p.map", Map._beg }, { "i.map", Map._ip }, { "s.map", Map._str } }) do
  Map.new(of[1], of[2])
end
`,
    [
      'show map s.map',
      'get map s.map a',
      'get map s.map zz',
      'get map i.map 10.1.2.3',
      'get map i.map 10.9.9.9',
      'get map i.map zz',
      'get map p.map /a/b/c',
      'get map r.map /abc',
      'get map n.map 7',
      'get map n.map x',
      'set map s.map a new',
      'show map s.map',
      'del map s.map a',
      'show map s.map',
      'del map s.map a',
      'add map s.map a 9',
      'add map s.map a 10',
      'get map s.map a',
      'set map s.map zz 1',
      'add map i.map 10.0.0.0/8 again',
      'add map i.map zork x',
      'add map i.map 1.2.3.4/33 x',
      'add map r.map ( x',
      'add map n.map x y',
      'add map n.map 5:3 y',
      'set map i.map 10.0.0.0/8 changed',
      'show map i.map',
      'del map i.map 10.1.2.3',
      'get map i.map 10.1.2.3',
      'clear map s.map',
      'show map s.map',
      'add map s.map',
      'add map s.map k',
      'add map s.map <<\nk1 v1\nk2 v2 v3\n\n k3 v4\nk4\n',
      'show map s.map',
      'add map s.map <<\nk1\n',
      'prepare map s.map',
      'add map @1 s.map x y',
      'add map @9 s.map x y',
      'show map @1 s.map',
      'show map',
      'commit map @2 s.map',
      'commit map @1 s.map',
      'show map @1 s.map',
      'show map @0 s.map',
      'show map s.map',
      'prepare map s.map',
      'prepare map s.map',
      'commit map @3 s.map',
      'commit map @2 s.map',
      'show map s.map',
      'clear map @2 s.map',
      'clear map @x s.map',
      'commit map s.map',
      'prepare map zork',
      'commit map @1 zork',
      'add map #0 a b',
      'add map #1 a b',
      'show map #0',
      'show map #x',
      'show map #99',
      'get map',
      'get map zork x',
      'show acl',
      'show acl s.map',
      'del map s.map #0x0',
      'del map s.map',
      'set map s.map #0x123 v',
      'add acl s.map x',
      'get acl s.map x',
      'show map virt@x',
      'add map s.map "a b" c',
      'add map s.map a\\ b c',
      'get map s.map a\\ b',
      'show map s.map',
    ],
  ),
  'Patref changes what rules and maps use': script(
    `
Map.new("s.map", Map._str)
Map.new("i.map", Map._ip)
core.register_task(function()
  core.msleep(100)
  local r = core.get_patref("s.map")
  print(r:get_name(), r:is_map(), tostring(r):gsub("0x%x+", ""))
  for k, v in pairs(r) do print("pair", k, v) end
  try("idx", function() return r["a"], r["zz"] end)
  try("add", r.add, r) try("add1", r.add, r, "k") try("add2", r.add, r, "k", "v") try("add3", r.add, r, 5, 6) try("add4", r.add, r, {}, "v") try("add5", r.add, r, "k2", nil)
  try("set", r.set, r, "k") try("set1", r.set, r, "nokey", "v") try("set2", r.set, r, "k", "w") try("set3", r.set, r, "nokey", "v", true) try("set4", r.set, r, "nk2", "v", 1)
  try("del", r.del, r) try("del1", r.del, r, "nokey?") try("del2", r.del, r, "a") try("del3", r.del, r, 5)
  try("prep", r.prepare, r) try("addp", r.add, r, "pp", "1") print(r["pp"]) try("gia", r.giveup, r) print(r["pp"]) try("commit none", r.commit, r)
  try("prep", r.prepare, r) r:add("only", "one") try("commit", r.commit, r) for k, v in pairs(r) do print("after", k, v) end
  try("purge", r.purge, r) for k, v in pairs(r) do print("purged", k, v) end
  try("bulk", r.add_bulk, r) try("bulk1", r.add_bulk, r, {a = "b"}) try("bulk2", r.add_bulk, r, "x")
  local i = core.get_patref("i.map")
  try("bad", i.add, i, "zork", "v") try("bad2", i.add, i, "1.2.3.4/99", "v") try("good", i.add, i, "9.9.9.0/24", "nine") print(i["9.9.9.9"], i["9.9.9.0/24"])
  local a = core.get_patref("l.acl")
  print(a:is_map()) for k, v in pairs(a) do print("acl", k, v) end
  try("aadd", a.add, a, "new") try("aadd2", a.add, a, "new2", "v") try("aset", a.set, a, "new", "v") try("abulk", a.add_bulk, a, {"x1", "x2"}) print(a["x1"], a["none"]) 
  try("sub", a.event_sub, a) try("sub1", a.event_sub, a, {"SERVER"}, print) try("sub2", a.event_sub, a, {"PAT_REF_ZORK"}, print) try("sub3", a.event_sub, a, {"PAT_REF"}, function(ev, data, s) print("ev", ev, data) s:unsub() end)
  a:add("z1") a:add("z2")
  try("get_patref", core.get_patref) try("gp", core.get_patref, "zork") try("gp2", core.get_patref, 5)
  try("core.add_acl", core.add_acl, "l.acl", "viacore") try("core.del_acl", core.del_acl, "l.acl", "one") try("core.set_map", core.set_map, "s.map", "nope", "x") try("core.set_map2", core.set_map, "s.map", "a", "x") try("core.del_map", core.del_map, "s.map", "nope") try("core.set_map acl", core.set_map, "l.acl", "z1", "x")
  for k, v in pairs(a) do print("acl2", k, v) end
end)
`,
    [
      400,
      'show map',
      'show acl',
      'show acl l.acl',
      'get acl l.acl z1',
      'add acl l.acl q',
      'add acl l.acl q r',
      'del acl l.acl q',
      'clear acl l.acl',
      'show acl l.acl',
      'get acl l.acl zork',
      'get acl #1 x',
    ],
    'frontend f\n    mode http\n    bind unix@f\n    acl x path -f l.acl\n    http-request deny if { path -f l2.acl }\n',
  ),
})
