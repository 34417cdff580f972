-- The version of the API that a request is for: `/v2/…`, `Accept: application/vnd.example.v2+json`, or else the default.

---@param txn TXN
---@param default string the argument in haproxy.cfg
---@return integer?
local function api_version(txn, default)
    local version = txn.sf:path():match("^/v(%d+)/") or txn.sf:req_hdr("accept"):match("%.v(%d+)%+json")
    return tonumber(version or default)
end

core.register_fetches("api_version", api_version)
