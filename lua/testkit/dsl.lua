-- The DSL of test files: describe, it and related functions. They only register tests with the runner
-- (src/testkit/collect.ts), which calls the functions later.
local host = ...
local assert = require('hapsim.testkit.assert')
local values = require('hapsim.testkit.values')

local function where(call)
  local info = values.callable(call) and type(call) == 'function' and debug.getinfo(call, 'S')
  if info then return ('%s:%d'):format(info.short_src, info.linedefined) end
  local level = 3
  while true do
    info = debug.getinfo(level, 'Sl')
    if not info or info.source:sub(1, 8) ~= '=[hapsim' and info.currentline > 0 then break end
    level = level + 1
  end
  return info and ('%s:%d'):format(info.short_src, info.currentline) or nil
end

local function usage_error(text) assert.raise(text, 'error') end

local function block(keyword, kind, focused)
  return function(name, body)
    if type(name) ~= 'string' then usage_error(('%s needs a name and a function'):format(keyword)) end
    if not values.callable(body) then usage_error(("%s '%s' needs a function"):format(keyword, name)) end
    if host.in_test() then usage_error(("%s '%s' cannot be used within a test"):format(keyword, name)) end
    host.block(kind, name, body, where(body), focused)
  end
end

local function test(focused)
  local function once(_, name, body)
    if type(name) ~= 'string' then usage_error('it needs a name and a function') end
    if body ~= nil and not values.callable(body) then usage_error(("it '%s' needs a function"):format(name)) end
    if host.in_test() then usage_error(("it '%s' cannot be used within a test"):format(name)) end
    host.test(name, body, where(body), focused)
  end
  local function explore(name, options, body)
    if body == nil then options, body = {}, options end
    if type(name) ~= 'string' or type(options) ~= 'table' or not values.callable(body) then
      usage_error('it.explore needs a name, options (a table, or none) and a function')
    end
    host.test(name, body, where(body), focused, options)
  end
  return setmetatable({ explore = explore }, { __call = once })
end

for _, name in ipairs({ 'it', 'spec', 'test' }) do
  _G[name], _G['f' .. name] = test(false), test(true)
end

-- If a function with the prefix f is used, only the blocks and tests it declares are run.
for name, kind in pairs({ describe = 'describe', context = 'describe', expose = 'describe', insulate = 'insulate' }) do
  _G[name], _G['f' .. name] = block(name, kind, false), block('f' .. name, kind, true)
end

function pending(name, body)
  if host.in_test() then assert.raise(tostring(name or 'pending'), 'pending') end
  host.pending(tostring(name), where(body))
end

for keyword, kind in pairs({
  before_each = 'before_each', after_each = 'after_each',
  setup = 'setup', strict_setup = 'setup', teardown = 'teardown', strict_teardown = 'teardown',
  lazy_setup = 'lazy_setup', lazy_teardown = 'lazy_teardown',
}) do
  _G[keyword] = function(body)
    if not values.callable(body) then usage_error(('%s needs a function'):format(keyword)) end
    if host.in_test() then usage_error(('%s cannot be used within a test'):format(keyword)) end
    host.hook(kind, body)
  end
end

function finally(body)
  if not host.in_test() then usage_error('finally must be used within a test') end
  if not values.callable(body) then usage_error('finally needs a function') end
  host.finally(body)
end

-- Saves and restores globals and loaded modules for insulate.
local insulation = {}

function insulation.save()
  local globals, loaded = {}, {}
  for name, value in pairs(_G) do globals[name] = value end
  for name, value in pairs(package.loaded) do loaded[name] = value end
  local snapshot = assert:snapshot()
  return function()
    snapshot.revert()
    for _, each in ipairs({ { _G, globals }, { package.loaded, loaded } }) do
      local now, before = each[1], each[2]
      for name in pairs(now) do if before[name] == nil then now[name] = nil end end
      for name, value in pairs(before) do now[name] = value end
    end
  end
end

return insulation
