-- Matchers for arguments of calls, such as luassert's `match.is_number()`.
local values = require('hapsim.testkit.values')
local assert = require('hapsim.testkit.assert')

local Matcher = { __call = function(self, value) return self.callback(value) == self.mod end }

local function is_matcher(value)
  return type(value) == 'table' and debug.getmetatable(value) == Matcher
end

local Chain = {}

function Chain:__index(key)
  for token in key:lower():gmatch('[^_]+') do table.insert(self.tokens, token) end
  return self
end

function Chain:__call(...)
  local names = assert.names_of('matcher', self.tokens)
  local arguments = { n = select('#', ...), ... }
  local name = names[#names]
  local matcher = assert.registered.matcher[name]
  self.tokens = {}
  for i, each in ipairs(names) do
    if not (matcher and i == #names) then assert.registered.modifier[each].callback(self, arguments, 1) end
  end
  if not matcher then return self end
  return setmetatable(
    { name = name, mod = self.mod, callback = matcher.callback(self, arguments, 1), arguments = arguments }, Matcher)
end

local match = {
  _ = setmetatable({ mod = true, callback = function() return true end }, Matcher),
  is_matcher = is_matcher,
  is_ref_matcher = function(value) return is_matcher(value) and value.name == 'ref' end,
}
setmetatable(match, { __index = function(_, key) return setmetatable({ mod = true, tokens = {} }, Chain)[key] end })

local function matcher(name, make)
  assert:register('matcher', name, function(_, arguments) return make(table.unpack(arguments, 1, arguments.n)) end)
end

local function is(wanted) return function(value) return value == wanted end end
local function alike(wanted) return function(value) return (values.same(value, wanted, true)) end end
local function truthy() return function(value) return not not value end end
local function pattern(wanted, init, plain)
  return function(value)
    if not (values.has_tostring(value) or type(value) == 'number') then return false end
    return tostring(value):find(wanted, init, plain) ~= nil
  end
end

matcher('true', function() return is(true) end)
matcher('false', function() return is(false) end)
matcher('truthy', truthy)
matcher('falsy', function() return function(value) return not value end end)
matcher('equals', is)
matcher('equal', is)
matcher('ref', is)
matcher('same', alike)
matcher('match', pattern)
matcher('matches', pattern)
matcher('near', function(wanted, tolerance)
  return function(value)
    local number = tonumber(value)
    return number ~= nil and math.abs(number - wanted) <= tolerance
  end
end)
matcher('unique', function(deep)
  return function(list)
    for key, value in pairs(list) do
      for other_key, other in pairs(list) do
        if key ~= other_key and (value == other or deep and (values.same(value, other, true))) then return false end
      end
    end
    return true
  end
end)
for _, kind in ipairs({ 'nil', 'boolean', 'number', 'string', 'table', 'function', 'userdata', 'thread' }) do
  matcher(kind, function() return function(value) return type(value) == kind end end)
end
matcher('all_of', function(...)
  local all = { ... }
  return function(value)
    for _, each in ipairs(all) do if not each(value) then return false end end
    return true
  end
end)
matcher('any_of', function(...)
  local any = { ... }
  return function(value)
    for _, each in ipairs(any) do if each(value) then return true end end
    return false
  end
end)
matcher('none_of', function(...)
  local none = { ... }
  return function(value)
    for _, each in ipairs(none) do if each(value) then return false end end
    return true
  end
end)

return match
