--[[
The objects of socket.tcp, on top of core.tcp. HAProxy's sockets cannot listen, and have one timeout, of inactivity, which ends the
connection. Numbers are floats, as LuaSocket returns them.
]]
local native = require("hapsim.native")

local Tcp = {}
Tcp.__index = Tcp

function Tcp:__tostring()
  return ("tcp{%s}"):format(self.state)
end

--- The longest timeout of HAProxy, in seconds; stands for none.
local FOREVER = 2147483

local OPTIONS = { keepalive = true, linger = true, reuseaddr = true, ["tcp-nodelay"] = true }

local function now()
  local time = core.now()
  return time.sec + time.usec / 1e6
end

-- Methods number their arguments without the object.
local function bad_argument(number, name, message)
  error(("bad argument #%d to '%s' (%s)"):format(number, name, message), 3)
end

local function type_name(value)
  return value == nil and "no value" or type(value)
end

--- @param secure boolean? whether connections use TLS
local function new(secure)
  return setmetatable({
    socket = core.tcp(),
    state = "master",
    secure = secure,
    sent = 0,
    received = 0,
    opened = now(),
  }, Tcp)
end

function Tcp:check(name)
  if self.state == "master" then error(("calling '%s' on bad self (tcp{client} expected)"):format(name), 3) end
end

--- Calls a function that waits. Returns its results, and whether the timeout is over.
function Tcp:wait(call, ...)
  local start = self.timeout and now()
  local result, problem = call(self.socket, ...)
  return result, problem, start and now() - start >= self.timeout
end

--- The address of a name; sockets of HAProxy connect to addresses only.
local function resolve(name)
  if name:find("^%d+%.%d+%.%d+%.%d+$") or name:find(":", 1, true) then return name end
  return native.resolve(name)
end

function Tcp:connect(address, port)
  if type(address) ~= "string" then bad_argument(1, "connect", "string expected, got " .. type_name(address)) end
  port = tonumber(port)
  if not port then return nil, "service not supported for socket type" end
  local resolved = resolve(address)
  if not resolved then return nil, "host or service not provided, or not known" end
  self.socket:settimeout(self.timeout or FOREVER)
  local method = self.socket[self.secure and "connect_ssl" or "connect"]
  local result, problem, is_late = self:wait(method, resolved, math.tointeger(port))
  if not result then
    if problem == "Can't connect" then problem = is_late and "timeout" or "connection refused" end
    -- a socket of HAProxy can connect only once
    self.socket = core.tcp()
    return nil, problem
  end
  self.state = "client"
  return 1.0
end

--- A position from the start. @param index integer negative: from the end
local function position(index, data)
  return index < 0 and #data + index + 1 or index
end

function Tcp:send(data, first, last)
  self:check("send")
  if type(data) ~= "string" and type(data) ~= "number" then
    bad_argument(1, "send", "string expected, got " .. type_name(data))
  end
  data = tostring(data)
  first = math.max(position(first or 1, data), 1)
  local part = data:sub(first, position(last or -1, data))
  if self.is_closed then return nil, "closed", first - 1.0 end
  local result, _, is_late
  if part ~= "" then
    result, _, is_late = self:wait(self.socket.send, part)
    if not result or result < 0 then return nil, is_late and "timeout" or "closed", first - 1.0 end
  end
  self.sent = self.sent + #part
  return first - 1 + #part + 0.0, nil, nil
end

--- Receives a line, byte by byte: HAProxy's sockets do not say whether the last one was whole.
function Tcp:receive_line(prefix)
  local parts = { prefix }
  while true do
    local byte, _, is_late = self:wait(self.socket.receive, 1)
    if not byte then return nil, is_late and "timeout" or "closed", table.concat(parts) end
    self.received = self.received + 1
    if byte == "\n" then return table.concat(parts), nil, nil end
    if byte ~= "\r" then parts[#parts + 1] = byte end
  end
end

function Tcp:receive_all(prefix)
  local rest, _, is_late = self:wait(self.socket.receive, "*a")
  self.received = self.received + #(rest or "")
  if is_late then return nil, "timeout", prefix .. (rest or "") end
  if not rest then return nil, "closed", prefix end
  return prefix .. rest, nil, nil
end

function Tcp:receive_count(count, prefix)
  local missing = count - #prefix
  if missing <= 0 then return prefix, nil, nil end
  local part, _, is_late = self:wait(self.socket.receive, missing)
  part = part or ""
  self.received = self.received + #part
  if #part < missing then return nil, is_late and "timeout" or "closed", prefix .. part end
  return prefix .. part, nil, nil
end

--- @param pattern string|integer|nil `*l`, `*a`, or a number of bytes
--- @param prefix string? what the result begins with; part of the number of bytes
function Tcp:receive(pattern, prefix)
  self:check("receive")
  pattern = pattern or "*l"
  prefix = prefix or ""
  local count = math.tointeger(tonumber(pattern))
  if not count and pattern ~= "*l" and pattern ~= "*a" or count and count < 0 then
    bad_argument(1, "receive", "invalid receive pattern")
  end
  if self.is_closed then return nil, "closed", prefix end
  if pattern == "*l" then return self:receive_line(prefix) end
  if pattern == "*a" then return self:receive_all(prefix) end
  return self:receive_count(count, prefix)
end

--- @param seconds number? nil or negative: no timeout
--- @param mode string? accepted and ignored: HAProxy's timeout is the same for all
function Tcp:settimeout(seconds, mode)
  if seconds ~= nil and type(seconds) ~= "number" then
    bad_argument(1, "settimeout", "number expected, got " .. type(seconds))
  end
  if mode ~= nil and not tostring(mode):find("^[bt]") then bad_argument(2, "settimeout", "invalid timeout mode") end
  self.timeout = seconds and seconds >= 0 and seconds or nil
  if not self.is_closed then self.socket:settimeout(self.timeout or FOREVER) end
  return 1.0
end

function Tcp:gettimeout()
  return self.timeout or -1.0, -1.0
end

--- Returns the parts of `address:port`.
local function address(text, problem)
  if not text then return nil, problem end
  local host, port = text:match("^(.*):(%d+)$")
  if not host then return text end
  return host, math.tointeger(tonumber(port)), host:find(":") and "inet6" or "inet"
end

function Tcp:getpeername()
  self:check("getpeername")
  if self.is_closed then return nil, "closed" end
  return address(self.socket:getpeername())
end

function Tcp:getsockname()
  if self.state == "master" or self.is_closed then return nil, "closed" end
  return address(self.socket:getsockname())
end

function Tcp:setoption(name, _)
  if not OPTIONS[name] then bad_argument(1, "setoption", ("unsupported option `%s'"):format(tostring(name))) end
  return 1.0
end

function Tcp:getstats()
  return self.received + 0.0, self.sent + 0.0, now() - self.opened
end

function Tcp:dirty() return false end

--- HAProxy cannot end one side of a connection: both are ended, or neither.
function Tcp:shutdown(mode)
  self:check("shutdown")
  if mode == "both" or mode == nil then self:close() end
  return 1.0
end

function Tcp:close()
  if not self.is_closed then
    self.is_closed = true
    self.socket:close()
  end
  return 1.0
end

return { new = new, now = now, resolve = resolve }
