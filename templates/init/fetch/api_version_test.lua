-- Run with: hapsim test
local hapsim = require("hapsim")

describe("api_version.lua", function()
    local sim, haproxy

    before_each(function()
        sim = hapsim.simulation()
        haproxy = sim:haproxy({ file = "haproxy.cfg" }):start()
    end)

    -- The value of the fetch for a request.
    local function version(request)
        return haproxy:fetch("lua.api_version", { request = request, arguments = { 1 } })
    end

    it("is in the path", function()
        assert.equals(2, version({ path = "/v2/users?v=3" }))
        assert.equals(10, version({ path = "/v10/users" }))
    end)

    it("is in the header Accept", function()
        assert.equals(2, version({ headers = { Accept = "text/html, application/vnd.example.v2+json" } }))
    end)

    it("is the default otherwise", function()
        assert.equals(1, version({ path = "/" }))
        assert.equals(1, version({ path = "/version/", headers = { Accept = "*/*" } }))
    end)

    -- A whole request shows that haproxy.cfg evaluates the fetch.
    it("chooses the server", function()
        local web1, web2 = sim:http("192.0.2.11:80"), sim:http("192.0.2.12:80")
        local client = sim:client()
        client:get("http://127.0.0.1:8080/v2/users")
        client:get("http://127.0.0.1:8080/users")
        assert.equals("/v2/users", web2.requests[1].target)
        assert.equals("/users", web1.requests[1].target)
    end)
end)
