---@meta

---@class Reply.Parts
---@field status? integer (200)
---@field reason? string default: the standard one
---@field headers? table<string, string[]>
---@field body? string

---A reply to the client. Created by `TXN:reply`, sent by `TXN:done`. It must fit into a buffer.
---
---Contexts: action
---@class Reply
---@field status integer
---@field reason string
---@field headers table<string, string[]> lists of values by the names of the fields
---@field body string
local Reply = {}

---@param status integer
---@param reason? string default: the standard one
function Reply:set_status(status, reason) end

---Adds a header field; existing fields with that name are kept.
---@param name string
---@param value string
function Reply:add_header(name, value) end

---Removes all header fields with that name.
---@param name string
function Reply:del_header(name) end

---@param body string
function Reply:set_body(body) end
