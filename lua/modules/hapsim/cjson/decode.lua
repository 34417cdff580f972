-- The function decode of cjson: one token at a time, with the errors of lua-cjson.
local null = require("hapsim.native").null
local array_mt = require("hapsim.cjson.encode").array_mt

local find, sub, byte = string.find, string.sub, string.byte

--- Tokens of one character, and the end: a NUL is one, too.
local TOKENS = {
  ["{"] = "T_OBJ_BEGIN",
  ["}"] = "T_OBJ_END",
  ["["] = "T_ARR_BEGIN",
  ["]"] = "T_ARR_END",
  [":"] = "T_COLON",
  [","] = "T_COMMA",
  ["\0"] = "T_END",
  [""] = "T_END",
}

--- @class Reader
--- @field text string
--- @field at integer where the next token begins
--- @field depth integer number of open arrays and objects
--- @field kind string the token that was read
--- @field value any of a string, a number, a boolean or null; of an invalid token, what is wrong with it
--- @field start integer where it begins, or where the error is
local Reader = {}
Reader.__index = Reader

function Reader:invalid(reason, start)
  self.kind, self.value, self.start = "T_ERROR", reason, start or self.start
end

local ESCAPES = { ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

--- Decodes `\uXXXX`, or two for a surrogate pair. Returns the bytes, and the position after it; nil if it is invalid.
local function unicode(text, at)
  local digits = text:match("^\\u(%x%x%x%x)", at)
  if not digits then return nil end
  local code = tonumber(digits, 16)
  if code & 0xF800 ~= 0xD800 then return utf8.char(code), at + 6 end
  local low = tonumber(text:match("^\\u(%x%x%x%x)", at + 6) or "", 16)
  if code & 0x400 ~= 0 or not low or low & 0xFC00 ~= 0xDC00 then return nil end
  return utf8.char(0x10000 + ((code & 0x3FF) << 10 | low & 0x3FF)), at + 12
end

function Reader:read_string()
  local text, at = self.text, self.at + 1
  local parts = {}
  while true do
    local from, special = at, nil
    at, _, special = find(text, '(["\\%z])', at)
    if not at or special == "\0" then return self:invalid("unexpected end of string", at or #text + 1) end
    parts[#parts + 1] = sub(text, from, at - 1)
    if special == '"' then break end
    local code = sub(text, at + 1, at + 1)
    if code == "u" then
      local bytes, after = unicode(text, at)
      if not bytes then return self:invalid("invalid unicode escape code", at) end
      parts[#parts + 1] = bytes
      at = after
    else
      local char = ESCAPES[code]
      if not char then return self:invalid("invalid escape code", at) end
      parts[#parts + 1] = char
      at = at + 2
    end
  end
  self.kind, self.value, self.at = "T_STRING", table.concat(parts), at + 1
end

--- The number at `at`, as strtod reads it: also hexadecimal numbers, infinity and NaN. Returns it and the position after it, or nil.
local function number_at(text, at)
  local sign, after = text:match("^([+-]?)()", at)
  local digits, exponent, last = text:match("^0[xX](%x*%.?%x*)()()", after)
  if digits and digits:find("%x") then
    local power = text:match("^[pP][+-]?%d+", exponent) or ""
    local number = tonumber("0x" .. digits .. (power == "" and "p0" or power))
    return sign == "-" and -number or number, last + #power
  end
  digits, last = text:match("^(%d*%.?%d*)()", after)
  if digits:find("%d") then
    local power = text:match("^[eE][+-]?%d+", last) or ""
    -- with an exponent it is a float, also -0
    return tonumber(sign:gsub("+", "") .. digits .. (power == "" and "e0" or power)), last + #power
  end
  local word = text:match("^%a*", after):lower()
  for _, name in ipairs({ "infinity", "inf", "nan" }) do
    if sub(word, 1, #name) == name then
      local number = name == "nan" and 0 / 0 or math.huge
      last = after + #name
      if name == "nan" then
        -- glibc reads nan(…), too
        if (sign == "-") ~= (tostring(number):sub(1, 1) == "-") then number = -number end
        return number, text:match("^%([%w_]*%)()", last) or last
      end
      return sign == "-" and -number or number, last
    end
  end
  return nil
end

--- Whether what begins like a number is not a number in JSON.
local function is_not_json(text, at)
  if sub(text, at, at) == "+" then return true end
  local rest = sub(text, at, at + 4):gsub("^-", "")
  if sub(rest, 1, 1) == "0" then return rest:find("^0[xX%d]") ~= nil end
  if rest ~= "" and byte(rest) <= byte("9") then return false end
  rest = sub(rest, 1, 3):lower()
  return rest == "inf" or rest == "nan"
end

function Reader:read_number()
  local number, after = number_at(self.text, self.at)
  if not number then return self:invalid("invalid number") end
  self.kind, self.value, self.at = "T_NUMBER", number, after
end

function Reader:read_word(word, kind, value)
  if sub(self.text, self.at, self.at + #word - 1) ~= word then return false end
  self.kind, self.value, self.at = kind, value, self.at + #word
  return true
end

--- Reads the next token.
function Reader:next()
  local text = self.text
  local at = find(text, "[^ \t\r\n]", self.at) or #text + 1
  self.at, self.start = at, at
  local char = sub(text, at, at)
  local token = TOKENS[char]
  if token then
    self.kind = token
    if token ~= "T_END" then self.at = at + 1 end
  elseif char == '"' then
    self:read_string()
  elseif find(char, "[-%d]") then
    if not self.has_invalid_numbers and is_not_json(text, at) then return self:invalid("invalid number") end
    self:read_number()
  elseif
    not (
      self:read_word("true", "T_BOOLEAN", true)
      or self:read_word("false", "T_BOOLEAN", false)
      or self:read_word("null", "T_NULL", null)
    )
  then
    if self.has_invalid_numbers and find(char, "[+iInN]") and is_not_json(text, at) then return self:read_number() end
    self:invalid("invalid token")
  end
end

function Reader:unexpected(expected)
  local found = self.kind == "T_ERROR" and self.value or self.kind
  return ("Expected %s but found %s at character %d"):format(expected, found, self.start)
end

--- Enters an array or object, whose first character was read. Returns an error message, or nil.
function Reader:enter()
  self.depth = self.depth + 1
  if self.depth > self.max_depth then
    return ("Found too many nested data structures (%d) at character %d"):format(self.depth, self.start)
  end
end

function Reader:read_array()
  local problem = self:enter()
  if problem then return problem end
  local array = self.has_array_mt and setmetatable({}, array_mt) or {}
  self:next()
  local count = 0
  while self.kind ~= "T_ARR_END" or count > 0 do
    local value
    problem, value = self:read_value()
    if problem then return problem end
    count = count + 1
    array[count] = value
    self:next()
    if self.kind == "T_ARR_END" then break end
    if self.kind ~= "T_COMMA" then return self:unexpected("comma or array end") end
    self:next()
  end
  self.depth = self.depth - 1
  return nil, array
end

function Reader:read_object()
  local problem = self:enter()
  if problem then return problem end
  local object = {}
  self:next()
  local is_empty = true
  while self.kind ~= "T_OBJ_END" or not is_empty do
    if self.kind ~= "T_STRING" then return self:unexpected("object key string") end
    local key, value = self.value, nil
    self:next()
    if self.kind ~= "T_COLON" then return self:unexpected("colon") end
    self:next()
    problem, value = self:read_value()
    if problem then return problem end
    object[key] = value
    is_empty = false
    self:next()
    if self.kind == "T_OBJ_END" then break end
    if self.kind ~= "T_COMMA" then return self:unexpected("comma or object end") end
    self:next()
  end
  self.depth = self.depth - 1
  return nil, object
end

local VALUES = { T_STRING = true, T_NUMBER = true, T_BOOLEAN = true, T_NULL = true }

--- Reads the value whose first token was read. Returns an error message, or nil and the value.
function Reader:read_value()
  local kind = self.kind
  if VALUES[kind] then return nil, self.value end
  if kind == "T_OBJ_BEGIN" then return self:read_object() end
  if kind == "T_ARR_BEGIN" then return self:read_array() end
  return self:unexpected("value")
end

--- Returns an error message, or nil and the value.
return function(text, settings)
  if #text >= 2 and (byte(text, 1) == 0 or byte(text, 2) == 0) then
    return "JSON parser does not support UTF-16 or UTF-32"
  end
  local reader = setmetatable({
    text = text,
    at = 1,
    depth = 0,
    max_depth = settings.decode_max_depth,
    has_invalid_numbers = settings.decode_invalid_numbers,
    has_array_mt = settings.array_metatable,
  }, Reader)
  reader:next()
  local problem, value = reader:read_value()
  if problem then return problem end
  reader:next()
  if reader.kind ~= "T_END" then return reader:unexpected("the end") end
  return nil, value
end
