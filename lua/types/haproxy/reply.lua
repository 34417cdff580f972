---@meta

---@class Reply.Parts
---@field status? integer (200)
---@field reason? string the usual one unless given
---@field headers? table<string, string[]>
---@field body? string

---An answer for the client. Made by `TXN:reply`, sent by `TXN:done`. All of it has to fit into a buffer.
---
---Contexts: action
---@class Reply
---@field status integer
---@field reason string
---@field headers table<string, string[]> lists of values by the names of the fields
---@field body string
local Reply = {}

---@param status integer
---@param reason? string the usual one unless given
function Reply:set_status(status, reason) end

---Adds a field, beside those of the same name.
---@param name string
---@param value string
function Reply:add_header(name, value) end

---Takes every field of that name out.
---@param name string
function Reply:del_header(name) end

---@param body string
function Reply:set_body(body) end
