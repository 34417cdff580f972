---@meta

---A map: a file of keys and values that the runtime API can change. Of what is looked up, the way of comparing is the map's.
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
---Networks: the longest one that holds the address counts.
---@type integer
Map._ip = 0
---Whole texts.
---@type integer
Map._str = 0
---Beginnings.
---@type integer
Map._beg = 0
---Parts.
---@type integer
Map._sub = 0
---Parts of a path, between slashes.
---@type integer
Map._dir = 0
---Parts of a domain name, between dots.
---@type integer
Map._dom = 0
---Ends.
---@type integer
Map._end = 0
---Regular expressions.
---@type integer
Map._reg = 0

---Bytes, written as hexadecimal digits.
---@type integer
Map._bin = 0
---For ACLs: true or false.
---@type integer
Map._bool = 0
---For ACLs: whether there is anything.
---@type integer
Map._found = 0
---Lengths and ranges of them.
---@type integer
Map._len = 0
---Regular expressions whose groups the value refers to: `\1`.
---@type integer
Map._regm = 0

---Loads a map.
---
---Contexts: body
---@param name string its file
---@param method? integer how to compare: one of the numbers above (`Map._str` unless given)
---@return Map
function Map.new(name, method) end

---Looks a text up.
---@param str string
---@return string? # nil when it is not there
function Map:lookup(str) end

---Looks a text up.
---@param str string
---@return string # empty when it is not there
function Map:slookup(str) end
