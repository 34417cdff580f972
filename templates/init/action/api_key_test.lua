-- Run with: hapsim test
local hapsim = require("hapsim")

describe("api_key.lua", function()
    local sim, haproxy

    before_each(function()
        sim = hapsim.simulation()
        haproxy = sim:haproxy({ file = "haproxy.cfg" }):start()
    end)

    -- Calls the action alone.
    local function call(headers)
        return haproxy:action("lua.require_key", { request = { headers = headers }, arguments = { "X-Api-Key" } })
    end

    it("names the owner of the key in place of the key", function()
        local result = call({ ["X-Api-Key"] = "s3cret", ["X-Owner"] = "mallory" })
        assert.equals("alice", result.request.headers["x-owner"])
        assert.is_nil(result.request.headers["x-api-key"])
        assert.equals("alice", result.variables["txn.owner"])
        assert.is_nil(result.reply)
    end)

    it("answers requests without a valid key", function()
        local result = call({ ["X-Api-Key"] = "guess" })
        assert.equals(401, result.reply.status)
        assert.equals("A valid X-Api-Key is required.\n", result.reply.body)
        assert.equals("request without a valid key", result.logs[1].message)
    end)

    -- A whole request shows that haproxy.cfg calls the action.
    it("protects the server", function()
        local web = sim:http("192.0.2.11:80")
        local client = sim:client()
        assert.equals(401, client:get("http://127.0.0.1:8080/").status)
        assert.equals(200, client:get("http://127.0.0.1:8080/", { headers = { ["X-Api-Key"] = "pa55" } }).status)
        assert.equals(1, #web.requests)
        assert.equals("bob", web.requests[1].headers["x-owner"])
    end)
end)
