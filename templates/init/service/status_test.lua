-- Run with: hapsim test
local hapsim = require("hapsim")

describe("status.lua", function()
    local sim, haproxy, web1, web2

    before_each(function()
        sim = hapsim.simulation()
        web1, web2 = sim:http("192.0.2.11:80"), sim:http("192.0.2.12:80")
        haproxy = sim:haproxy({ file = "haproxy.cfg" }):start()
    end)

    it("shows the states of all servers", function()
        web2:refuse()
        sim:advance("10s")
        local answer = haproxy:service("lua.status")
        assert.equals(200, answer.status)
        assert.equals("app/web1 UP\napp/web2 DOWN\n", answer.body)
    end)

    it("answers with 503 when no server is up", function()
        web1:refuse()
        web2:refuse()
        sim:advance("10s")
        assert.equals(503, haproxy:service("lua.status").status)
    end)

    -- A whole request shows that haproxy.cfg calls the service.
    it("answers requests for /status alone", function()
        local client = sim:client()
        assert.equals("text/plain", client:get("http://127.0.0.1:8080/status").headers["content-type"])
        local requests = #web1.requests + #web2.requests
        client:get("http://127.0.0.1:8080/other")
        assert.equals(requests + 1, #web1.requests + #web2.requests)
    end)
end)
