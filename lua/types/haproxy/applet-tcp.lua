---@meta

---What a service in mode tcp and a command of the runtime API are given: the stream to the client.
---
---Contexts: service, cli
---@class AppletTCP
---@field c Converters
---@field sc Converters of which every result is a string
---@field f Fetches
---@field sf Fetches of which every result is a string
local AppletTCP = {}

---Reads a line with its end.
---@return string # empty at the end
function AppletTCP:getline() end

---Reads data.
---@param size? integer how much; everything until the client closes unless given
---@param timeout? integer milliseconds to wait at most
---@return string? # nil when time has run out and nothing had come; empty at the end
function AppletTCP:receive(size, timeout) end

---Reads what has come, without waiting.
---@return string? # nil when nothing has come; empty at the end
function AppletTCP:try_receive() end

---@param msg string
function AppletTCP:send(msg) end

---What `set_priv` has kept.
---@return any
function AppletTCP:get_priv() end

---Keeps a value for this transaction, in the place of the one before.
---@param data any
function AppletTCP:set_priv(data) end

---Sets a variable.
---@param var string with its scope, such as `txn.name`
---@param value string|integer|boolean|nil
---@param ifexist? boolean only if the configuration knows the variable
---@return boolean # whether it was set
function AppletTCP:set_var(var, value, ifexist) end

---Takes a variable away.
---@param var string with its scope
function AppletTCP:unset_var(var) end

---Reads a variable.
---@param var string with its scope
---@return string|integer|boolean|nil
function AppletTCP:get_var(var) end
