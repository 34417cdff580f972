---@meta

---A buffer for efficient string concatenation. Created by `core.concat()`.
---@class Concat
local Concat = {}

---Appends a text.
---@param text string
function Concat:add(text) end

---The concatenated text.
---@return string
function Concat:dump() end
