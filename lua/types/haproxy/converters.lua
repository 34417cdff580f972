---@meta

---HAProxy's converters as methods with the sample as first argument: `txn.c:lower(text)`, `txn.c:base64(bytes)`. They are listed in HAProxy's
---configuration manual, section 7.3.1. The `sc` variants always return a string, which is empty for missing results.
---@class Converters
---@field [string] fun(self: Converters, sample: any, ...: string|integer): any
