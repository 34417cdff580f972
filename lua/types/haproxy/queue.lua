---@meta

---A FIFO queue for passing work between tasks and handlers. Created by `core.queue()`.
---@class Queue
local Queue = {}

---The number of items.
---@return integer
function Queue:size() end

---Appends an item and wakes a waiting task.
---@param item any anything but nil
---@return boolean
function Queue:push(item) end

---Removes and returns the first item.
---@return any # nil if the queue is empty
function Queue:pop() end

---Removes and returns the first item; waits if the queue is empty.
---
---Contexts: task, event, service, action
---@return any
function Queue:pop_wait() end

---Wakes the current task from `core.wait()` when an item is pushed, to wait for several queues or with a timeout.
---
---Contexts: task, event, action, service
function Queue:alarm() end
