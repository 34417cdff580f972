---@meta

---The applet of a service in mode tcp or of a CLI command: the stream to the client.
---
---Contexts: service, cli
---@class AppletTCP
---@field c Converters
---@field sc Converters converters that always return a string
---@field f Fetches without those of what the channels hold, such as requests
---@field sf Fetches fetches that always return a string; without the same
local AppletTCP = {}

---Reads a line, including its line feed.
---@return string # empty at the end of the data
function AppletTCP:getline() end

---Reads data.
---@param size? integer number of bytes; default: until the end, which in a service is never reached, as it is not resumed then
---@param timeout? integer timeout in milliseconds
---@return string? # nil on timeout without data; empty at the end of the data
function AppletTCP:receive(size, timeout) end

---Reads available data without waiting.
---@return string? # nil if no data is available; empty at the end of the data
function AppletTCP:try_receive() end

---Sends data; waits until they are in the buffer.
---@param msg string
---@return integer # its length
function AppletTCP:send(msg) end

---Returns the value stored by `set_priv`.
---@return any
function AppletTCP:get_priv() end

---Stores a value for this transaction, replacing the previous one. It is lost unless an action, a fetch or a converter of the script has run for
---the transaction before.
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
---@return boolean # whether the name is valid
function AppletTCP:unset_var(var) end

---Reads a variable.
---@param var string name with scope
---@return string|integer|boolean|nil
function AppletTCP:get_var(var) end
