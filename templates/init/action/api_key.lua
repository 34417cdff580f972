-- Lets requests with a valid key pass and names its owner to the server; others are answered with 401.

-- The owners of keys.
local owners = { ["s3cret"] = "alice", ["pa55"] = "bob" }

---@param txn TXN
---@param header string the argument in haproxy.cfg
local function require_key(txn, header)
    local owner = owners[txn.sf:req_hdr(header)]
    if not owner then
        txn:Warning("request without a valid key")
        txn:done(txn:reply({
            status = 401,
            headers = { ["content-type"] = { "text/plain" } },
            body = "A valid " .. header .. " is required.\n",
        }))
    end
    -- the server gets the name in place of the key
    txn.http:req_del_header(header)
    txn.http:req_set_header("X-Owner", owner)
    txn:set_var("txn.owner", owner)
end

-- The last number is that of the arguments.
core.register_action("require_key", { "http-req" }, require_key, 1)
