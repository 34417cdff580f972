---@meta

---A listening address of a frontend. Found in `Proxy.listeners`.
---@class Listener
local Listener = {}

---Its statistics, with `option socket-stats`.
---@return table<string, string|integer>
function Listener:get_stats() end
