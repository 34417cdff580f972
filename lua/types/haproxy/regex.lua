---@meta

---A compiled regular expression, as HAProxy was built to understand it (PCRE, mostly).
---@class Regex
Regex = {}

---Compiles an expression.
---
---Contexts: all
---@param regex string
---@param case_sensitive boolean
---@return boolean # whether it is one
---@return Regex|string # the expression, or what is wrong with it
function Regex.new(regex, case_sensitive) end

---Whether it is found in a text.
---@param str string
---@return boolean
function Regex:exec(str) end

---Whether it is found in a text, and what its groups are.
---@param str string
---@return boolean
---@return string[]
function Regex:match(str) end
