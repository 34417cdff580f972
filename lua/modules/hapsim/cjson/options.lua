-- The settings of cjson and the functions that change them: each returns the current values.
local M = {}

local MAX_INT = 2147483647

function M.defaults()
  return {
    sparse_convert = false,
    sparse_ratio = 2,
    sparse_safe = 10,
    encode_max_depth = 1000,
    decode_max_depth = 1000,
    number_precision = 14,
    keep_buffer = true,
    encode_invalid_numbers = false,
    decode_invalid_numbers = true,
    empty_table_as_object = true,
    array_metatable = false,
    escape_slash = true,
  }
end

local function bad_argument(number, name, message)
  return ("bad argument #%d to '%s' (%s)"):format(number, name, message)
end

local function type_name(value)
  local meta = type(value) ~= "string" and getmetatable(value)
  local name = type(meta) == "table" and meta.__name
  return type(name) == "string" and name or type(value)
end

local function wrong_type(number, name, expected, value)
  return bad_argument(number, name, ("%s expected, got %s"):format(expected, type_name(value)))
end

--- Converts an argument to a string, as functions in C do. Returns an error message, or nil and the string.
function M.string(value, number, name)
  local kind = type(value)
  if kind == "string" then return nil, value end
  if kind == "number" then return nil, tostring(value) end
  return wrong_type(number, name, "string", value)
end

--- A reader of a whole number from `least` to `most`.
local function integer(key, least, most)
  return function(settings, value, number, name)
    local converted = tonumber(value)
    if type(value) ~= "number" and type(value) ~= "string" or not converted then
      return wrong_type(number, name, "number", value)
    end
    converted = math.tointeger(converted)
    if not converted then return bad_argument(number, name, "number has no integer representation") end
    if converted < least or converted > most then
      -- lua-cjson reports all of these for the first argument
      return bad_argument(1, name, ("expected integer between %d and %d"):format(least, most))
    end
    settings[key] = converted
  end
end

--- A reader of true, false, "on", "off", or a further text.
local function choice(key, further)
  return function(settings, value, number, name)
    if type(value) == "boolean" then
      settings[key] = value
      return
    end
    local problem, text = M.string(value, number, name)
    if problem then return problem end
    if text == "on" or text == "off" then
      settings[key] = text == "on"
    elseif text == further then
      settings[key] = text
    else
      return bad_argument(number, name, ("invalid option '%s'"):format(text))
    end
  end
end

--- Functions of the module: the settings that each one sets, in the order of its arguments, and their readers.
local FUNCTIONS = {
  encode_sparse_array = {
    { "sparse_convert", choice("sparse_convert") },
    { "sparse_ratio", integer("sparse_ratio", 0, MAX_INT) },
    { "sparse_safe", integer("sparse_safe", 0, MAX_INT) },
  },
  encode_max_depth = { { "encode_max_depth", integer("encode_max_depth", 1, MAX_INT) } },
  decode_max_depth = { { "decode_max_depth", integer("decode_max_depth", 1, MAX_INT) } },
  encode_number_precision = { { "number_precision", integer("number_precision", 1, 14) } },
  encode_keep_buffer = { { "keep_buffer", choice("keep_buffer") } },
  encode_invalid_numbers = { { "encode_invalid_numbers", choice("encode_invalid_numbers", "null") } },
  decode_invalid_numbers = { { "decode_invalid_numbers", choice("decode_invalid_numbers") } },
  encode_empty_table_as_object = { { "empty_table_as_object", choice("empty_table_as_object") } },
  decode_array_with_array_mt = { { "array_metatable", choice("array_metatable") } },
  encode_escape_forward_slash = { { "escape_slash", choice("escape_slash") } },
}

--- The functions that read and change these settings, by name.
function M.functions(settings)
  local functions = {}
  for name, readers in pairs(FUNCTIONS) do
    functions[name] = function(...)
      if select("#", ...) > #readers then
        error(bad_argument(#readers + 1, name, "found too many arguments"), 2)
      end
      local values = {}
      for i, reader in ipairs(readers) do
        local value = select(i, ...)
        if value ~= nil then
          local problem = reader[2](settings, value, i, name)
          if problem then error(problem, 2) end
        end
        values[i] = settings[reader[1]]
      end
      return table.unpack(values, 1, #readers)
    end
  end
  return functions
end

return M
