---@meta

---A subscription to events: what `event_sub` returns and what handlers are given.
---@class EventSub
local EventSub = {}

---Ends it. Events that have come before are still handled.
function EventSub:unsub() end
