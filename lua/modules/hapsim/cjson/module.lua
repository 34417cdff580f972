--[[
Makes the modules cjson and cjson.safe: the functions, limits and errors of lua-cjson 2.1.0, and what 2.1.0.10 (LuaRocks) has for empty
arrays and slashes. Manual: https://kyne.au/~mark/software/lua-cjson-manual.html
]]
local decode = require("hapsim.cjson.decode")
local encoder = require("hapsim.cjson.encode")
local null = require("hapsim.native").null
local options = require("hapsim.cjson.options")

local M = {}

--- @param is_safe whether encode and decode return nil and a message instead of raising errors
function M.new(is_safe)
  local settings = options.defaults()
  local module = options.functions(settings)

  -- Functions get all their arguments, as a missing one is an error, and nil is a value.
  local function checked(name, ...)
    if select("#", ...) == 1 then return nil, (...) end
    return ("bad argument #1 to '%s' (expected 1 argument)"):format(name)
  end

  function module.encode(...)
    local problem, value = checked("encode", ...)
    if problem then error(problem, 2) end
    local text
    problem, text = encoder.encode(value, settings)
    if not problem then return text end
    if is_safe then return nil, problem end
    error(problem, 2)
  end

  function module.decode(...)
    local problem, text = checked("decode", ...)
    if problem then error(problem, 2) end
    local value
    problem, text = options.string(text, 1, is_safe and "?" or "decode")
    if not problem then
      problem, value = decode(text, settings)
    end
    if not problem then return value end
    if is_safe then return nil, problem end
    error(problem, 2)
  end

  function module.new() return M.new(is_safe) end

  module.null = null
  module.array_mt = encoder.array_mt
  module.empty_array_mt = encoder.empty_array_mt
  module.empty_array = setmetatable({}, encoder.array_mt)
  module._NAME = "cjson"
  module._VERSION = "2.1.0"
  return module
end

return M
