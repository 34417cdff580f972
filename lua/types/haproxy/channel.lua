---@meta

---One direction of a stream: what has come in and was not forwarded yet. Offsets count from the first byte that has come in, from 0; negative
---ones from behind the last. In actions, functions may wait for data; in filters they never do.
---
---Contexts: action, filter
---@class Channel
local Channel = {}

---Adds data behind what has come in.
---@param data string
---@return integer # how many bytes; -1 when there is no room
function Channel:append(data) end

---Reads data, which stays.
---@param offset? integer where it begins (0)
---@param length? integer how much; -1: as much as can come
---@return string? # nil when there is none and none can come
function Channel:data(offset, length) end

---Lets data go on to the other side.
---@param length integer bytes; waits in actions for what is missing
---@return integer # how many went
function Channel:forward(length) end

---How many bytes have come in.
---@return integer
function Channel:input() end

---Puts data between what has come in.
---@param data string
---@param offset? integer where (0)
---@return integer # how many bytes; -1 when there is no room
function Channel:insert(data, offset) end

---Whether its buffer is full.
---@return boolean
function Channel:is_full() end

---Whether it carries the response.
---@return boolean
function Channel:is_resp() end

---Reads up to the end of a line, which belongs to it. The data stays.
---@param offset? integer where it begins (0)
---@param length? integer how much is looked at; -1: as much as can come
---@return string? # nil when there is no data and none can come
function Channel:line(offset, length) end

---Whether more can come.
---@return boolean
function Channel:may_recv() end

---How many bytes are on their way out.
---@return integer
function Channel:output() end

---Adds data before what has come in.
---@param data string
---@return integer # how many bytes; -1 when there is no room
function Channel:prepend(data) end

---Takes data out.
---@param offset? integer where it begins (0)
---@param length? integer how much (all)
---@return integer # how many bytes
function Channel:remove(offset, length) end

---Puts data in front and lets it go at once.
---@param data string
---@return integer # how many bytes; -1 when there is no room
function Channel:send(data) end

---Puts data in the place of other data.
---@param data string
---@param offset? integer where it begins (0)
---@param length? integer how much is replaced (all)
---@return integer # how many bytes; -1 when there is no room
function Channel:set(data, offset, length) end

---Deprecated: `data`.
---@deprecated
---@return string?
function Channel:dup() end

---Deprecated: `data`, then `remove`.
---@deprecated
---@return string?
function Channel:get() end

---Deprecated: `line`, then `remove`.
---@deprecated
---@return string?
function Channel:getline() end

---Deprecated: `input`.
---@deprecated
---@return integer
function Channel:get_in_len() end

---Deprecated: `output`.
---@deprecated
---@return integer
function Channel:get_out_len() end
