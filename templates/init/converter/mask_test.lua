-- Run with: hapsim test
local hapsim = require("hapsim")

describe("mask.lua", function()
    local sim, haproxy

    before_each(function()
        sim = hapsim.simulation()
        haproxy = sim:haproxy({ file = "haproxy.cfg" }):start()
    end)

    it("shows the beginning and the domain", function()
        assert.equals("a***@example.org", haproxy:converter("lua.mask", "alice@example.org"))
        assert.equals("ali***@example.org", haproxy:converter("lua.mask", "alice@example.org", { arguments = { 3 } }))
    end)

    it("shows nothing of other text", function()
        assert.equals("***", haproxy:converter("lua.mask", "alice"))
        assert.equals("***", haproxy:converter("lua.mask", ""))
    end)

    -- A whole request shows that haproxy.cfg uses the converter.
    it("keeps addresses out of the log", function()
        sim:http("192.0.2.11:80")
        sim:client():get("http://127.0.0.1:8080/", { headers = { ["X-User"] = "alice@example.org" } })
        assert.logged(haproxy, "user=al***@example.org")
    end)
end)
