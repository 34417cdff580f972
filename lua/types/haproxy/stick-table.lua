---@meta

---A stick table: counters of clients. Found in `Proxy.stktable`.
---
---Contexts: task, event, action, fetch
---@class StickTable
local StickTable = {}

---@class StickTable.Info
---@field type '"ip"'|'"ipv6"'|'"integer"'|'"string"'|'"binary"' of its keys
---@field length integer of its keys
---@field size integer how many entries it can have
---@field used integer how many it has
---@field expire integer milliseconds after which an entry is forgotten
---@field nopurge boolean whether it refuses new entries when it is full
---@field data table<string, integer> its counters, with the period of a rate in milliseconds; -1 for what is no rate

---Its definition and usage.
---@return StickTable.Info
function StickTable:info() end

---The counters of a key.
---@param key string
---@return table<string, integer>? # nil if it does not exist
function StickTable:lookup(key) end

---All entries, or those matching a filter. Slow for large tables.
---@param filter? { [1]: string, [2]: '"eq"'|'"ne"'|'"le"'|'"lt"'|'"ge"'|'"gt"', [3]: integer }[] at most four comparisons of a counter with a number
---@return table<string, table<string, integer>> # counters by key
function StickTable:dump(filter) end
