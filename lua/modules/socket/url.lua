-- The module socket.url, in Lua: URLs as RFC 2396 names their parts.
local socket = require("socket")

local M = { _VERSION = "URL 1.0.3" }
socket.url = M

local function hex(format)
  return function(char) return format:format(char:byte()) end
end

--- Escapes all but letters, digits and `_`.
function M.escape(text)
  return (text:gsub("[^A-Za-z0-9_]", hex("%%%02x")))
end

function M.unescape(text)
  return (text:gsub("%%(%x%x)", function(code) return string.char(tonumber(code, 16)) end))
end

--- Escapes what a segment of a path may not contain.
local function escape_segment(text)
  return (text:gsub("[^A-Za-z0-9_%-%.!~*'():@&=+$,]", hex("%%%02X")))
end

--- Removes the first match of `pattern` from `text`. Returns the rest and the capture, or the text and nil.
local function take(text, pattern)
  local first, last, part = text:find(pattern)
  if not first then return text, nil end
  return text:sub(1, first - 1) .. text:sub(last + 1), part
end

local function parse_authority(parsed, authority)
  parsed.authority = authority
  local part
  authority, part = take(authority, "^([^@]*)@")
  parsed.userinfo = part or parsed.userinfo
  authority, part = take(authority, ":([^:%]]*)$")
  parsed.port = part or parsed.port
  if authority ~= "" then parsed.host = authority:match("^%[(.+)%]$") or authority end
  local userinfo = parsed.userinfo
  if not userinfo then return end
  userinfo, part = take(userinfo, ":([^:]*)$")
  parsed.password = part or parsed.password
  parsed.user = userinfo
end

--- Returns a table of the parts: scheme, authority, userinfo, user, password, host, port, path, params, query, fragment.
function M.parse(url, default)
  local parsed = {}
  for name, value in pairs(default or {}) do parsed[name] = value end
  if not url or url == "" then return nil, "invalid url" end
  local authority
  local function field(name, pattern)
    local part
    url, part = take(url, pattern)
    if part then parsed[name] = part end
  end
  field("scheme", "^(%w[%w+%-.]*):")
  url, authority = take(url, "^//([^/]*)")
  if authority then parsed.authority = authority end
  field("fragment", "#(.*)$")
  field("query", "%?(.*)")
  field("params", "%;(.*)")
  if url ~= "" then parsed.path = url end
  if parsed.authority then parse_authority(parsed, parsed.authority) end
  return parsed
end

--- The reverse of `parse`.
function M.build(parsed)
  local url = parsed.path or ""
  if parsed.params then url = url .. ";" .. parsed.params end
  if parsed.query then url = url .. "?" .. parsed.query end
  local authority = parsed.authority
  if parsed.host then
    authority = parsed.host:find(":") and "[" .. parsed.host .. "]" or parsed.host
    if parsed.port then authority = authority .. ":" .. tostring(parsed.port) end
    local userinfo = parsed.userinfo
    if parsed.user then
      userinfo = parsed.user
      if parsed.password then userinfo = userinfo .. ":" .. parsed.password end
    end
    if userinfo then authority = userinfo .. "@" .. authority end
  end
  if authority then url = "//" .. authority .. url end
  if parsed.scheme then url = parsed.scheme .. ":" .. url end
  if parsed.fragment then url = url .. "#" .. parsed.fragment end
  return url
end

--- Repeats a replacement until nothing changes.
local function replace_all(text, pattern, replacement)
  local count
  repeat text, count = text:gsub(pattern, replacement, 1) until count == 0
  return text
end

--- Removes `.` and `..` from a path. Empty segments are kept: they are marked by a byte that is removed in the end.
local function without_dots(path)
  path = replace_all(path, "//", "/\1/")
  path = replace_all(path, "/%./", "/")
  local previous
  repeat
    previous = path
    path = path:gsub("[^/]+/%.%./([^/]+)", "%1", 1)
  until path == previous
  path = path:gsub("[^/]+/%.%./*$", "")
  path = path:gsub("/%.%.$", "/"):gsub("/%.$", "/"):gsub("^/%.%./", "/")
  return (path:gsub("\1", ""))
end

local function absolute_path(base, path)
  if path:sub(1, 1) == "/" then return without_dots(path) end
  base = base:gsub("[^/]*$", "")
  if base:sub(-1) ~= "/" then base = base .. "/" end
  return without_dots(base .. path)
end

--- The missing parts of a relative URL, from the left, are those of the base.
local function complete(parsed, base)
  parsed.scheme = base.scheme
  if parsed.authority then return end
  parsed.authority = base.authority
  if parsed.path then
    parsed.path = absolute_path(base.path or "", parsed.path)
    return
  end
  parsed.path = base.path
  if parsed.params then return end
  parsed.params = base.params
  parsed.query = parsed.query or base.query
end

--- @param base string|table
function M.absolute(base, relative)
  local base_parts = type(base) == "table" and base or M.parse(base)
  if type(base) == "table" then base = M.build(base) end
  local parts = M.parse(relative)
  local url
  if not base_parts or parts and parts.scheme then
    url = relative
  elseif not parts then
    url = base
  else
    complete(parts, base_parts)
    url = M.build(parts)
  end
  return without_dots(url)
end

--- Returns the segments of a path, with the fields is_absolute and is_directory.
function M.parse_path(path)
  path = path or ""
  local parsed = {}
  for segment in path:gmatch("[^/]+") do parsed[#parsed + 1] = M.unescape(segment) end
  if path:sub(1, 1) == "/" then parsed.is_absolute = 1 end
  if path:sub(-1) == "/" then parsed.is_directory = 1 end
  return parsed
end

--- The reverse of `parse_path`. @param unsafe whether segments are not escaped
function M.build_path(parsed, unsafe)
  local segments = {}
  for i, segment in ipairs(parsed) do segments[i] = unsafe and segment or escape_segment(segment) end
  local path = table.concat(segments, "/")
  if #segments > 0 and parsed.is_directory then path = path .. "/" end
  return parsed.is_absolute and "/" .. path or path
end

return M
