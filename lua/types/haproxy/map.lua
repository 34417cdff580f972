---@meta

---A map: a file of keys and values that the runtime API can change. Lookups use the match method of the map.
---@class Map
---@field bin integer Deprecated: `_bin`.
---@field bool integer Deprecated: `_bool`.
---@field found integer Deprecated: `_found`.
---@field int integer Deprecated: `_int`.
---@field ip integer Deprecated: `_ip`.
---@field str integer Deprecated: `_str`.
---@field beg integer Deprecated: `_beg`.
---@field sub integer Deprecated: `_sub`.
---@field dir integer Deprecated: `_dir`.
---@field dom integer Deprecated: `_dom`.
---@field end integer Deprecated: `_end`.
---@field reg integer Deprecated: `_reg`.
---@field regm integer Deprecated: `_regm`.
---@field len integer Deprecated: `_len`.
Map = {}

---Numbers and ranges.
---@type integer
Map._int = 0
---Networks: the longest prefix that contains the address.
---@type integer
Map._ip = 0
---Exact strings.
---@type integer
Map._str = 0
---Prefixes.
---@type integer
Map._beg = 0
---Substrings.
---@type integer
Map._sub = 0
---Path components, between slashes.
---@type integer
Map._dir = 0
---Domain name labels, between dots.
---@type integer
Map._dom = 0
---Ends.
---@type integer
Map._end = 0
---Regular expressions.
---@type integer
Map._reg = 0

---Bytes in hexadecimal.
---@type integer
Map._bin = 0
---For ACLs: a boolean.
---@type integer
Map._bool = 0
---For ACLs: whether a value exists.
---@type integer
Map._found = 0
---Lengths and ranges of lengths.
---@type integer
Map._len = 0
---Regular expressions whose groups the value refers to: `\1`.
---@type integer
Map._regm = 0

---Loads a map.
---
---Contexts: body
---@param name string the file name
---@param method? integer match method (default: `Map._str`)
---@return Map
function Map.new(name, method) end

---Looks up a text.
---@param str string
---@return string? # nil if it does not exist
function Map:lookup(str) end

---Looks up a text.
---@param str string
---@return string # empty if it does not exist
function Map:slookup(str) end
