---@meta

---A compiled regular expression, in the syntax of HAProxy's build (usually PCRE).
---@class Regex
Regex = {}

---Compiles a regular expression.
---
---Contexts: all
---@param regex string
---@param case_sensitive boolean
---@return boolean # whether it matches
---@return Regex|string # the expression, or an error message
function Regex.new(regex, case_sensitive) end

---Whether the expression matches a text.
---@param str string
---@return boolean
function Regex:exec(str) end

---Matches a text and returns the groups.
---@param str string
---@return boolean
---@return string[]
function Regex:match(str) end
