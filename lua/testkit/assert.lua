-- The assertion core, compatible with luassert. `assert.is_not.equal(a, b)` is a chain of tokens: the last ones name an
-- assertion, the others are modifiers. A failure is an object whose tostring is luassert's message.
local values = require('hapsim.testkit.values')
local say = require('say')

local registered = { assertion = {}, modifier = {}, matcher = {} }
local spies = {}

local Failure = {}
Failure.__tostring = function(failure)
  return failure.where and ('%s: %s'):format(failure.where, failure.message) or failure.message
end

local INTERNAL_SOURCE = '=[hapsim'

--- Raises a failure at the line of the calling test, skipping frames of the test kit.
local function raise(message, kind)
  local level = 2
  local info = debug.getinfo(level, 'Sl')
  while info and (info.source:sub(1, #INTERNAL_SOURCE) == INTERNAL_SOURCE or info.currentline < 0) do
    level = level + 1
    info = debug.getinfo(level, 'Sl')
  end
  local where = info and ('%s:%d'):format(info.short_src, info.currentline) or nil
  error(setmetatable({ message = message, where = where, kind = kind or 'failure', trace = debug.traceback('', level) }, Failure), 0)
end

local function describe(argument, path)
  for _, formatter in ipairs(registered.formatters or {}) do
    local text = formatter(argument, path)
    if text ~= nil then return text end
  end
  return values.show(argument, path)
end

local function message_of(text, failure_message, arguments)
  local plain, shown = arguments.nofmt or {}, { n = arguments.n }
  for i = 1, arguments.n do
    local path = arguments.fmtargs and arguments.fmtargs[i] and arguments.fmtargs[i].crumbs
    shown[i] = plain[i] and tostring(arguments[i]) or describe(arguments[i], path)
  end
  local message = text and say(text, shown)
  if failure_message ~= nil then
    local own = values.has_tostring(failure_message) and tostring(failure_message) or describe(failure_message)
    message = message and (own .. '\n' .. message) or own
  end
  return message or 'assertion failed!'
end

--- Splits the tokens of a chain into registered names, longest match first, from the end.
local function names_of(space, tokens)
  local names, last = {}, #tokens
  while last > 0 do
    local found
    for first = 1, last do
      local name = table.concat(tokens, '_', first, last)
      if registered[space][name] or registered.modifier[name] then
        found = first
        table.insert(names, 1, name)
        break
      end
    end
    if not found then
      raise(("luassert: unknown modifier/%s: '%s'"):format(space, tokens[last]), 'error')
    end
    last = found - 1
  end
  return names
end

local State = {}

function State:__index(key)
  for token in key:lower():gmatch('[^_]+') do table.insert(self.tokens, token) end
  return self
end

local function check(state, assertion, arguments)
  local ok, results = assertion.callback(state, arguments, 1)
  if (not ok) == state.mod then
    local text = state.mod and assertion.positive or assertion.negative
    raise(message_of(text, rawget(state, 'failure_message'), arguments))
  end
  return results
end

function State:__call(...)
  local names = names_of('assertion', self.tokens)
  local arguments = { n = select('#', ...), ... }
  local assertion = registered.assertion[names[#names]]
  self.tokens = {}
  for i, name in ipairs(names) do
    if not (assertion and i == #names) then registered.modifier[name].callback(self, arguments, 1) end
  end
  if not assertion then return self end
  local results = check(self, assertion, arguments)
  if results then return table.unpack(results, 1, results.n or #results) end
  return ...
end

local assert = {}

local function new_state()
  return setmetatable({ mod = true, tokens = {} }, State)
end

assert.state = new_state

function assert:register(space, name, callback, positive, negative)
  registered[space] = registered[space] or {}
  registered[space][name:lower()] = { callback = callback, positive = positive, negative = negative }
end

function assert:unregister(space, name)
  registered[space][name:lower()] = nil
end

function assert:add_formatter(formatter)
  registered.formatters = registered.formatters or {}
  table.insert(registered.formatters, 1, function(argument) return formatter(argument) end)
end

function assert:remove_formatter() registered.formatters = nil end
function assert:set_parameter() end
function assert:get_parameter() end
function assert:add_spy(spy) spies[#spies + 1] = spy end

function assert:format(arguments)
  for i = 1, arguments.n or #arguments do arguments[i] = describe(arguments[i]) end
  return arguments
end

--- Remembers the current spies: `revert` restores the functions replaced since.
function assert:snapshot()
  local count = #spies
  local snapshot = {}
  function snapshot.revert()
    for i = #spies, count + 1, -1 do
      spies[i]:revert()
      spies[i] = nil
    end
  end
  return snapshot
end

setmetatable(assert, {
  __index = function(_, key)
    return new_state()[key]
  end,
  __call = function(_, ok, message, level, ...)
    if not ok then
      if message == nil then message = 'assertion failed!' end
      raise(values.has_tostring(message) and tostring(message) or describe(message))
    end
    return ok, message, level, ...
  end,
})

assert.raise = raise
assert.names_of = names_of
assert.registered = registered

return assert
