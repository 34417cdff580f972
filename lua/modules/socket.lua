--[[
The module socket, in Lua: clients of TCP on top of core.tcp, time, and what LuaSocket has for protocols. Waiting functions can be called
where core.tcp and core.sleep can.
]]
if not core then error("module 'socket' needs core.tcp, which only the scripts of HAProxy have", 0) end

local tcp = require("hapsim.socket.tcp")

local M = { BLOCKSIZE = 2048, _VERSION = "LuaSocket 3.0.0", gettime = tcp.now }

function M.tcp() return tcp.new() end
M.tcp4, M.tcp6 = M.tcp, M.tcp

function M.connect(address, port)
  local socket = M.tcp()
  local done, problem = socket:connect(address, port)
  if not done then
    socket:close()
    return nil, problem
  end
  return socket
end
M.connect4, M.connect6 = M.connect, M.connect

--- @param seconds number
function M.sleep(seconds)
  if type(seconds) ~= "number" then
    error(("bad argument #1 to 'sleep' (number expected, got %s)"):format(seconds == nil and "no value" or type(seconds)), 2)
  end
  if seconds > 0 then core.msleep(math.ceil(seconds * 1000)) end
end

for _, name in ipairs({ "bind", "select", "udp", "udp4", "udp6" }) do
  M[name] = function()
    error(("socket.%s is not available: scripts of HAProxy have core.tcp only"):format(name), 2)
  end
end

M.dns = {}

function M.dns.toip(name)
  local address = tcp.resolve(name)
  if not address then return nil, "host not found" end
  return address, { name = name, alias = {}, ip = { address } }
end

function M.dns.gethostname() return core.get_info().node end

--- Marks errors that `protect` returns.
local Failure = {}
function Failure:__tostring() return tostring(self[1]) end

--- Makes a function that returns its arguments, or, if the first one is false, calls `finalize` and raises the second one.
function M.newtry(finalize)
  return function(...)
    if (...) then return ... end
    if finalize then finalize() end
    error(setmetatable({ (select(2, ...)) }, Failure), 0)
  end
end

M.try = M.newtry()

local function results(done, ...)
  if done then return ... end
  local problem = ...
  if getmetatable(problem) == Failure then return nil, problem[1] end
  error(problem, 0)
end

--- Makes a function that returns nil and what `try` has raised.
function M.protect(f)
  return function(...) return results(pcall(f, ...)) end
end

function M.skip(count, ...) return select(count + 1, ...) end

function M.choose(makers)
  return function(name, ...)
    if type(name) ~= "string" then return M.choose(makers)("default", name, ...) end
    local make = makers[name]
    if not make then error(("unknown key (%s)"):format(name), 3) end
    return make(...)
  end
end

M.sinkt, M.sourcet = {}, {}

M.sinkt["close-when-done"] = function(socket)
  return function(chunk)
    if chunk then return socket:send(chunk) end
    socket:close()
    return 1
  end
end

M.sinkt["keep-open"] = function(socket)
  return function(chunk)
    if chunk then return socket:send(chunk) end
    return 1
  end
end

M.sinkt.default = M.sinkt["keep-open"]

M.sourcet["by-length"] = function(socket, length)
  return function()
    if length <= 0 then return nil end
    local chunk, problem = socket:receive(math.min(M.BLOCKSIZE, length))
    if problem then return nil, problem end
    length = length - #chunk
    return chunk
  end
end

M.sourcet["until-closed"] = function(socket)
  local is_done = false
  return function()
    if is_done then return nil end
    local chunk, problem, partial = socket:receive(M.BLOCKSIZE)
    if not problem then return chunk end
    if problem ~= "closed" then return nil, problem end
    socket:close()
    is_done = true
    return partial
  end
end

M.sourcet.default = M.sourcet["until-closed"]

M.sink, M.source = M.choose(M.sinkt), M.choose(M.sourcet)

return M
