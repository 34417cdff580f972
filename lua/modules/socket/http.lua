--[[
The module socket.http, in Lua: a client of HTTP/1.1. https://lunarmodules.github.io/luasocket/http.html
URLs with https use connect_ssl of HAProxy's sockets.
]]
local headers = require("socket.headers")
local ltn12 = require("ltn12")
local mime = require("mime")
local socket = require("socket")
local tcp = require("hapsim.socket.tcp")
local url = require("socket.url")

local M = { TIMEOUT = 60, USERAGENT = socket._VERSION }
socket.http = M

M.schemes = {
  http = { port = 80, create = function() return socket.tcp end },
  https = { port = 443, create = function() return function() return tcp.new(true) end end },
}

local MAX_REDIRECTS = 5

--- Receives fields, up to an empty line. Returns them by their names in lower case, or nil and a message.
local function receive_fields(connection, fields)
  local line, problem = connection:receive()
  while line ~= "" do
    if problem then return nil, problem end
    local name, value = line:match("^(.-):%s*(.*)")
    if not name then return nil, "malformed reponse headers" end
    name = name:lower()
    line, problem = connection:receive()
    if problem then return nil, problem end
    while line:find("^%s") do
      value = value .. line
      line, problem = connection:receive()
      if problem then return nil, problem end
    end
    fields[name] = fields[name] and fields[name] .. ", " .. value or value
  end
  return fields
end

socket.sourcet["http-chunked"] = function(connection, fields)
  return function()
    local line, problem = connection:receive()
    if problem then return nil, problem end
    local size = tonumber((line:gsub(";.*", "")), 16)
    if not size then return nil, "invalid chunk size" end
    if size == 0 then
      local trailers
      trailers, problem = receive_fields(connection, fields or {})
      return nil, not trailers and problem or nil
    end
    local chunk
    chunk, problem = connection:receive(size)
    if chunk then connection:receive() end
    return chunk, problem
  end
end

socket.sinkt["http-chunked"] = function(connection)
  return function(chunk)
    if not chunk then return connection:send("0\r\n\r\n") end
    return connection:send(("%X\r\n%s\r\n"):format(#chunk, chunk))
  end
end

--- A connection, whose methods raise failures after having closed it.
local Exchange = {}
Exchange.__index = Exchange

function M.open(host, port, create)
  local connection = socket.try(create())
  local exchange = setmetatable({ c = connection }, Exchange)
  exchange.try = socket.newtry(function() exchange:close() end)
  exchange.try(connection:settimeout(M.TIMEOUT))
  exchange.try(connection:connect(host, port))
  return exchange
end

function Exchange:close() return self.c:close() end

function Exchange:sendrequestline(method, uri)
  return self.try(self.c:send(("%s %s HTTP/1.1\r\n"):format(method or "GET", uri)))
end

function Exchange:sendheaders(fields)
  local lines = {}
  for name, value in pairs(fields) do lines[#lines + 1] = (headers.canonic[name] or name) .. ": " .. value .. "\r\n" end
  self.try(self.c:send(table.concat(lines) .. "\r\n"))
  return 1
end

function Exchange:sendbody(fields, source, step)
  local mode = fields["content-length"] and "keep-open" or "http-chunked"
  return self.try(ltn12.pump.all(source or ltn12.source.empty(), socket.sink(mode, self.c), step))
end

--- Returns the status and its line; nil and the first bytes if there is no status line.
function Exchange:receivestatusline()
  local start, problem = self.try(self.c:receive(5))
  if start ~= "HTTP/" then
    if problem == "timeout" then return 408 end
    return nil, start
  end
  local line = self.try(self.c:receive("*l", start))
  return self.try(tonumber(line:match("HTTP/%d*%.%d* (%d%d%d)")), line)
end

function Exchange:receiveheaders()
  return self.try(receive_fields(self.c, {}))
end

function Exchange:receivebody(fields, sink, step)
  local length = tonumber(fields["content-length"])
  local encoding = fields["transfer-encoding"]
  local is_chunked = encoding and encoding ~= "identity"
  local mode = is_chunked and "http-chunked" or length and "by-length" or "default"
  local source = socket.source(mode, self.c, length)
  return self.try(ltn12.pump.all(source, sink or ltn12.sink.null(), step))
end

--- Receives a body without a head, whose first bytes were read.
function Exchange:receive09body(start, sink, step)
  local source = ltn12.source.rewind(socket.source("until-closed", self.c))
  source(start)
  return self.try(ltn12.pump.all(source, sink, step))
end

local function proxy_of(request)
  local proxy = request.proxy or M.PROXY
  return proxy and url.parse(proxy)
end

local function credentials(user, password)
  return "Basic " .. mime.b64(user .. ":" .. password)
end

local function request_fields(request)
  local host = request.host
  if tostring(request.port) ~= tostring(M.schemes[request.scheme].port) then host = host .. ":" .. tostring(request.port) end
  local fields = { ["user-agent"] = M.USERAGENT, host = host, connection = "close, TE", te = "trailers" }
  if request.user and request.password then
    fields.authorization = credentials(request.user, url.unescape(request.password))
  end
  local proxy = proxy_of(request)
  if proxy and proxy.user and proxy.password then
    fields["proxy-authorization"] = credentials(proxy.user, proxy.password)
  end
  for name, value in pairs(request.headers or {}) do fields[name:lower()] = value end
  return fields
end

--- What a request line has: the whole URL for a proxy.
local function request_uri(request)
  if request.proxy or M.PROXY then return url.build(request) end
  local path = socket.try(request.path, "invalid path 'nil'")
  return url.build({ path = path, params = request.params, query = request.query, fragment = request.fragment })
end

--- Completes a request by the parts of its URL and by defaults.
local function adjusted(given)
  local request = given.url and url.parse(given.url, { path = "/", scheme = "http" }) or {}
  for name, value in pairs(given) do request[name] = value end
  local scheme = M.schemes[request.scheme]
  request.create = request.create or scheme.create(request)
  if (request.port or "") == "" then request.port = scheme.port end
  if (request.method or "") == "" then request.method = "GET" end
  if (request.host or "") == "" then socket.try(nil, ("invalid host '%s'"):format(tostring(request.host))) end
  request.uri = given.uri or request_uri(request)
  request.headers = request_fields(request)
  local fields = request.headers
  if request.source and not fields["content-length"] and not fields["transfer-encoding"] then
    fields["transfer-encoding"] = "chunked"
  end
  local proxy = proxy_of(request)
  if proxy then
    request.host, request.port = proxy.host, proxy.port or 3128
  end
  return request
end

local REDIRECTS = { [301] = true, [302] = true, [303] = true, [307] = true }

local function should_redirect(request, code, fields)
  local location = (fields.location or ""):gsub("%s", "")
  if location == "" then return false end
  local scheme = url.parse(location).scheme
  if scheme and not M.schemes[scheme] then return false end
  if request.scheme == "https" and scheme ~= "https" then return false end
  local limit = request.maxredirects
  return request.redirect ~= false
    and REDIRECTS[code] == true
    and (request.method == "GET" or request.method == "HEAD")
    and (limit == false or (request.nredirects or 0) < (limit or MAX_REDIRECTS))
end

local function has_body(request, code)
  return request.method ~= "HEAD" and code ~= 204 and code ~= 304 and (code < 100 or code >= 200)
end

local exchange

local function redirected(request, location)
  local target = url.absolute(request.url, location)
  local is_same_scheme = url.parse(target).scheme == request.scheme
  local result, code, fields, status = exchange({
    url = target,
    source = request.source,
    sink = request.sink,
    headers = request.headers,
    proxy = request.proxy,
    maxredirects = request.maxredirects,
    nredirects = (request.nredirects or 0) + 1,
    create = is_same_scheme and request.create or nil,
  })
  fields = fields or {}
  fields.location = fields.location or location
  return result, code, fields, status
end

--- Sends a request and receives the response. Returns 1, the status, the fields and the status line.
function exchange(given)
  local request = adjusted(given)
  local connection = M.open(request.host, request.port, request.create)
  connection:sendrequestline(request.method, request.uri)
  connection:sendheaders(request.headers)
  if request.source then connection:sendbody(request.headers, request.source, request.step) end
  local code, status = connection:receivestatusline()
  if not code then
    connection:receive09body(status, request.sink, request.step)
    return 1, 200
  end
  if code == 408 then return 1, code end
  while code == 100 do
    connection:receiveheaders()
    code, status = connection:receivestatusline()
  end
  local fields = connection:receiveheaders()
  if should_redirect(request, code, fields) and not request.source then
    connection:close()
    return redirected(given, fields.location)
  end
  if has_body(request, code) then connection:receivebody(fields, request.sink, request.step) end
  connection:close()
  return 1, code, fields, status
end

--- The request of the simple form, with a table as target.
function M.genericform(address, body)
  local target = {}
  local request = { url = address, sink = ltn12.sink.table(target), target = target }
  if body then
    request.source = ltn12.source.string(body)
    request.headers = { ["content-length"] = #body, ["content-type"] = "application/x-www-form-urlencoded" }
    request.method = "POST"
  end
  return request
end

local function simple(address, body)
  local request = M.genericform(address, body)
  local _, code, fields, status = exchange(request)
  return table.concat(request.target), code, fields, status
end

--- @param request string|table a URL, or the parts of a request
--- @param body string? with a URL, what is sent by POST
M.request = socket.protect(function(request, body)
  if type(request) == "string" then return simple(request, body) end
  return exchange(request)
end)

return M
