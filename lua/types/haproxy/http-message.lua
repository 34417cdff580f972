---@meta

---A request or a response on its way, in a filter. Offsets count from the first byte that has come in, from 0; negative ones from behind the
---last.
---
---Contexts: filter
---@class HTTPMessage
---@field channel Channel that it comes through
local HTTPMessage = {}

---Adds a field, beside those of the same name.
---@param name string
---@param value string
function HTTPMessage:add_header(name, value) end

---Takes every field of that name out.
---@param name string
function HTTPMessage:del_header(name) end

---@return table<string, table<integer, string>> # by names in lower case; values count from 0
function HTTPMessage:get_headers() end

---Puts one field in the place of every one of that name.
---@param name string
---@param value string
function HTTPMessage:set_header(name, value) end

---Replaces what an expression finds in whole fields of that name.
---@param name string
---@param regex string
---@param replace string `\1` stands for the first group
function HTTPMessage:rep_header(name, regex, replace) end

---Replaces what an expression finds in the values, between commas, of fields of that name.
---@param name string
---@param regex string
---@param replace string `\1` stands for the first group
function HTTPMessage:rep_value(name, regex, replace) end

---@class HTTPMessage.StartLine
---@field version string
---@field method? string of a request
---@field uri? string of a request
---@field code? string of a response
---@field reason? string of a response

---Its first line.
---@return HTTPMessage.StartLine
function HTTPMessage:get_stline() end

---@param method string
---@return boolean # whether it was done
function HTTPMessage:set_method(method) end

---@param path string
---@return boolean # whether it was done
function HTTPMessage:set_path(path) end

---@param query string without its question mark
---@return boolean # whether it was done
function HTTPMessage:set_query(query) end

---@param uri string
---@return boolean # whether it was done
function HTTPMessage:set_uri(uri) end

---@param status integer
---@param reason? string the usual one unless given
---@return boolean # whether it was done
function HTTPMessage:set_status(status, reason) end

---Says how long the body will be, in the header fields as well.
---@param length integer|'"chunked"'
---@return boolean # whether it was done
function HTTPMessage:set_body_len(length) end

---Whether it carries the response.
---@return boolean
function HTTPMessage:is_resp() end

---Whether its buffer is full.
---@return boolean
function HTTPMessage:is_full() end

---Whether more can come.
---@return boolean
function HTTPMessage:may_recv() end

---Whether its end has come.
---@return boolean
function HTTPMessage:eom() end

---Says that its end has come.
function HTTPMessage:set_eom() end

---Says that its end has not come.
function HTTPMessage:unset_eom() end

---How many bytes of the body have come in.
---@return integer
function HTTPMessage:input() end

---How many bytes of the body are on their way out.
---@return integer
function HTTPMessage:output() end

---Reads data of the body, which stays.
---@param offset? integer where it begins (0)
---@param length? integer how much; -1: as much as there is
---@return string? # nil when there is none and none can come
function HTTPMessage:body(offset, length) end

---Lets data go on to the other side.
---@param length integer bytes
---@return integer # how many went
function HTTPMessage:forward(length) end

---Adds data behind what has come in.
---@param data string
---@return integer # how many bytes; -1 when there is no room
function HTTPMessage:append(data) end

---Adds data before what has come in.
---@param data string
---@return integer # how many bytes; -1 when there is no room
function HTTPMessage:prepend(data) end

---Puts data between what has come in.
---@param data string
---@param offset? integer where (0)
---@return integer # how many bytes; -1 when there is no room
function HTTPMessage:insert(data, offset) end

---Takes data out.
---@param offset? integer where it begins (0)
---@param length? integer how much (all)
---@return integer # how many bytes
function HTTPMessage:remove(offset, length) end

---Puts data in the place of other data.
---@param data string
---@param offset? integer where it begins (0)
---@param length? integer how much is replaced (all)
---@return integer # how many bytes; -1 when there is no room
function HTTPMessage:set(data, offset, length) end

---Puts data in front and lets it go at once.
---@param data string
---@return integer # how many bytes; -1 when there is no room
function HTTPMessage:send(data) end
