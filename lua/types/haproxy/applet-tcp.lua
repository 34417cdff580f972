---@meta

---The applet of a service in mode tcp or of a CLI command: the stream to the client.
---
---Contexts: service, cli
---@class AppletTCP
---@field c Converters
---@field sc Converters converters that always return a string
---@field f Fetches
---@field sf Fetches fetches that always return a string
local AppletTCP = {}

---Reads a line, including its line feed.
---@return string # empty at the end of the data
function AppletTCP:getline() end

---Reads data.
---@param size? integer number of bytes (default: until the client closes)
---@param timeout? integer timeout in milliseconds
---@return string? # nil on timeout without data; empty at the end of the data
function AppletTCP:receive(size, timeout) end

---Reads available data without waiting.
---@return string? # nil if no data is available; empty at the end of the data
function AppletTCP:try_receive() end

---@param msg string
function AppletTCP:send(msg) end

---Returns the value stored by `set_priv`.
---@return any
function AppletTCP:get_priv() end

---Stores a value for this transaction, replacing the previous one.
---@param data any
function AppletTCP:set_priv(data) end

---Sets a variable.
---@param var string name with scope, such as `txn.name`
---@param value string|integer|boolean|nil
---@param ifexist? boolean only if the variable is used in the configuration
---@return boolean # whether it was set
function AppletTCP:set_var(var, value, ifexist) end

---Unsets a variable.
---@param var string name with scope
function AppletTCP:unset_var(var) end

---Reads a variable.
---@param var string name with scope
---@return string|integer|boolean|nil
function AppletTCP:get_var(var) end
