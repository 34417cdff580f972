---@meta

---What a service in mode http is given: the request, and the means to answer it. First `set_status` and `add_header`, then `start_response`, then
---`send`.
---
---Contexts: service
---@class AppletHTTP
---@field c Converters
---@field sc Converters of which every result is a string
---@field f Fetches those of HTTP are not there
---@field sf Fetches of which every result is a string; those of HTTP are not there
---@field method string
---@field version string
---@field path string
---@field qs string what follows the question mark
---@field length integer of the body
---@field headers table<string, table<integer, string>> by names in lower case; values count from 0
local AppletHTTP = {}

---@param code integer
---@param reason? string the usual one unless given
function AppletHTTP:set_status(code, reason) end

---@param name string
---@param value string
function AppletHTTP:add_header(name, value) end

---Ends the header: the body follows.
function AppletHTTP:start_response() end

---Reads a line of the body with its end.
---@return string # empty at the end
function AppletHTTP:getline() end

---Reads the body.
---@param size? integer how much at most; all of it unless given
---@return string # empty at the end
function AppletHTTP:receive(size) end

---Sends a part of the body.
---@param msg string
function AppletHTTP:send(msg) end

---What `set_priv` has kept.
---@return any
function AppletHTTP:get_priv() end

---Keeps a value for this transaction, in the place of the one before.
---@param data any
function AppletHTTP:set_priv(data) end

---Sets a variable.
---@param var string with its scope, such as `txn.name`
---@param value string|integer|boolean|nil
---@param ifexist? boolean only if the configuration knows the variable
---@return boolean # whether it was set
function AppletHTTP:set_var(var, value, ifexist) end

---Takes a variable away.
---@param var string with its scope
function AppletHTTP:unset_var(var) end

---Reads a variable.
---@param var string with its scope
---@return string|integer|boolean|nil
function AppletHTTP:get_var(var) end
