---@meta

---The applet of a service in mode http: the request, and methods to send the response: `set_status` and `add_header`, then `start_response`, then
---`send`.
---
---Contexts: service
---@class AppletHTTP
---@field c Converters
---@field sc Converters converters that always return a string
---@field f Fetches without those of what the channels hold, such as requests
---@field sf Fetches fetches that always return a string; without the same
---@field method string
---@field version string
---@field path string
---@field qs string the query string, without the question mark
---@field length integer length of the body
---@field headers table<string, table<integer, string>> by lower-case names; values are indexed from 0
---@field response table<string, table<integer, string>> the fields that `add_header` has added; values are indexed from 1
local AppletHTTP = {}

---@param code integer 100 to 599
---@param reason? string default: the standard one
---@return boolean # whether the status is valid
function AppletHTTP:set_status(code, reason) end

---@param name string
---@param value string
---@return boolean # true
function AppletHTTP:add_header(name, value) end

---Ends the header section; the body follows.
function AppletHTTP:start_response() end

---Reads a line of the body, including its line feed.
---@return string # empty at the end of the data
function AppletHTTP:getline() end

---Reads the body.
---@param size? integer number of bytes (default: all)
---@return string # empty at the end of the data
function AppletHTTP:receive(size) end

---Sends a part of the body; waits until it is in the buffer.
---@param msg string
---@return integer # its length
function AppletHTTP:send(msg) end

---Returns the value stored by `set_priv`.
---@return any
function AppletHTTP:get_priv() end

---Stores a value for this transaction, replacing the previous one. It is lost unless an action, a fetch or a converter of the script has run for
---the transaction before.
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
---@return boolean # whether the name is valid
function AppletHTTP:unset_var(var) end

---Reads a variable.
---@param var string name with scope
---@return string|integer|boolean|nil
function AppletHTTP:get_var(var) end
