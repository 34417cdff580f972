-- Run with: hapsim test
local hapsim = require("hapsim")

describe("hide_cards.lua", function()
    -- What a client gets of a response of the server.
    local function get(content_type, body)
        local sim = hapsim.simulation()
        sim:http("192.0.2.11:80"):respond({ headers = { ["content-type"] = content_type }, body = body })
        sim:haproxy({ file = "haproxy.cfg" }):start()
        return sim:client():get("http://127.0.0.1:8080/").body
    end

    it("hides card numbers", function()
        assert.equals("cards: **** **** **** 1111, ****-****-****-4444\n",
            get("text/plain", "cards: 4111 1111 1111 1111, 5555-5555-5555-4444\n"))
    end)

    it("changes nothing else", function()
        assert.equals("4111 1111 1111, 4111-1111 1111 1111", get("text/plain", "4111 1111 1111, 4111-1111 1111 1111"))
        assert.equals("", get("application/json; charset=utf-8", ""))
    end)

    it("changes only the content types in haproxy.cfg", function()
        assert.equals("4111 1111 1111 1111", get("image/svg+xml", "4111 1111 1111 1111"))
        assert.equals("**** **** **** 1111", get("application/json; charset=utf-8", "4111 1111 1111 1111"))
    end)
end)
