---@meta

---HAProxy's converters, each a method that gets the sample first: `txn.c:lower(text)`, `txn.c:base64(bytes)`. Which there are is in HAProxy's
---configuration manual, chapter 7.3.1. Of the `sc` variants every result is a string, which is empty for what is not there.
---@class Converters
---@field [string] fun(self: Converters, sample: any, ...: string|integer): any
