---@meta

---@alias PatrefEventType
---| '"PAT_REF"' # all event types
---| '"PAT_REF_ADD"' # an entry was added
---| '"PAT_REF_DEL"' # an entry was deleted
---| '"PAT_REF_SET"' # the value of an entry was set
---| '"PAT_REF_CLEAR"' # all entries were deleted
---| '"PAT_REF_COMMIT"' # a new version replaced the old one

---The entries of a map or an ACL, readable as a table (`ref["key"]`, `pairs(ref)`) and changed by methods. Created by `core.get_patref`; every
---context creates a new one.
---
---Changes apply immediately, unless `prepare` was called: then all apply at `commit`.
---@class Patref
---@field [string] string|boolean|nil
local Patref = {}

---@return string
function Patref:get_name() end

---Whether it has values (maps).
---@return boolean
function Patref:is_map() end

---Deletes all entries immediately.
function Patref:purge() end

---Creates a new, empty version.
function Patref:prepare() end

---Replaces the old version by the new one.
---@return true? # nil on failure
---@return string? error
function Patref:commit() end

---Discards the new version.
function Patref:giveup() end

---Adds an entry.
---@param key string
---@param value? string maps only
---@return true? # nil on failure
---@return string? error
function Patref:add(key, value) end

---Adds many entries.
---@param entries string[]|table<string, string> keys of an ACL; values by key of a map
---@return true? # nil on failure
---@return string? error
function Patref:add_bulk(entries) end

---Deletes every entry of that key.
---@param key string
---@return boolean # whether it existed
function Patref:del(key) end

---Sets the value of every entry of that key in a map.
---@param key string
---@param value string
---@param force? boolean adds the entry if it does not exist
---@return true? # nil on failure
---@return string? error
function Patref:set(key, value, force) end

---Subscribes to changes of the entries.
---@param event_types PatrefEventType[]
---@param func fun(event: string, data: nil, sub: EventSub, when: integer) `when`: seconds since the epoch
---@return EventSub
function Patref:event_sub(event_types, func) end
