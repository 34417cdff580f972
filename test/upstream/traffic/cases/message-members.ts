/** The class HTTPMessage in filters: every member, with right and wrong arguments, at the right and at the wrong time. */
import type { TrafficCase } from '../harness/case.js'
import { httpFilter, tries } from './filter-builder.js'

/** Calls on the message `m` in a callback, for the request or the response. */
const calls = (name: string, callback: string, isResponse: boolean, expressions: string): TrafficCase =>
  httpFilter(
    `HTTPMessage: ${name}, ${callback} of a ${isResponse ? 'response' : 'request'}`,
    `Filter.start_analyze = data
function Filter:${callback}(txn, m)
  filter.register_data_filter(self, m.channel)
  if m:is_resp() ~= ${isResponse} then return ${callback === 'http_payload' ? '' : 'filter.CONTINUE'} end
${tries(expressions)}
  ${callback === 'http_payload' ? '' : 'return filter.CONTINUE'}
end`,
    { defaults: 'timeout client 500\n timeout server 500\n' },
  )

const STATES =
  'm:input()\nm:output()\nm:is_full()\nm:may_recv()\nm:is_resp()\nm:eom()\ntostring(m)\ntostring(m.channel)\nm.channel:input()\nm.channel:output()'

const HEADERS = `m:get_headers()["x-a"] and m:get_headers()["x-a"][0]
m:get_headers()["x-a"] and m:get_headers()["x-a"][1]
m:get_headers()["x-b"] and m:get_headers()["x-b"][0]
m:add_header("X-New", "one, two")
m:add_header("x-new", "three")
m:rep_header("X-New", "^(o)(n)", "<\\\\2\\\\1>")
m:rep_value("x-new", "t", "T")
m:set_header("x-a", "set")
m:del_header("x-b")
m:del_header("nosuch")
m:get_headers()["x-new"][0]`

const WRONG_HEADERS = `m:get_headers(1)
m:add_header("a")
m:add_header({}, "b")
m:add_header("a", {})
m:set_header("a")
m:set_header(1, 2)
m:del_header()
m:del_header({})
m:rep_header("a", "b")
m:rep_header("a", "(", "c")
m:rep_value("a", "b")
m:rep_value({}, "b", "c")
m.get_headers()
m.add_header({}, "a", "b")
m.del_header({}, "a")`

const BODY_AT_WRONG_TIME = `m:body()
m:append("a")
m:prepend("a")
m:insert("a")
m:insert("a", 1)
m:remove()
m:remove(1)
m:set("a")
m:send("a")
m:forward(1)
m:append(5)
m:body(1, 2, 3)
m:append()
m:insert()
m:set()
m:remove(1, 2, 3)`

const HEAD_AT_WRONG_TIME = `m:get_stline()
m:get_headers()
m:del_header("a")
m:add_header("a", "b")
m:set_header("a", "b")
m:rep_header("a", "b", "c")
m:rep_value("a", "b", "c")
m:set_method("PUT")
m:set_method(5)
m:set_path("/x")
m:set_query("x")
m:set_uri("/x")
m:set_status(404)
m:set_status(404, "x")
m:set_body_len(5)
m:set_body_len("chunked")`

const READING = `m:body()
m:body(2)
m:body(-3)
m:body(-100)
m:body(1, 3)
m:body(1, 0)
m:body(1, -1)
m:body(1, 100)
m:body(m:input())
m:body(100)
m:body(1, -2)
m:body("x")
m:body(1, "y")
m:body(1, 2, 3)
m.body({})`

const INSERTING = `m:append("END")
m:prepend("BEGIN")
m:insert("I")
m:insert("J", 2)
m:insert("K", -2)
m:insert("L", -1000)
m:insert("M", m:input())
m:body()
m:insert("N", 1000)
m:insert("", 1)
m:append("")
m:append(("x"):rep(20000))
m:insert({}, 1)
m:insert("a", "b")
m:append({})
m:prepend()
m:input()
m:remove(0, 3)
m:body()`

const REMOVING = `m:remove(0, 2)
m:body()
m:remove(-1)
m:remove(1, 0)
m:body()
m:remove(100)
m:remove(0, 100)
m:remove(0, -2)
m:remove("x")
m:remove(0, -1)
m:body()
m:input()
m:remove()
m:append("0123456789")`

const SETTING = `m:set("XY", 0, 3)
m:body()
m:set("Z", -1)
m:set("", 0, 0)
m:set("+", 1, 0)
m:body()
m:set("Q", 1000)
m:set("Q", 0, 1000)
m:set("Q", 0, -2)
m:set(("x"):rep(20000))
m:set({})
m:set("a", "b")
m:set("hello")
m:body()`

const SENDING = `m:forward(2)
m:input()
m:output()
m:body()
m:forward(0)
m:forward("x")
m:forward()
m:forward({})
m:send("")
m:send(("x"):rep(20000))
m:send({})
m:send()
m:remove(0, 1)
m:send("S")
m:input()
m:output()
m:body()
m:forward(1000)
m:forward(-1)`

const EOM =
  'm:eom()\nm:set_eom(1)\nm:unset_eom(1)\nm:eom(1)\nm:unset_eom()\nm:eom()\nm:may_recv()\nm:set_eom()\nm:eom()'

const NO_ARGUMENTS =
  'm:is_full(1)\nm:may_recv(1)\nm:is_resp(1)\nm:input(1)\nm:output(1)\nm.is_full()\nm.input({})\nm.eom({})\nm:get_stline(1)\nm.nosuch\nm:nosuch()'

const REQUEST_LINE = `m:get_stline().method
m:get_stline().uri
m:get_stline().version
m:get_stline().code
m:set_method("PUT")
m:set_path("/new path")
m:set_query("q=1")
m:get_stline().uri
m:set_uri("/uri?x")
m:set_method()
m:set_method({})
m:set_path(("x"):rep(20000))
m:set_query()
m:set_uri({})
m:set_status(200)
m:set_status(200, "OK")
m.set_path({}, "/x")
m:get_stline().uri`

const STATUS_LINE = `m:get_stline().version
m:get_stline().code
m:get_stline().reason
m:get_stline().method
m:set_status(201, "Made it")
m:get_stline().reason
m:set_status(404)
m:get_stline().reason
m:set_status(999)
m:set_status(-1)
m:set_status("x")
m:set_status()
m:set_status(200, {})
m:set_status(200, ("x"):rep(20000))
m:set_method("PUT")
m:set_path("/x")
m:set_query("x")
m:set_uri(5)
m:set_status(203, "")`

const LENGTHS = `m:set_body_len("x")
m:set_body_len(-1)
m:set_body_len({})
m:set_body_len()
m:set_body_len(nil)
m:set_body_len(true)
m:set_body_len(1.5)
m:set_body_len("5")
m:set_body_len("chunked")
m:set_body_len("chunked")
m:get_headers()["content-length"]
m:get_headers()["transfer-encoding"][0]
m:set_body_len(7)
m:get_headers()["content-length"][0]
m:get_headers()["transfer-encoding"]
m:set_body_len("chunked")`

export const MESSAGE_MEMBERS: readonly TrafficCase[] = [
  ...[false, true].flatMap((isResponse) => [
    calls('states', 'http_headers', isResponse, STATES),
    calls('states', 'http_payload', isResponse, STATES),
    calls('states', 'http_end', isResponse, STATES),
    calls('fields', 'http_headers', isResponse, HEADERS),
    calls('fields, wrong arguments', 'http_headers', isResponse, WRONG_HEADERS),
    calls('the body too early', 'http_headers', isResponse, BODY_AT_WRONG_TIME),
    calls('the body too late', 'http_end', isResponse, BODY_AT_WRONG_TIME),
    calls('the head too late', 'http_payload', isResponse, HEAD_AT_WRONG_TIME),
    calls('the head at the end', 'http_end', isResponse, HEAD_AT_WRONG_TIME),
    calls('body', 'http_payload', isResponse, READING),
    calls('append, prepend, insert', 'http_payload', isResponse, INSERTING),
    calls('remove', 'http_payload', isResponse, REMOVING),
    calls('set', 'http_payload', isResponse, SETTING),
    calls('send and forward', 'http_payload', isResponse, SENDING),
    calls('eom', 'http_payload', isResponse, EOM),
    calls('eom', 'http_headers', isResponse, EOM),
    calls('members that take none, wrong arguments', 'http_headers', isResponse, NO_ARGUMENTS),
    calls('set_body_len', 'http_headers', isResponse, LENGTHS),
  ]),
  calls('the first line', 'http_headers', false, REQUEST_LINE),
  calls('the first line', 'http_headers', true, STATUS_LINE),
]
