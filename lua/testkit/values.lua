-- Deep comparison, copying and formatting of values.
local values = {}

--- Deep equality; if not equal, also returns the path of keys to the first difference.
--- `ignore_eq` ignores the __eq metamethod of the outermost tables.
function values.same(actual, expected, ignore_eq, open)
  if type(actual) ~= 'table' or type(expected) ~= 'table' then
    return actual == expected, {}
  end
  if rawequal(actual, expected) then return true end
  local meta = debug.getmetatable(actual)
  if not ignore_eq and meta and meta == debug.getmetatable(expected) and meta.__eq then
    return actual == expected, {}
  end
  -- assume equality of a pair that is already being compared: a difference is found there
  open = open or {}
  local partners = open[actual] or {}
  if partners[expected] then return true end
  partners[expected] = true
  open[actual] = partners
  for key, value in next, actual do
    local other = expected[key]
    if other == nil then return false, { key } end
    local alike, path = values.same(value, other, false, open)
    if not alike then
      table.insert(path, 1, key)
      return false, path
    end
  end
  for key in next, expected do
    if actual[key] == nil then return false, { key } end
  end
  partners[expected] = nil
  return true
end

--- A deep copy that shares metatables; values for which `keep(value)` is true are not copied.
function values.copy(value, keep, made)
  if type(value) ~= 'table' or keep(value) then return value end
  made = made or {}
  if made[value] then return made[value] end
  local copy = {}
  made[value] = copy
  for key, item in next, value do copy[key] = values.copy(item, keep, made) end
  return debug.setmetatable(copy, debug.getmetatable(value))
end

function values.callable(value)
  if type(value) == 'function' then return true end
  local meta = debug.getmetatable(value)
  return type(meta) == 'table' and type(meta.__call) == 'function'
end

function values.has_tostring(value)
  if type(value) == 'string' then return true end
  local meta = debug.getmetatable(value)
  return type(meta) == 'table' and meta.__tostring ~= nil
end

local RANK = { number = 1, string = 2 }

function values.key_order(a, b)
  local type_a, type_b = type(a), type(b)
  if type_a == type_b and RANK[type_a] then return a < b end
  local rank_a, rank_b = RANK[type_a] or 3, RANK[type_b] or 3
  if rank_a ~= rank_b then return rank_a < rank_b end
  return tostring(a) < tostring(b)
end

local function show_key(key)
  return type(key) == 'string' and ("'" .. key .. "'") or tostring(key)
end

local MAX_DEPTH = 8

local show_table

--- Formats a value on one line, or several for a table. Entries along `path`, which leads to a difference, are marked with a star.
function values.show(value, path, indent, seen, step)
  local kind = type(value)
  if kind == 'string' then return ("(string) '%s'"):format(value) end
  if kind == 'number' and value ~= value then return '(number) NaN' end
  if kind == 'number' or kind == 'boolean' then return ('(%s) %s'):format(kind, tostring(value)) end
  if kind == 'nil' then return '(nil)' end
  if kind ~= 'table' then return ('(%s)'):format(tostring(value)) end
  return show_table(value, path, indent or '', seen or {}, step or 1)
end

function show_table(value, path, indent, seen, step)
  if seen[value] then return '(table) { ... recursive }' end
  if next(value) == nil then return '(table) { }' end
  if step > MAX_DEPTH then return '(table) { ... more }' end
  seen[value] = true
  local keys, lines = {}, {}
  for key in next, value do keys[#keys + 1] = key end
  table.sort(keys, values.key_order)
  for _, key in ipairs(keys) do
    local here = path and path[step] ~= nil and path[step] == key
    lines[#lines + 1] = ('%s%s[%s] = %s'):format(
      indent, here and ' *' or '  ', show_key(key),
      values.show(value[key], here and path or nil, indent .. '  ', seen, step + 1)
    )
  end
  seen[value] = nil
  return ('(table) {\n%s }'):format(table.concat(lines, '\n'))
end

return values
