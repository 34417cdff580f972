---@meta

---One direction of a stream: received data that has not been forwarded. Offsets start at 0 for the first received byte; negative
---ones count from the end. Functions may wait for data in actions, but not in filters.
---
---Contexts: action, filter
---@class Channel
local Channel = {}

---Adds data to the received data. HAProxy 3.2 inserts them at the beginning, like `prepend`.
---@param data string
---@return integer # number of bytes; -1 if there is not enough space
function Channel:append(data) end

---Reads data without removing it.
---@param offset? integer start offset (default: 0)
---@param length? integer number of bytes; -1: as much as can be received
---@return string? # nil if no data can be received
function Channel:data(offset, length) end

---Forwards data.
---@param length integer bytes; actions wait for missing data
---@return integer # number of forwarded bytes
function Channel:forward(length) end

---The number of received bytes.
---@return integer
function Channel:input() end

---Inserts data into the received data.
---@param data string
---@param offset? integer offset (default: 0)
---@return integer # number of bytes; -1 if there is not enough space
function Channel:insert(data, offset) end

---Whether the buffer is full.
---@return boolean
function Channel:is_full() end

---Whether it is the response channel.
---@return boolean
function Channel:is_resp() end

---Reads a line, including its line feed, without removing it.
---@param offset? integer start offset (default: 0)
---@param length? integer maximum length; -1: as much as can be received
---@return string? # nil if there is no data and none can be received
function Channel:line(offset, length) end

---Whether more data can be received.
---@return boolean
function Channel:may_recv() end

---The number of bytes scheduled for output.
---@return integer
function Channel:output() end

---Prepends data to the received data.
---@param data string
---@return integer # number of bytes; -1 if there is not enough space
function Channel:prepend(data) end

---Removes data.
---@param offset? integer start offset (default: 0)
---@param length? integer number of bytes (default: all)
---@return integer # number of bytes
function Channel:remove(offset, length) end

---Prepends data and forwards it immediately.
---@param data string
---@return integer # number of bytes; -1 if there is not enough space
function Channel:send(data) end

---Replaces data.
---@param data string
---@param offset? integer start offset (default: 0)
---@param length? integer number of bytes to replace (default: all)
---@return integer # number of bytes; -1 if there is not enough space
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
