/** Members of AppletHTTP with right and wrong arguments, and services that fail. */
import { end, send } from '../harness/case.js'
import type { TrafficCase } from '../harness/case.js'
import { get } from './http-builder.js'
import { httpService, tries } from './service-builder.js'

/** The message of each wrong call. */
const WRONG_CALLS: Readonly<Record<string, string>> = {
  'set_status without a status': 'applet:set_status()',
  'set_status with a text': 'applet:set_status("many")',
  'set_status with a table': 'applet:set_status({})',
  'set_status with a reason that is a table': 'applet:set_status(200, {})',
  'set_status below 100': 'applet:set_status(99)',
  'set_status above 599': 'applet:set_status(600)',
  'set_status with a float': 'applet:set_status(200.5)',
  'set_status with a number as text': 'applet:set_status("201")',
  'set_status without an object': 'applet.set_status()',
  'add_header without a name': 'applet:add_header()',
  'add_header without a value': 'applet:add_header("a")',
  'add_header with a table': 'applet:add_header("a", {})',
  'add_header with nil as name': 'applet:add_header(nil, "a")',
  'add_header to another object': 'applet.add_header({}, "a", "b")',
  'receive with too many arguments': 'applet:receive(1, 2)',
  'receive with a text': 'applet:receive("many")',
  'receive with nil': 'applet:receive(nil)',
  'receive of nothing': 'applet:receive(0)',
  'receive with a negative size': 'applet:receive(-5)',
  'receive of another object': 'applet.receive({})',
  'getline of another object': 'applet.getline()',
  'getline with arguments': 'applet:getline(1, 2, 3)',
  'send before start_response': 'applet:send("a")',
  'send to another object': 'applet.send(5, "a")',
  'start_response of another object': 'applet.start_response({})',
  'set_var without a value': 'applet:set_var("txn.a")',
  'set_var with too many arguments': 'applet:set_var("txn.a", 1, true, 4)',
  'set_var with a table as name': 'applet:set_var({}, 1)',
  'set_var with an unknown scope': 'applet:set_var("nowhere.a", 1)',
  'set_var of the process that must exist': 'applet:set_var("proc.never_seen", 1, true)',
  'get_var without a name': 'applet:get_var()',
  'get_var with an unknown scope': 'applet:get_var("nowhere.a")',
  'get_var of a variable that is not set': 'applet:get_var("txn.a")',
  'unset_var without a name': 'applet:unset_var()',
  'unset_var of a variable that is not set': 'applet:unset_var("txn.a")',
  'unset_var with an unknown scope': 'applet:unset_var("nowhere.a")',
  'set_priv without an action before': 'applet:set_priv(5)',
  'set_priv without a value': 'applet:set_priv()',
  'get_priv without an action before': 'applet:get_priv()',
  'get_priv with an argument': 'applet:get_priv(1)',
  'a fetch of HTTP': 'applet.f:path()',
  'a fetch of HTTP as text': 'applet.sf:req_hdr("host")',
  'a fetch of the session': 'applet.f:fe_name()',
  'a fetch of the session as text': 'applet.sf:fe_name()',
  'a fetch with a wrong argument': 'applet.f:env()',
  'a fetch that does not exist': 'applet.f:nowhere()',
  'a fetch of a variable': '(function() applet:set_var("txn.v", 7) return applet.f:var("txn.v") end)()',
  'a converter': 'applet.c:upper("abc")',
  'a converter as text': 'applet.sc:length("abc")',
  'a converter without input': 'applet.c:upper()',
  'a converter with a wrong argument': 'applet.c:bytes("abc")',
  'a method that does not exist': 'applet:nowhere()',
  'the text of an object': 'tostring(applet):match("^[%a ]+")',
}

const wrongCalls: readonly TrafficCase[] = Object.entries(WRONG_CALLS).map(([name, call]) =>
  httpService(`AppletHTTP: ${name}`, tries(call)),
)

/** What a function does wrong, before and after the head of the response. */
const FAILURES: Readonly<Record<string, string>> = {
  'an error': 'error("failed")',
  'an error that is a table': 'error({})',
  'an error without a message': 'error()',
  'an error that is nil, after the head': 'applet:start_response() error(nil)',
  'no response': 'local a = 1',
  'a call of nil': 'nowhere()',
  'an error after the head': 'applet:start_response() error("failed")',
  'an error after data': 'applet:start_response() applet:send("data") error("failed")',
  'an error after data and a pause': 'applet:start_response() applet:send("data") core.msleep(100) error("failed")',
  'an error after data of a known length':
    'applet:add_header("content-length", "10") applet:start_response() applet:send("data") error("failed")',
  'an error after a pause': 'core.msleep(100) error("failed")',
  'core.done': 'core.done()',
  'core.done after data': 'applet:start_response() applet:send("data") core.done()',
  'fewer data than announced': 'applet:add_header("content-length", "10") applet:start_response() applet:send("data")',
  'more data than announced': 'applet:add_header("content-length", "2") applet:start_response() applet:send("data")',
  'a second start_response': 'applet:start_response() applet:start_response() applet:send("data")',
  'a response field that is no table': 'applet.response = 5 applet:start_response()',
  'add_header to a response that is no table': 'applet.response = 5 applet:add_header("a", "b")',
  'values that are no table': 'applet.response["x-a"] = "b" applet:start_response()',
  'add_header to values that are no table': 'applet.response["x-a"] = "b" applet:add_header("x-a", "b")',
  'a value that is no string': 'applet.response["x-a"] = { {} } applet:start_response()',
  'a value that is a number': 'applet.response["x-a"] = { 5 } applet:start_response()',
  'a key that is no number': 'applet.response["x-a"] = { a = "b" } applet:start_response()',
  'a name that is no string': 'applet.response[5] = { "b" } applet:start_response()',
  'an invalid length': 'applet:add_header("content-length", "ten") applet:start_response()',
  'two lengths': 'applet.response["Content-Length"] = { "4", "5" } applet:start_response()',
  'an empty transfer coding': 'applet:add_header("transfer-encoding", "") applet:start_response()',
  'chunked twice': 'applet:add_header("transfer-encoding", "chunked, chunked") applet:start_response()',
  'headers that are too large': 'applet:add_header("x-a", string.rep("a", 15500)) applet:start_response()',
  'headers larger than the buffer': 'applet:add_header("x-a", string.rep("a", 20000)) applet:start_response()',
  'a name that is too long': 'applet:add_header(string.rep("a", 300), "b") applet:start_response()',
  'send without data': 'applet:start_response() applet:send()',
  'send of nil': 'applet:start_response() applet:send(nil)',
  'send of a table': 'applet:start_response() applet:send({})',
  'an error in a nested call': 'local function inner() error("inner") end local function outer() inner() end outer()',
}

const failures: readonly TrafficCase[] = Object.entries(FAILURES).flatMap(([name, body]) => [
  httpService(`a service with ${name}`, body, { clients: [[send(get('/')), end]] }),
])

export const HTTP_SERVICE_MEMBERS: readonly TrafficCase[] = [...wrongCalls, ...failures]
