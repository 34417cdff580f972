---@meta

---@alias PatrefEventType
---| '"PAT_REF"' # all of them
---| '"PAT_REF_ADD"' # an entry was added
---| '"PAT_REF_DEL"' # an entry was deleted
---| '"PAT_REF_SET"' # the value of an entry was set
---| '"PAT_REF_CLEAR"' # all entries were deleted
---| '"PAT_REF_COMMIT"' # a new version took the place of the old one

---The entries of a map or an ACL, to be read as a table (`ref["key"]`, `pairs(ref)`) and changed by methods. Made by `core.get_patref`; every
---context that needs one makes one of its own.
---
---Changes count at once, unless `prepare` was called: then they count from `commit` on, all together.
---@class Patref
---@field [string] string|boolean|nil
local Patref = {}

---@return string
function Patref:get_name() end

---Whether it has values, as those of maps have.
---@return boolean
function Patref:is_map() end

---Deletes all entries, at once.
function Patref:purge() end

---Begins a new, empty version.
function Patref:prepare() end

---Puts the new version in the place of the old one.
---@return true? # nil when it fails
---@return string? error
function Patref:commit() end

---Forgets the new version.
function Patref:giveup() end

---Adds an entry.
---@param key string
---@param value? string of maps only
---@return true? # nil when it fails
---@return string? error
function Patref:add(key, value) end

---Adds many entries.
---@param entries string[]|table<string, string> keys of an ACL; values by key of a map
---@return true? # nil when it fails
---@return string? error
function Patref:add_bulk(entries) end

---Deletes every entry of that key.
---@param key string
---@return boolean # whether there was one
function Patref:del(key) end

---Sets the value of every entry of that key in a map.
---@param key string
---@param value string
---@param force? boolean adds one when there is none
---@return true? # nil when it fails
---@return string? error
function Patref:set(key, value, force) end

---Calls a function at changes of these entries.
---@param event_types PatrefEventType[]
---@param func fun(event: string, data: nil, sub: EventSub, when: integer) `when`: seconds since 1970
---@return EventSub
function Patref:event_sub(event_types, func) end
