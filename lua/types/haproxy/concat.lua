---@meta

---A buffer that puts a long text together from short ones, without a new string at each step. Made by `core.concat()`.
---@class Concat
local Concat = {}

---Adds a text at the end.
---@param text string
function Concat:add(text) end

---The whole text.
---@return string
function Concat:dump() end
