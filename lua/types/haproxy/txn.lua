---@meta

---A transaction: an HTTP request with its response, or a TCP stream. What actions and sample fetches are given.
---
---Contexts: action, fetch, filter
---@class TXN
---@field c Converters
---@field sc Converters of which every result is a string
---@field f Fetches
---@field sf Fetches of which every result is a string
---@field req Channel what the client sends
---@field res Channel what the server sends
---@field http HTTP? in mode http only
---@field http_req HTTPMessage? the request, in filters of mode http only
---@field http_res HTTPMessage? the response, in filters of mode http only
local TXN = {}

---Writes a log line, as `core.log`.
---@param loglevel core.Loglevel
---@param msg string
function TXN:log(loglevel, msg) end

---Writes a log line at the level of the transaction itself.
---@param msg string
function TXN:deflog(msg) end

---Writes a log line at level debug.
---@param msg string
function TXN:Debug(msg) end

---Writes a log line at level info.
---@param msg string
function TXN:Info(msg) end

---Writes a log line at level warning.
---@param msg string
function TXN:Warning(msg) end

---Writes a log line at level alert.
---@param msg string
function TXN:Alert(msg) end

---What `set_priv` has kept.
---@return any
function TXN:get_priv() end

---Keeps a value for this transaction, in the place of the one before.
---@param data any
function TXN:set_priv(data) end

---Sets a variable.
---@param var string with its scope, such as `txn.name`
---@param value string|integer|boolean|nil
---@param ifexist? boolean only if the configuration knows the variable
---@return boolean # whether it was set
function TXN:set_var(var, value, ifexist) end

---Takes a variable away.
---@param var string with its scope
function TXN:unset_var(var) end

---Reads a variable.
---@param var string with its scope
---@return string|integer|boolean|nil
function TXN:get_var(var) end

---Makes an answer for the client.
---@param reply? Reply.Parts
---@return Reply
function TXN:reply(reply) end

---Ends the transaction, with an answer or without one. It does so from actions only; elsewhere it ends the function.
---@param reply? Reply|Reply.Parts
function TXN:done(reply) end

---Sets the type of service of packets to the client.
---@param tos integer
function TXN:set_fc_tos(tos) end

---Sets the mark of packets to the client.
---@param mark integer
function TXN:set_fc_mark(mark) end

---Sets the level of the transaction's log line.
---@param loglevel core.Loglevel `core.silent`: none is written
function TXN:set_loglevel(loglevel) end

---Deprecated: `set_fc_mark`.
---@deprecated
---@param mark integer
function TXN:set_mark(mark) end

---Deprecated: `set_fc_tos`.
---@deprecated
---@param tos integer
function TXN:set_tos(tos) end

---Sets how early it is served among those that wait.
---@param prio integer from -2047 (first) to 2047
function TXN:set_priority_class(prio) end

---Moves it forward or back among those that wait.
---@param prio integer milliseconds, from -524287 to 524287
function TXN:set_priority_offset(prio) end
