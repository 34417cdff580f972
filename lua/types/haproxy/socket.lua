---@meta

---A client socket. Created by `core.tcp()`. Functions wait without blocking the process.
---
---Contexts: task, event, action, service
---@class Socket
local Socket = {}

---Connects.
---@param address string an IP address or a host name; without `port`, an address in HAProxy's format: `127.0.0.1:25`, `ipv6@[::1]:25`, `unix@/run/x.sock`, `abns@name`, `fd@3`
---@param port? integer
---@return 1? # nil on failure
---@return string? error
function Socket:connect(address, port) end

---Connects with TLS.
---@param address string
---@param port? integer
---@return 1? # nil on failure
---@return string? error
function Socket:connect_ssl(address, port) end

---Sends data.
---@param data string
---@param start? integer the index of the first byte, as for `string.sub`
---@param stop? integer the index of the last byte
---@return integer? # the index of the last byte sent; nil on failure
---@return string? error `closed`, `timeout` …
---@return integer? sent the index of the last byte sent, on failure
function Socket:send(data, start, stop) end

---Reads data.
---@param pattern? '"*l"'|'"*a"'|integer a line without its line feed (default), everything until the peer closes, or a number of bytes
---@param prefix? string prepended to the result
---@return string? # nil on failure
---@return string? error `closed`, `timeout` …
---@return string? partial data received before the failure
function Socket:receive(pattern, prefix) end

---Closes it; it cannot be used again.
function Socket:close() end

---The remote address and port.
---@return string? # `192.0.2.1:25`
function Socket:getpeername() end

---The local address and port.
---@return string? # `192.0.2.1:40000`
function Socket:getsockname() end

---No effect; for compatibility with LuaSocket.
---@param option string
---@param value? any
function Socket:setoption(option, value) end

---Sets the inactivity timeout.
---@param value number seconds, with fractions
---@param mode? string not used
function Socket:settimeout(value, mode) end
