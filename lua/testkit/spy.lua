-- Spies, stubs and mocks, compatible with luassert.
local values = require('hapsim.testkit.values')
local say = require('say')
local assert = require('hapsim.testkit.assert')
local match = require('hapsim.testkit.match')

local is_matcher = match.is_matcher

say:set('assertion.called.positive', 'Expected to be called %s time(s), but was called %s time(s)')
say:set('assertion.called.negative', 'Expected not to be called exactly %s time(s), but it was.')
for name, text in pairs({ at_least = 'at least', at_most = 'at most', more_than = 'more than', less_than = 'less than' }) do
  say:set('assertion.called_' .. name .. '.positive', 'Expected to be called ' .. text .. ' %s time(s), but was called %s time(s)')
end
say:set('assertion.called_with.positive',
  'Function was never called with matching arguments.\nCalled with (last call if any):\n%s\nExpected:\n%s')
say:set('assertion.called_with.negative',
  'Function was called with matching arguments at least once.\nCalled with (last matching call):\n%s\nDid not expect:\n%s')
say:set('assertion.returned_with.positive',
  'Function never returned matching arguments.\nReturned (last call if any):\n%s\nExpected:\n%s')
say:set('assertion.returned_with.negative',
  'Function returned matching arguments at least once.\nReturned (last matching call):\n%s\nDid not expect:\n%s')

local Spy = {}

local function is_spy(value)
  return type(value) == 'table' and debug.getmetatable(value) == Spy
end

--- Records arguments: copies made at the time of the call, and references.
local function record(arguments)
  local copy = { n = arguments.n }
  for i = 1, arguments.n do
    copy[i] = values.copy(arguments[i], function(value) return is_matcher(value) or is_spy(value) end)
  end
  return { vals = copy, refs = arguments }
end

function Spy:__call(...)
  local arguments = { n = select('#', ...), ... }
  table.insert(self.calls, record(arguments))
  local results = table.pack(self.callback(...))
  table.insert(self.returnvals, record(results))
  return table.unpack(results, 1, results.n)
end

local function matches(call, wanted)
  for i = 1, math.max(call.vals.n, wanted.n) do
    local spec, value = wanted[i], call.vals[i]
    if is_matcher(spec) then
      if not spec(match.is_ref_matcher(spec) and call.refs[i] or value) then return false end
    elseif not values.same(value, spec) then
      return false
    end
  end
  return true
end

--- Finds the last matching call, or else the last call.
local function find(calls, wanted)
  for i = #calls, 1, -1 do
    if matches(calls[i], wanted) then return true, calls[i].vals end
  end
  return false, calls[#calls] and calls[#calls].vals
end

local spy = { is_spy = is_spy }

function spy.new(callback)
  callback = callback or function() end
  if not values.callable(callback) then assert.raise('Cannot spy on type \'' .. type(callback) .. "', only on functions or callable elements", 'error') end
  local made = { calls = {}, returnvals = {}, callback = callback }
  function made:revert()
    if not self.reverted and self.target_table and self.target_key ~= nil then
      self.target_table[self.target_key] = self.callback
    end
    self.reverted = true
    return self.callback
  end
  function made:clear()
    self.calls, self.returnvals = {}, {}
    return self
  end
  function made:called(times, compare)
    local count = #self.calls
    if not times and not compare then return count > 0, count end
    return (compare or rawequal)(count, times), count
  end
  function made:called_with(arguments) return find(self.calls, arguments) end
  function made:returned_with(arguments) return find(self.returnvals, arguments) end
  setmetatable(made, Spy)
  assert:add_spy(made)
  return made
end

function spy.on(target, key)
  local made = spy.new(target[key])
  target[key] = made
  made.target_table, made.target_key = target, key
  return made
end

setmetatable(spy, { __call = function(_, ...) return spy.new(...) end })

local function payload(state, name)
  local found = rawget(state, 'payload')
  if type(found) == 'function' then
    assert.raise("When calling 'spy(aspy)', 'aspy' must not be the original function, but the spy function replacing the original", 'error')
  end
  if not is_spy(found) then assert.raise(("'%s' must be chained after 'spy(aspy)'"):format(name), 'error') end
  return found
end

local function show_call(call)
  if not call then return '(nil)' end
  local shown = {}
  for i = 1, call.n do shown[i] = is_matcher(call[i]) and ('(matcher) %s'):format(call[i].name or '_') or values.show(call[i]) end
  return ('(values list) (%s)'):format(table.concat(shown, ', '))
end

for _, name in ipairs({ 'called_with', 'returned_with' }) do
  assert:register('assertion', name, function(state, arguments)
    local aspy = payload(state, name)
    local wanted = { n = arguments.n, table.unpack(arguments, 1, arguments.n) }
    local found, call = aspy[name](aspy, wanted)
    arguments[1], arguments[2], arguments.n = show_call(call), show_call(wanted), 2
    arguments.nofmt = { true, true }
    return found
  end, 'assertion.' .. name .. '.positive', 'assertion.' .. name .. '.negative')
end

local function counting(compare)
  return function(state, arguments)
    local times = arguments[1]
    if not times and not state.mod then
      state.mod = true
      times = 0
    end
    local aspy = payload(state, 'called')
    local ok, count = aspy:called(times, compare)
    arguments[1], arguments[2], arguments.n = tostring(times or '>0'), tostring(count), 2
    arguments.nofmt = { true, true }
    return ok
  end
end

local OPPOSITE = { at_least = 'less_than', less_than = 'at_least', at_most = 'more_than', more_than = 'at_most' }
assert:register('assertion', 'called', counting(), 'assertion.called.positive', 'assertion.called.negative')
for name, compare in pairs({
  at_least = function(count, times) return count >= times end,
  at_most = function(count, times) return count <= times end,
  more_than = function(count, times) return count > times end,
  less_than = function(count, times) return count < times end,
}) do
  assert:register('assertion', 'called_' .. name, counting(compare), 'assertion.called_' .. name .. '.positive',
    'assertion.called_' .. OPPOSITE[name] .. '.positive')
end

for _, name in ipairs({ 'spy', 'stub' }) do
  assert:register('modifier', name, function(state, arguments)
    state.payload = arguments[1]
    if arguments[2] ~= nil then state.failure_message = arguments[2] end
  end)
end

local function returning(...)
  local results = table.pack(...)
  return function() return table.unpack(results, 1, results.n) end
end

local stub = {}

function stub.new(object, key, ...)
  if object == nil and key == nil then object, key = {}, '' end
  if type(object) ~= 'table' or key == nil then
    assert.raise('stub.new(): Can only create stub on a table key, call with 2 params; table, key', 'error')
  end
  local original = object[key]
  if original ~= nil and not values.callable(original) then
    assert.raise('stub.new(): The element for which to create a stub must either be callable, or be nil', 'error')
  end
  local first = ...
  local default = select('#', ...) == 1 and values.callable(first) and first or returning(...)
  local answers = {}
  object[key] = function(...)
    local call = record({ n = select('#', ...), ... })
    for i = #answers, 1, -1 do
      if matches(call, answers[i].wanted) then return answers[i].call(...) end
    end
    return default(...)
  end
  local made = spy.on(object, key)
  function made:revert()
    if not self.reverted then object[key] = original end
    self.reverted = true
    return original
  end
  function made.returns(...)
    default = returning(...)
    return made
  end
  function made.invokes(call)
    default = function(...) return call(...) end
    return made
  end
  made.by_default = { returns = made.returns, invokes = made.invokes }
  function made.on_call_with(...)
    local wanted = record({ n = select('#', ...), ... }).vals
    local function answer(call)
      answers[#answers + 1] = { wanted = wanted, call = call }
      return made
    end
    return { returns = function(...) return answer(returning(...)) end, invokes = answer }
  end
  return made
end

setmetatable(stub, { __call = function(_, ...) return stub.new(...) end })

local mock = {}

function mock.new(object, dostub, func)
  local seen = {}
  local function replace(value, owner, key)
    if type(value) == 'function' then
      if dostub then return stub.new(owner, key, func) end
      return owner and spy.on(owner, key) or spy.new(value)
    end
    if type(value) ~= 'table' or is_spy(value) or seen[value] then return value end
    seen[value] = true
    local keys = {}
    for each in pairs(value) do keys[#keys + 1] = each end
    for _, each in ipairs(keys) do value[each] = replace(value[each], value, each) end
    return value
  end
  return replace(object)
end

for _, action in ipairs({ 'clear', 'revert' }) do
  local function apply(object)
    if type(object) ~= 'table' then return object end
    if is_spy(object) then return object[action](object) end
    for _, value in pairs(object) do apply(value) end
    return object
  end
  mock[action] = apply
end

setmetatable(mock, { __call = function(_, ...) return mock.new(...) end })

return { spy = spy, stub = stub, mock = mock, match = match }
