---@meta

---A subscription to events, returned by `event_sub` and passed to handlers.
---@class EventSub
local EventSub = {}

---Cancels the subscription. Queued events are still handled.
function EventSub:unsub() end
