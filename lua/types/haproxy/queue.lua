---@meta

---First in, first out: tasks and handlers hand work to one another through it. Made by `core.queue()`.
---@class Queue
local Queue = {}

---How many items are in it.
---@return integer
function Queue:size() end

---Puts an item at its end, which wakes whoever waits.
---@param item any anything but nil
---@return boolean
function Queue:push(item) end

---Takes the first item out.
---@return any # nil when there is none
function Queue:pop() end

---Takes the first item out, and waits for one when there is none.
---
---Contexts: task, event, service, action
---@return any
function Queue:pop_wait() end

---Has the current task woken when something is put in: for `core.wait()`, to wait for several queues or with a time limit.
---
---Contexts: task, event, action, service
function Queue:alarm() end
