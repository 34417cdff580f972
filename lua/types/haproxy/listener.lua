---@meta

---An address that a frontend listens at. Found in `Proxy.listeners`.
---@class Listener
local Listener = {}

---What is counted of it, where `option socket-stats` has it counted apart.
---@return table<string, string|integer>
function Listener:get_stats() end
