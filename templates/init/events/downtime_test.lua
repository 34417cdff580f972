-- Run with: hapsim test
local hapsim = require("hapsim")

-- Simulates HAProxy and both servers of haproxy.cfg, and advances a few seconds.
local function start()
    local sim = hapsim.simulation()
    local web1, web2 = sim:http("192.0.2.11:80"), sim:http("192.0.2.12:80")
    local haproxy = sim:haproxy({ file = "haproxy.cfg" })
    haproxy:start()
    sim:advance("3s")
    return sim, haproxy, web1, web2
end

describe("downtime.lua", function()
    it("says how long a server was down", function()
        local sim, haproxy, web1 = start()
        web1:refuse()
        sim:advance("10s")
        assert.equals("DOWN", haproxy:server("app/web1").status)
        web1:accept()
        sim:advance("10s")
        assert.logged(haproxy, "app/web1 was down for 10 s", "notice")
    end)

    it("raises an alert when no server is left", function()
        local sim, haproxy, web1, web2 = start()
        web1:refuse()
        sim:advance("5s")
        assert.is_not.logged(haproxy, "No server is left in app")
        web2:refuse()
        sim:advance("5s")
        assert.logged(haproxy, "No server is left in app", "alert")
    end)

    it.explore("fails in no order of tasks", { schedules = 50 }, function()
        local sim, haproxy, web1 = start()
        web1:refuse()
        sim:advance("5s")
        web1:accept()
        sim:advance("5s")
        assert.logged(haproxy, "app/web1 was down for")
        assert.has_no.lua_error(haproxy)
    end)
end)
