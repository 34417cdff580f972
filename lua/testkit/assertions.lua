-- The assertions of luassert: equality, types, errors, patterns. Each receives the state of the chain and its arguments;
-- the first one is shown as "passed in".
local values = require('hapsim.testkit.values')
local say = require('say')
local assert = require('hapsim.testkit.assert')

local function text(name, positive, negative)
  say:set(name .. '.positive', positive)
  say:set(name .. '.negative', negative)
end

local function pair(name, claim, denial)
  text(name, claim .. '\nPassed in:\n%s\nExpected:\n%s', denial .. '\nPassed in:\n%s\nDid not expect:\n%s')
end

pair('assertion.same', 'Expected objects to be the same.', 'Expected objects to not be the same.')
pair('assertion.equals', 'Expected objects to be equal.', 'Expected objects to not be equal.')
pair('assertion.matches', 'Expected strings to match.', 'Expected strings not to match.')
text('assertion.near', 'Expected values to be near.\nPassed in:\n%s\nExpected:\n%s +/- %s',
  'Expected values to not be near.\nPassed in:\n%s\nDid not expect:\n%s +/- %s')
text('assertion.unique', 'Expected object to be unique:\n%s', 'Expected object to not be unique:\n%s')
text('assertion.error', 'Expected a different error.\nCaught:\n%s\nExpected:\n%s', 'Expected no error, but caught:\n%s')
text('assertion.truthy', 'Expected to be truthy, but value was:\n%s', 'Expected to not be truthy, but value was:\n%s')
text('assertion.falsy', 'Expected to be falsy, but value was:\n%s', 'Expected to not be falsy, but value was:\n%s')
text('assertion.returned_arguments', 'Expected to be called with %s argument(s), but was called with %s',
  'Expected not to be called with %s argument(s), but was called with %s')
text('assertion.array.holes', 'Expected array to have holes, but none was found.\nPassed in:\n%s',
  'Expected array to not have holes, hole found at position: %s\nPassed in:\n%s')
say:set('assertion.internal.argtolittle', "the '%s' function requires a minimum of %s arguments, got: %s")
say:set('assertion.internal.badargtype', "bad argument #%s to '%s' (%s expected, got %s)")

local function fail(key, ...)
  assert.raise(say(key, { n = select('#', ...), ... }), 'error')
end

local function at_least(arguments, count, name)
  if arguments.n < count then fail('assertion.internal.argtolittle', name, count, arguments.n) end
end

local function expect(ok, position, name, wanted, value)
  if not ok then fail('assertion.internal.badargtype', position, name, wanted, value) end
end

local function own_message(state, message)
  if message ~= nil then state.failure_message = message end
end

local function swap(arguments)
  arguments[1], arguments[2] = arguments[2], arguments[1]
end

local function register(name, callback, key)
  key = key or ('assertion.' .. name)
  assert:register('assertion', name, callback, key .. '.positive', key .. '.negative')
end

local function same(state, arguments)
  at_least(arguments, 2, 'same')
  local alike, path = arguments[1] == arguments[2], nil
  if type(arguments[1]) == 'table' and type(arguments[2]) == 'table' then
    alike, path = values.same(arguments[1], arguments[2], true)
  end
  swap(arguments)
  arguments.fmtargs = { { crumbs = path }, { crumbs = path } }
  own_message(state, arguments[3])
  return alike
end

local function equals(state, arguments)
  at_least(arguments, 2, 'equals')
  local equal = arguments[1] == arguments[2]
  swap(arguments)
  own_message(state, arguments[3])
  return equal
end

local function near(state, arguments)
  at_least(arguments, 3, 'near')
  local number = {}
  for i = 1, 3 do
    number[i] = tonumber(arguments[i])
    expect(number[i], i, 'near', 'number or object convertible to a number', values.show(arguments[i]))
  end
  swap(arguments)
  arguments.nofmt = { [3] = true }
  own_message(state, arguments[4])
  return math.abs(number[2] - number[1]) <= number[3]
end

local function unique(state, arguments)
  local deep, message = arguments[2], arguments[3]
  if type(deep) ~= 'boolean' and not (deep == nil and arguments.n > 2) then
    deep, message = arguments[3] == true, arguments[2]
  end
  own_message(state, message)
  for key, value in pairs(arguments[1]) do
    for other_key, other in pairs(arguments[1]) do
      if key ~= other_key and (value == other or deep and (values.same(value, other, true))) then return false end
    end
  end
  return true
end

--- The optional arguments of a pattern: start index, plain flag, and a message.
local function pattern_options(arguments, name)
  local message
  for i = 3, arguments.n do
    local value = arguments[i]
    if value and type(value) ~= 'boolean' and not tonumber(value) then
      message = table.remove(arguments, i)
      break
    end
  end
  local init, plain = arguments[3], arguments[4]
  expect(init == nil or tonumber(init), 3, name, 'number', type(init))
  return init, plain, message
end

local function find(subject, pattern, init, plain)
  if plain then return subject:find(pattern, init, true) ~= nil, { pattern } end
  local captures = table.pack(subject:match(pattern, init))
  return captures[1] ~= nil, captures
end

local function matches(state, arguments)
  at_least(arguments, 2, 'matches')
  local pattern, subject = arguments[1], arguments[2]
  local init, plain, message = pattern_options(arguments, 'matches')
  expect(type(pattern) == 'string', 1, 'matches', 'string', type(pattern))
  expect(values.has_tostring(subject) or type(subject) == 'number', 2, 'matches',
    'string or object convertible to a string', values.show(subject))
  swap(arguments)
  own_message(state, message)
  return find(tostring(subject), pattern, init, plain)
end

local function caught(call, name)
  expect(values.callable(call), 1, name, 'function or callable object', type(call))
  local ok, problem = pcall(call)
  if type(problem) == 'string' then problem = problem:gsub('^.-:%d+: ', '', 1) end
  return ok, problem
end

--- Sets the caught and the expected error for messages.
local function show_caught(arguments, ok, problem, expected)
  arguments.n = 2
  arguments[1] = problem
  if ok then arguments[1] = '(no error)' end
  arguments[2] = expected
  if expected == nil then arguments[2] = '(error)' end
  arguments.nofmt = { ok or nil, expected == nil or nil }
end

local function has_error(state, arguments)
  local expected, message = arguments[2], arguments[3]
  local ok, problem = caught(arguments[1], 'error')
  show_caught(arguments, ok, problem, expected)
  own_message(state, message)
  local shown = problem
  if type(expected) == 'string' and values.has_tostring(problem) then shown = tostring(problem) end
  local results = { shown, expected, message, n = 3 }
  if ok then return false, results end
  if expected == nil then return true, results end
  if type(expected) == 'number' and type(problem) == 'string' then return tonumber(problem) == expected, results end
  return (values.same(shown, expected, true)), results
end

local function error_matches(state, arguments)
  at_least(arguments, 2, 'error_matches')
  local pattern = arguments[2]
  expect(pattern == nil or type(pattern) == 'string', 2, 'error', 'string', type(pattern))
  local init, plain, message = pattern_options(arguments, 'matches')
  local ok, problem = caught(arguments[1], 'error_matches')
  show_caught(arguments, ok, problem, pattern)
  own_message(state, message)
  if ok then return false end
  if problem == nil and pattern == nil then return true, {} end
  local kind = type(problem)
  if not (values.has_tostring(problem) or kind == 'number' or kind == 'boolean') then return false end
  return find(tostring(problem), pattern, init, plain)
end

register('same', same)
register('equals', equals)
register('equal', equals, 'assertion.equals')
register('near', near)
register('unique', unique)
register('matches', matches)
register('match', matches, 'assertion.matches')
register('error', has_error)
register('errors', has_error, 'assertion.error')
for _, name in ipairs({ 'error_matches', 'error_match', 'matches_error', 'match_error' }) do
  register(name, error_matches, 'assertion.error')
end

local function truthy(state, arguments)
  at_least(arguments, 1, 'truthy')
  own_message(state, arguments[2])
  return arguments[1] ~= nil and arguments[1] ~= false
end

register('truthy', truthy)
register('falsy', function(state, arguments) return not truthy(state, arguments) end)

for name, wanted in pairs({ ['true'] = true, ['false'] = false }) do
  register(name, function(state, arguments)
    own_message(state, arguments[2])
    arguments[2] = wanted
    arguments.n = 2
    return arguments[1] == wanted
  end, 'assertion.same')
end

for _, kind in ipairs({ 'boolean', 'number', 'string', 'table', 'nil', 'userdata', 'function', 'thread' }) do
  register(kind, function(state, arguments)
    own_message(state, arguments[2])
    arguments[2] = 'type ' .. kind
    arguments.n = 2
    arguments.nofmt = { [2] = true }
    return type(arguments[1]) == kind
  end, 'assertion.same')
end

register('returned_arguments', function(_, arguments)
  local wanted, count = tostring(arguments[1]), tostring(arguments.n - 1)
  arguments[1], arguments[2], arguments.n = wanted, count, 2
  arguments.nofmt = { true, true }
  return wanted == count
end)

assert:register('modifier', 'array', function(state, arguments) state.array = arguments[1] end)
assert:register('assertion', 'holes', function(state, arguments)
  local array = rawget(state, 'array')
  local length, last = arguments[1], 0
  for key in pairs(array) do
    if type(key) == 'number' and key > last then last = key end
  end
  for i = 1, length or last do
    if array[i] == nil then
      arguments[1], arguments[2], arguments.n = i, array, 2
      arguments.nofmt = { true }
      return true, { i }
    end
  end
  arguments[1], arguments.n = array, 1
  return false
end, 'assertion.array.holes.positive', 'assertion.array.holes.negative')

for _, name in ipairs({ 'is', 'are', 'was', 'has', 'does' }) do
  assert:register('modifier', name, function() end)
end
for _, name in ipairs({ 'not', 'no' }) do
  assert:register('modifier', name, function(state) state.mod = not state.mod end)
end
assert:register('modifier', 'message', function(state, arguments) state.failure_message = arguments[1] end)

return assert
