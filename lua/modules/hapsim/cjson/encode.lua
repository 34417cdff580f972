-- The function encode of cjson.
local null = require("hapsim.native").null

local M = { array_mt = {}, empty_array_mt = {} }

local MAX_INT = 2147483647

local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\", ["/"] = "\\/", ["\b"] = "\\b", ["\t"] = "\\t", ["\n"] = "\\n", ["\f"] = "\\f", ["\r"] = "\\r" }
for byte = 0, 31 do
  local char = string.char(byte)
  ESCAPES[char] = ESCAPES[char] or ("\\u%04x"):format(byte)
end
ESCAPES["\127"] = "\\u007f"

local function quoted(text, settings)
  local escaped = text:gsub(settings.escape_slash and '[%c"\\/]' or '[%c"\\]', ESCAPES)
  return '"' .. escaped .. '"'
end

local function refused(value, reason)
  return ("Cannot serialise %s: %s"):format(type(value), reason)
end

--- Returns an error message, or nil and the text.
local function number_text(number, settings)
  local invalid = settings.encode_invalid_numbers
  local is_nan = number ~= number
  if is_nan or number == math.huge or number == -math.huge then
    if invalid == "null" then return nil, "null" end
    if not invalid then return refused(number, "must not be NaN or Inf") end
    if is_nan then return nil, "nan" end
  end
  return nil, ("%." .. settings.number_precision .. "g"):format(number)
end

--- The length of a table that is encoded as an array. Returns an error message, or nil and the length; -1 for an object.
local function array_length(value, settings)
  local length, count = 0, 0
  for key in next, value do
    if type(key) ~= "number" or key < 1 or key > MAX_INT or key % 1 ~= 0 then return nil, -1 end
    if key > length then length = key end
    count = count + 1
  end
  local ratio = settings.sparse_ratio
  if ratio > 0 and length > count * ratio and length > settings.sparse_safe then
    if settings.sparse_convert then return nil, -1 end
    return refused(value, "excessively sparse array")
  end
  return nil, math.tointeger(length)
end

local append

local function append_array(parts, value, length, settings, depth)
  parts[#parts + 1] = "["
  for i = 1, length do
    if i > 1 then parts[#parts + 1] = "," end
    local problem = append(parts, rawget(value, i), settings, depth)
    if problem then return problem end
  end
  parts[#parts + 1] = "]"
end

local function append_object(parts, value, settings, depth)
  parts[#parts + 1] = "{"
  local is_first = true
  for key, each in next, value do
    if not is_first then parts[#parts + 1] = "," end
    is_first = false
    local problem, text
    if type(key) == "string" then
      parts[#parts + 1] = quoted(key, settings)
    elseif type(key) == "number" then
      problem, text = number_text(key, settings)
      if problem then return problem end
      parts[#parts + 1] = '"' .. text .. '"'
    else
      return refused(key, "table key must be a number or string")
    end
    parts[#parts + 1] = ":"
    problem = append(parts, each, settings, depth)
    if problem then return problem end
  end
  parts[#parts + 1] = "}"
end

local function append_table(parts, value, settings, depth)
  if depth > settings.encode_max_depth then return ("Cannot serialise, excessive nesting (%d)"):format(depth) end
  local meta = getmetatable(value)
  if meta == M.array_mt then return append_array(parts, value, rawlen(value), settings, depth) end
  local problem, length = array_length(value, settings)
  if problem then return problem end
  if length > 0 or length == 0 and (meta == M.empty_array_mt or not settings.empty_table_as_object) then
    return append_array(parts, value, length, settings, depth)
  end
  return append_object(parts, value, settings, depth)
end

--- Appends the text of a value. Returns an error message, or nil.
function append(parts, value, settings, depth)
  local kind = type(value)
  local problem, text
  if kind == "string" then
    text = quoted(value, settings)
  elseif kind == "number" then
    problem, text = number_text(value, settings)
  elseif kind == "boolean" then
    text = tostring(value)
  elseif kind == "table" then
    return append_table(parts, value, settings, depth + 1)
  elseif value == nil or rawequal(value, null) then
    text = "null"
  else
    problem = refused(value, "type not supported")
  end
  if problem then return problem end
  parts[#parts + 1] = text
end

--- Returns an error message, or nil and the text.
function M.encode(value, settings)
  local parts = {}
  local problem = append(parts, value, settings, 0)
  if problem then return problem end
  return nil, table.concat(parts)
end

return M
