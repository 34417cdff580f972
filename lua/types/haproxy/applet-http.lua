---@meta

---The applet of a service in mode http: the request, and methods to send the response: `set_status` and `add_header`, then `start_response`, then
---`send`.
---
---Contexts: service
---@class AppletHTTP
---@field c Converters
---@field sc Converters converters that always return a string
---@field f Fetches without those of HTTP
---@field sf Fetches fetches that always return a string; without those of HTTP
---@field method string
---@field version string
---@field path string
---@field qs string the query string, without the question mark
---@field length integer length of the body
---@field headers table<string, table<integer, string>> by lower-case names; values are indexed from 0
local AppletHTTP = {}

---@param code integer
---@param reason? string default: the standard one
function AppletHTTP:set_status(code, reason) end

---@param name string
---@param value string
function AppletHTTP:add_header(name, value) end

---Ends the header section; the body follows.
function AppletHTTP:start_response() end

---Reads a line of the body, including its line feed.
---@return string # empty at the end of the data
function AppletHTTP:getline() end

---Reads the body.
---@param size? integer maximum size (default: all)
---@return string # empty at the end of the data
function AppletHTTP:receive(size) end

---Sends a chunk of the body.
---@param msg string
function AppletHTTP:send(msg) end

---Returns the value stored by `set_priv`.
---@return any
function AppletHTTP:get_priv() end

---Stores a value for this transaction, replacing the previous one.
---@param data any
function AppletHTTP:set_priv(data) end

---Sets a variable.
---@param var string name with scope, such as `txn.name`
---@param value string|integer|boolean|nil
---@param ifexist? boolean only if the variable is used in the configuration
---@return boolean # whether it was set
function AppletHTTP:set_var(var, value, ifexist) end

---Unsets a variable.
---@param var string name with scope
function AppletHTTP:unset_var(var) end

---Reads a variable.
---@param var string name with scope
---@return string|integer|boolean|nil
function AppletHTTP:get_var(var) end
