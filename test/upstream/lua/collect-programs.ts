/** Small programs about what a collection finds dead: weak tables, finalizers, variables that are out of use. */
const NAMES = String.raw`
local function names(t) local s = {} for k, v in pairs(t) do s[#s + 1] = tostring(k) .. "=" .. (type(v) == "table" and (v.name or "table") or tostring(v)) end table.sort(s) return table.concat(s, " ") end
local function weak(mode) return setmetatable({}, { __mode = mode }) end
local said = {}
local function thing(name, f) return setmetatable({ name = name }, { __gc = f or function(self) said[#said + 1] = self.name end }) end
`

export const COLLECT_PROGRAMS = [
  // variables of loops and blocks that are over
  `local W = weak("v") for _, v in ipairs { {} } do W[1] = v end collectgarbage() print(W[1])`,
  `local W = weak("v") for _, v in pairs { {} } do W[1] = v end collectgarbage() print(W[1])`,
  `local W = weak("v") for v in function(_, x) return not x and {} or nil end do W[1] = v end collectgarbage() print(W[1])`,
  `local W = weak("v") do local x = {} W[1] = x end collectgarbage() print(W[1])`,
  `local W = weak("v") for i = 1, 3 do local x = {} W[i] = x end collectgarbage() print(names(W))`,
  `local W = weak("v") local function f() local x = {} W[1] = x end f() collectgarbage() print(W[1])`,
  `local W = weak("v") local function f(...) W[1] = ... end f({}) collectgarbage() print(W[1])`,
  `local W = weak("v") W[1] = (function() return {}, 2 end)() collectgarbage() print(W[1])`,
  `local W = weak("v") local a, b = (function() return 1, {} end)() W[1] = b b = nil collectgarbage() print(W[1])`,
  `local W = weak("v") local x = {} W[1] = x collectgarbage() print(W[1] == x)`,
  `local W = weak("v") local x = {} W[1] = x x = nil collectgarbage() print(W[1])`,
  `local W = weak("v") pcall(function() local x = {} W[1] = x error(x) end) collectgarbage() print(W[1])`,
  `local W = weak("v") pcall(pcall, function() local x = {} W[1] = x error("e") end) collectgarbage() print(W[1])`,
  `local W = weak("v") table.sort({ 3, 1, 2 }, function(a, b) W[1] = { a } return a < b end) collectgarbage() print(W[1])`,
  `local W = weak("v") for i = 1, 2 do for _, v in ipairs { {}, {} } do W[#W + 1] = v end collectgarbage() end print(names(W))`,
  `local W = weak("v") W[1] = select(2, 1, {}) collectgarbage() print(W[1])`,
  `local W = weak("v") local t = table.pack({}) W[1] = t[1] t = nil collectgarbage() print(W[1])`,
  // closures and coroutines
  `local W = weak("v") local f do local x = {} W[1] = x f = function() return x end end collectgarbage() print(W[1] == f()) f = nil collectgarbage() print(W[1])`,
  `local W = weak("v") local co = coroutine.wrap(function() local x = {} W[1] = x coroutine.yield() return x end) co() collectgarbage() print(W[1] ~= nil) co() collectgarbage() print(W[1])`,
  `local W = weak("v") local co = coroutine.create(function() local x = {} W[1] = x error(x) end) coroutine.resume(co) collectgarbage() print(W[1] ~= nil) co = nil collectgarbage() print(W[1])`,
  `local W = weak("v") local co = coroutine.create(function(x) W[1] = x x = nil coroutine.yield() end) coroutine.resume(co, {}) collectgarbage() print(W[1])`,
  // weak values whose only owner is being finalized
  `local W = weak("v") do local x = thing("owner", function(self) said[1] = names(W) end) x.part = { name = "part" } W[1] = x.part W[2] = x end collectgarbage() print(said[1], names(W))`,
  `local W = weak("k") do local x = thing("owner", function(self) said[1] = W[self.part] end) x.part = { name = "part" } W[x.part] = 1 W[x] = 2 end collectgarbage() print(said[1]) collectgarbage() print(next(W))`,
  `local W = weak("kv") do local x = thing("owner", function(self) said[1] = tostring(W[self.part]) .. tostring(W.x) end) x.part = { name = "part" } W[x.part] = 1 W.x = x.part end collectgarbage() print(said[1]) collectgarbage() print(next(W))`,
  `local W = weak("v") do local x = thing("owner", function(self) W[3] = self.part end) x.part = { name = "part" } W[1] = x.part end collectgarbage() print(W[1], W[3] and W[3].name) collectgarbage() print(W[3])`,
  `local W = weak("v") back = nil do local x = thing("owner", function(self) back = self end) W[1] = x end collectgarbage() print(W[1], back.name) back = nil collectgarbage() print(back)`,
  `do local inner = weak("v") local x = thing("owner", function(self) said[1] = names(self.inner) end) x.inner = inner inner[1] = {} inner[2] = x inner.text = "text" end collectgarbage() print(said[1])`,
  // keys and values that hold one another
  `local W = weak("k") do local k = {} W[k] = { k } end collectgarbage() print(next(W))`,
  `local W = weak("k") local k = { name = "k" } W[k] = { name = "v" } collectgarbage() print(W[k].name)`,
  `local A, B = weak("k"), weak("k") do local a, b = {}, {} A[a] = b B[b] = a end collectgarbage() print(next(A), next(B))`,
  `local A, B = weak("k"), weak("k") local a = {} do local b = {} A[a] = b B[b] = "kept" end collectgarbage() print(B[A[a]])`,
  `local W = weak("v") W[1], W[2], W[3] = "text", 1.5, print collectgarbage() print(names(W):match("^1=text 2=1.5 3=builtin") or names(W):match("^1=text 2=1.5 3=function"))`,
  `local W = weak("k") W["text"], W[1], W[true] = {}, {}, {} collectgarbage() print(names(W))`,
  `local W = weak("v") W[1], W[2], W[3] = {}, said, {} collectgarbage() print(W[1], W[2] == said, W[3])`,
  // to be closed
  `local W = weak("v") do local x <close> = setmetatable({}, { __close = function(x) W[1] = x collectgarbage() print(W[1] == x) end }) end collectgarbage() print(W[1])`,
  `local W = weak("v") local function f() local x <close> = setmetatable({}, { __close = function() collectgarbage() end }) W[1] = { name = "result" } return W[1] end print(f().name) collectgarbage() print(W[1])`,
  `local W = weak("v") print(pcall(function() local a <close> = setmetatable({}, { __close = function(a) print(W[1] == a) end }) W[1] = a local b <close> = setmetatable({}, { __close = function() collectgarbage() end }) error("e", 0) end))`,
  `local W = weak("v") for i in next, { 1 }, nil, setmetatable({}, { __close = function(x) W[1] = x end }) do collectgarbage() end collectgarbage() print(W[1])`,
  `local W = weak("v") for i in next, { 1 }, nil, setmetatable({}, { __close = function(x) print(i, W[1] == x) end, }) do collectgarbage() end`,
  // order, errors and what is called
  `thing("a") thing("b") thing("c") collectgarbage() print(table.concat(said, " "))`,
  `do local a, b = thing("a"), thing("b") a.b, b.a = b, a end collectgarbage() print(table.concat(said, " "))`,
  `thing("a") thing("b", function() error("lost") end) thing("c") collectgarbage() print(table.concat(said, " "))`,
  `thing("a", function(self) setmetatable(self, getmetatable(self)) said[#said + 1] = "again" end) collectgarbage() collectgarbage() print(#said >= 2)`,
  `thing("a", function() thing("nested") end) collectgarbage() collectgarbage() print(table.concat(said, " "))`,
  `setmetatable({ name = "late" }, (function() local mt = {} return mt end)()).x = 1 collectgarbage() print(#said)`,
  `local mt = {} local x = setmetatable({ name = "late" }, mt) mt.__gc = function() said[1] = "called" end x = nil collectgarbage() print(said[1])`,
].map((program) => `${NAMES}\n${program}`)
