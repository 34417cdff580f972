---@meta

---HAProxy's sample fetches as methods: `txn.f:src()`, `txn.f:req_hdr("host")`. A dot in a name becomes an underscore. They
---and their contexts are listed in HAProxy's configuration manual, section 7.3. The `sf` variants always return a string, which is empty for
---missing results.
---@class Fetches
---@field [string] fun(self: Fetches, ...: string|integer): any
