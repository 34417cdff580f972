---@meta

---HAProxy's sample fetches, each a method: `txn.f:src()`, `txn.f:req_hdr("host")`. A dot in a name becomes an underscore. Which there
---are, and in which contexts, is in HAProxy's configuration manual, chapter 7.3. Of the `sf` variants every result is a string, which is empty for
---what is not there.
---@class Fetches
---@field [string] fun(self: Fetches, ...: string|integer): any
