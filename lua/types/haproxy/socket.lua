---@meta

---A connection that a script makes. Made by `core.tcp()`. Functions wait without holding anything else up.
---
---Contexts: task, event, action, service
---@class Socket
local Socket = {}

---Connects it.
---@param address string an IP address or a host name; without `port` an address as HAProxy's configuration has it: `127.0.0.1:25`, `ipv6@[::1]:25`, `unix@/run/x.sock`, `abns@name`, `fd@3`
---@param port? integer
---@return 1? # nil when it fails
---@return string? error
function Socket:connect(address, port) end

---Connects it with TLS.
---@param address string
---@param port? integer
---@return 1? # nil when it fails
---@return string? error
function Socket:connect_ssl(address, port) end

---Sends data.
---@param data string
---@param start? integer the first byte of it, as `string.sub` counts
---@param stop? integer the last byte of it
---@return integer? # the number of the last byte that was sent; nil when it fails
---@return string? error `closed`, `timeout` …
---@return integer? sent the number of the last byte that was sent, when it fails
function Socket:send(data, start, stop) end

---Reads data.
---@param pattern? '"*l"'|'"*a"'|integer a line without its end (unless given), everything until the other side closes, or so many bytes
---@param prefix? string put before the result
---@return string? # nil when it fails
---@return string? error `closed`, `timeout` …
---@return string? partial what had come, when it fails
function Socket:receive(pattern, prefix) end

---Closes it; it cannot be used again.
function Socket:close() end

---The address and the port of the other side.
---@return string? # `192.0.2.1:25`
function Socket:getpeername() end

---The address and the port of this side.
---@return string? # `192.0.2.1:40000`
function Socket:getsockname() end

---Does nothing: it is there for libraries written for LuaSocket.
---@param option string
---@param value? any
function Socket:setoption(option, value) end

---How long nothing may happen, for everything that waits.
---@param value number seconds; fractions count
---@param mode? string not used
function Socket:settimeout(value, mode) end
