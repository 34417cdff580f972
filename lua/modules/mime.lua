-- Of the module mime, in Lua: base64.
local M = { _VERSION = "MIME 1.0.3", encodet = {}, decodet = {} }

local ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local DIGITS = {}
for value = 0, 63 do DIGITS[ALPHABET:byte(value + 1)] = value end

local function digit(value)
  return ALPHABET:sub(value + 1, value + 1)
end

local function encode_group(group)
  local a, b, c = group:byte(1, 3)
  local bits = a << 16 | (b or 0) << 8 | (c or 0)
  return digit(bits >> 18)
    .. digit(bits >> 12 & 63)
    .. (b and digit(bits >> 6 & 63) or "=")
    .. (c and digit(bits & 63) or "=")
end

--- Encodes `first`. With `second`, it is part of a longer text: returns what is complete with it, and what is left.
function M.b64(first, second)
  if not first then return nil, nil end
  local text = first .. (second or "")
  local complete = second and #text - #text % 3 or #text
  local encoded = text:sub(1, complete):gsub("..?.?", encode_group)
  if second then return encoded, text:sub(complete + 1) end
  return encoded ~= "" and encoded or nil, nil
end

local function decode_group(group)
  local a, b, c, d = group:byte(1, 4)
  local bits = DIGITS[a] << 18 | DIGITS[b] << 12 | (DIGITS[c] or 0) << 6 | (DIGITS[d] or 0)
  local bytes = string.char(bits >> 16 & 255, bits >> 8 & 255, bits & 255)
  return bytes:sub(1, DIGITS[d] and 3 or DIGITS[c] and 2 or 1)
end

--- The reverse of `b64`. What is not part of the alphabet is ignored.
function M.unb64(first, second)
  if not first then return nil, nil end
  local text = (first .. (second or "")):gsub("[^%w+/=]", "")
  local complete = #text - #text % 4
  local decoded = text:sub(1, complete):gsub("[%w+/][%w+/][%w+/=][%w+/=]", decode_group)
  if second then return decoded, text:sub(complete + 1) end
  return decoded ~= "" and decoded or nil, nil
end

local function cycle(low)
  local context = ""
  return function(chunk)
    if chunk == nil then
      local rest = low(context)
      context = ""
      return rest
    end
    local result
    result, context = low(context, chunk)
    return result
  end
end

M.encodet.base64 = function() return cycle(M.b64) end
M.decodet.base64 = function() return cycle(M.unb64) end

local function choose(makers)
  return function(name, ...)
    local make = makers[name or "nil"]
    if not make then error("unknown key (" .. tostring(name) .. ")", 3) end
    return make(...)
  end
end

M.encode = choose(M.encodet)
M.decode = choose(M.decodet)

return M
