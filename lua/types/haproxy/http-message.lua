---@meta

---A request or a response being processed by a filter. Offsets start at 0 for the first received byte; negative ones count from
---the end.
---
---Contexts: filter
---@class HTTPMessage
---@field channel Channel its channel
local HTTPMessage = {}

---Adds a header field; existing fields with that name are kept.
---@param name string
---@param value string
function HTTPMessage:add_header(name, value) end

---Removes all header fields with that name.
---@param name string
function HTTPMessage:del_header(name) end

---@return table<string, table<integer, string>> # by lower-case names; values are indexed from 0
function HTTPMessage:get_headers() end

---Replaces all header fields with that name by one.
---@param name string
---@param value string
function HTTPMessage:set_header(name, value) end

---Replaces matches of a regular expression in the values of header fields with that name.
---@param name string
---@param regex string
---@param replace string `\1` is the first group
function HTTPMessage:rep_header(name, regex, replace) end

---Replaces matches of a regular expression in the comma-separated values of header fields with that name.
---@param name string
---@param regex string
---@param replace string `\1` is the first group
function HTTPMessage:rep_value(name, regex, replace) end

---@class HTTPMessage.StartLine
---@field version string
---@field method? string requests only
---@field uri? string requests only
---@field code? string responses only
---@field reason? string responses only

---The start line.
---@return HTTPMessage.StartLine
function HTTPMessage:get_stline() end

---@param method string
---@return boolean # success
function HTTPMessage:set_method(method) end

---@param path string
---@return boolean # success
function HTTPMessage:set_path(path) end

---@param query string without the question mark
---@return boolean # success
function HTTPMessage:set_query(query) end

---@param uri string
---@return boolean # success
function HTTPMessage:set_uri(uri) end

---@param status integer
---@param reason? string default: the standard one
---@return boolean # success
function HTTPMessage:set_status(status, reason) end

---Sets the length of the body and the corresponding header fields.
---@param length integer|'"chunked"'
---@return boolean # success
function HTTPMessage:set_body_len(length) end

---Whether it is the response channel.
---@return boolean
function HTTPMessage:is_resp() end

---Whether the buffer is full.
---@return boolean
function HTTPMessage:is_full() end

---Whether more data can be received.
---@return boolean
function HTTPMessage:may_recv() end

---Whether the message is complete.
---@return boolean
function HTTPMessage:eom() end

---Marks the message as complete.
function HTTPMessage:set_eom() end

---Marks the message as incomplete.
function HTTPMessage:unset_eom() end

---The number of received bytes of the body.
---@return integer
function HTTPMessage:input() end

---The number of bytes of the body scheduled for output.
---@return integer
function HTTPMessage:output() end

---Reads data of the body without removing it.
---@param offset? integer start offset (default: 0)
---@param length? integer number of bytes; -1: all
---@return string? # nil if no data can be received
function HTTPMessage:body(offset, length) end

---Forwards data.
---@param length integer bytes
---@return integer # number of forwarded bytes
function HTTPMessage:forward(length) end

---Appends data to the received data.
---@param data string
---@return integer # number of bytes; -1 if there is not enough space
function HTTPMessage:append(data) end

---Prepends data to the received data.
---@param data string
---@return integer # number of bytes; -1 if there is not enough space
function HTTPMessage:prepend(data) end

---Inserts data into the received data.
---@param data string
---@param offset? integer offset (default: 0)
---@return integer # number of bytes; -1 if there is not enough space
function HTTPMessage:insert(data, offset) end

---Removes data.
---@param offset? integer start offset (default: 0)
---@param length? integer number of bytes (default: all)
---@return integer # number of bytes
function HTTPMessage:remove(offset, length) end

---Replaces data.
---@param data string
---@param offset? integer start offset (default: 0)
---@param length? integer number of bytes to replace (default: all)
---@return integer # number of bytes; -1 if there is not enough space
function HTTPMessage:set(data, offset, length) end

---Prepends data and forwards it immediately.
---@param data string
---@return integer # number of bytes; -1 if there is not enough space
function HTTPMessage:send(data) end
