---@meta

---A transaction: an HTTP request with its response, or a TCP stream. Passed to actions and sample fetches.
---
---Contexts: action, fetch, filter
---@class TXN
---@field c Converters
---@field sc Converters converters that always return a string
---@field f Fetches
---@field sf Fetches fetches that always return a string
---@field req Channel what the client sends
---@field res Channel what the server sends
---@field http HTTP? in mode http only
---@field http_req HTTPMessage? the request, in filters of mode http only
---@field http_res HTTPMessage? the response, in filters of mode http only
local TXN = {}

---Writes a log line like `core.log`.
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

---Returns the value stored by `set_priv`.
---@return any
function TXN:get_priv() end

---Stores a value for this transaction, replacing the previous one.
---@param data any
function TXN:set_priv(data) end

---Sets a variable.
---@param var string name with scope, such as `txn.name`
---@param value string|integer|boolean|nil
---@param ifexist? boolean only if the variable is used in the configuration
---@return boolean # whether it was set
function TXN:set_var(var, value, ifexist) end

---Unsets a variable.
---@param var string name with scope
function TXN:unset_var(var) end

---Reads a variable.
---@param var string name with scope
---@return string|integer|boolean|nil
function TXN:get_var(var) end

---Creates a reply.
---@param reply? Reply.Parts
---@return Reply
function TXN:reply(reply) end

---Ends the transaction, optionally with a reply. Only in actions; in other contexts it ends the function.
---@param reply? Reply|Reply.Parts
function TXN:done(reply) end

---Sets the type of service of packets to the client.
---@param tos integer
function TXN:set_fc_tos(tos) end

---Sets the mark of packets to the client.
---@param mark integer
function TXN:set_fc_mark(mark) end

---Sets the level of the transaction's log line.
---@param loglevel core.Loglevel `core.silent`: no log line
function TXN:set_loglevel(loglevel) end

---Deprecated: `set_fc_mark`.
---@deprecated
---@param mark integer
function TXN:set_mark(mark) end

---Deprecated: `set_fc_tos`.
---@deprecated
---@param tos integer
function TXN:set_tos(tos) end

---Sets the priority class in the queue.
---@param prio integer from -2047 (first) to 2047
function TXN:set_priority_class(prio) end

---Sets the priority offset in the queue.
---@param prio integer milliseconds, from -524287 to 524287
function TXN:set_priority_offset(prio) end
