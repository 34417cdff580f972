/** The class Channel in actions of TCP rules: every member, with right and wrong arguments, and what waits for data or room. */
import { close, end, read, send, shut, trickle, until, wait, type TrafficCase } from '../harness/case.js'
import { channelAction, tries } from './filter-builder.js'

/** Calls on `txn.req`, which holds `abcd\nefgh\n` at first. */
const calls = (name: string, expressions: string): TrafficCase => {
  const body = tries(expressions.replaceAll('c:', 'txn.req:').replaceAll('c.', 'txn.req.'))
  return channelAction(`Channel: ${name}`, `txn.req:data(0, 10)\n${body}`)
}

const members: readonly TrafficCase[] = [
  calls(
    'states',
    'c:input()\nc:output()\nc:is_full()\nc:may_recv()\nc:is_resp()\ntxn.res:is_resp()\ntxn.res:may_recv()',
  ),
  calls('data', 'c:data(1)\nc:data(-2)\nc:data(-100)\nc:data(0, 2)\nc:data(2, 0)\nc:data(1, 9)\nc:data(0, -2)'),
  calls(
    'data, wrong arguments',
    'c:data("x")\nc:data(1, "y")\nc:data(1, 2, 3)\nc.data()\nc.data({})\nc:data({})\nc:data(1.5)',
  ),
  calls('line', 'c:line()\nc:line(2)\nc:line(0, 3)\nc:line(0, 0)\nc:line(0, -2)\nc:line(5)\nc:line(-3)\nc:line(-100)'),
  calls('line, wrong arguments', 'c:line("x")\nc:line(1, 2, 3)\nc.line()\nc.line({})\nc:line(1, {})'),
  calls('append', 'c:append("END")\nc:dup()\nc:append("")\nc:append(5)\nc:append("\\0\\255")\nc:dup()'),
  calls('append, wrong arguments', 'c:append()\nc:append({})\nc:append("a", 1)\nc.append({}, "a")\nc:append(nil)'),
  calls('prepend', 'c:prepend("BEGIN")\nc:dup()\nc:prepend("")\nc:prepend()\nc:prepend({})\nc:prepend("a", "b")'),
  calls(
    'insert',
    'c:insert("I")\nc:dup()\nc:insert("J", 2)\nc:insert("K", -2)\nc:insert("L", -100)\nc:insert("M", c:input())\nc:dup()'.replaceAll(
      'c:input',
      'txn.req:input',
    ),
  ),
  calls(
    'insert, wrong arguments',
    'c:insert()\nc:insert("a", 100)\nc:insert("a", "b")\nc:insert({}, 1)\nc:insert("a", 1, 2)\nc:insert("", 100)',
  ),
  calls(
    'set',
    'c:set("XY", 0, 2)\nc:dup()\nc:set("+", 0, 0)\nc:set("--", -2)\nc:dup()\nc:set("all")\nc:dup()\nc:set("")\nc:input()',
  ),
  calls(
    'set, wrong arguments',
    'c:set()\nc:set({})\nc:set("a", 100)\nc:set("a", 0, 100)\nc:set("a", 0, -2)\nc:set("a", "b")\nc:set("a", 1, 2, 3)\nc:dup()',
  ),
  calls(
    'remove',
    'c:remove(1, 2)\nc:dup()\nc:remove(1, 0)\nc:remove(-2)\nc:dup()\nc:remove(0, -1)\nc:input()\nc:remove()',
  ),
  calls(
    'remove, wrong arguments',
    'c:remove(100)\nc:remove(0, 100)\nc:remove(0, -2)\nc:remove("x")\nc:remove(1, 2, 3)\nc.remove()\nc:dup()',
  ),
  calls('get and dup', 'c:dup()\nc:get()\nc:dup()\nc:get()\nc:append("more")\nc:get()'),
  calls('get and dup, wrong arguments', 'c:dup(1)\nc:get(1)\nc.get()\nc.dup({})'),
  calls(
    'getline',
    'c:getline()\nc:getline()\nc:append("x\\ny\\nz")\nc:getline()\nc:getline()\nc:dup()\nc:getline(1)\nc.getline()',
  ),
  calls(
    'get_in_len and get_out_len',
    'c:get_in_len()\nc:get_out_len()\nc:get_in_len(1)\nc:get_out_len(1)\nc:input(1)\nc:output(1)',
  ),
  calls(
    'forward',
    'c:forward(3)\nc:output()\nc:input()\nc:dup()\nc:forward(0)\nc:append("first")\nc:dup()\nc:data(-2)',
  ),
  calls('forward, wrong arguments', 'c:forward()\nc:forward("x")\nc:forward({})\nc:forward(1, 2)\nc.forward({}, 1)'),
  calls('send', 'c:send("SENT")\nc:output()\nc:input()\nc:dup()\nc:send("")\nc:forward(2)\nc:send("again")'),
  calls('send, wrong arguments', 'c:send()\nc:send({})\nc:send("a", "b")\nc.send({}, "a")'),
  calls(
    'members that take none, wrong arguments',
    'c:is_full(1)\nc:may_recv(1)\nc:is_resp(1)\nc.is_full()\nc.may_recv({})\nc.nosuch\nc:nosuch()\ntostring(txn.req)'.replaceAll(
      'c.nosuch',
      'txn.req.nosuch',
    ),
  ),
  calls(
    'what does not fit',
    'c:append(("x"):rep(20000))\nc:insert(("x"):rep(20000), 2)\nc:set(("x"):rep(20000))\nc:prepend(("x"):rep(16384))\nc:input()',
  ),
  calls(
    'a full buffer',
    'c:append(("x"):rep(16384 - txn.req:input()))\nc:is_full()\nc:may_recv()\nc:append("y")\nc:input()',
  ),
]

const waiting: readonly TrafficCase[] = [
  channelAction('Channel: lines that arrive in pieces', 'for i = 1, 3 do show(txn, txn.req:getline()) end', {
    clients: [[trickle(60, 'one', '\ntw', 'o\nth', 'ree\nrest\n'), until('answer\n'), shut, end]],
  }),
  channelAction('Channel: line waits for a line feed', 'show(txn, txn.req:line(), txn.req:line(3))', {
    clients: [[trickle(60, 'abc', 'd\nef', 'g\n'), until('answer\n'), shut, end]],
  }),
  channelAction('Channel: data waits for what it asks for', 'show(txn, txn.req:data(2, 6), txn.req:data(0, 100))', {
    clients: [[trickle(60, 'abc', 'def', 'ghi\n'), until('answer\n'), shut, end]],
  }),
  channelAction(
    'Channel: data after the end of the input',
    'show(txn, txn.req:data(0, 100), txn.req:data(10), txn.req:may_recv())',
    {
      clients: [[send('abc'), wait(80), shut, end]],
      connections: [[end]],
    },
  ),
  channelAction(
    'Channel: line after the end of the input',
    'show(txn, txn.req:line(), txn.req:getline(), txn.req:getline(), txn.req:get())',
    {
      clients: [[send('abc'), wait(80), shut, end]],
      connections: [[end]],
    },
  ),
  channelAction('Channel: forward waits', 'show(txn, txn.req:forward(8), txn.req:output())', {
    clients: [[trickle(60, 'abc', 'de\n', 'fgh'), until('answer\n'), shut, end]],
  }),
  channelAction('Channel: forward until the input ends', 'show(txn, txn.req:forward(1000))', {
    clients: [[trickle(60, 'abc', 'de\n'), shut, end]],
    connections: [[end]],
  }),
  channelAction('Channel: forward less than nothing', 'show(txn, txn.req:forward(-1))', {
    clients: [[trickle(60, 'abc', 'de\n'), until('answer\n'), shut, end]],
  }),
  channelAction(
    'Channel: send more than a buffer',
    'txn.req:data(0, 4) show(txn, txn.req:send(("0123456789"):rep(3000)))',
    {
      clients: [[send('end\n'), until('answer\n'), shut, end]],
      connections: [[read(30004), send('answer\n'), end]],
    },
  ),
  channelAction(
    'Channel: the client is answered',
    'txn.req:data(0, 3) txn.res:send("hello\\n") txn.res:append("more\\n") txn:done()',
    {
      clients: [[send('abc'), end, close]],
      connections: [[end]],
    },
  ),
  channelAction(
    'Channel: the client is answered, and the server too',
    'show(txn, txn.res:send("hello\\n"), txn.res:output())',
    {
      clients: [[send('abc\n'), until('answer\n'), shut, end]],
    },
  ),
  channelAction('Channel: the inspect delay is over', 'show(txn, txn.req:line())', {
    clients: [[send('abc'), wait(600), send('\n'), until('answer\n'), shut, end]],
  }),
  channelAction(
    'Channel: a changed response',
    'show(txn, txn.res:line()) txn.res:set("changed\\n") txn.res:append("new ")',
    {
      rule: 'tcp-response content',
      clients: [[send('question\n'), until('changed\n'), shut, end]],
    },
  ),
  channelAction('Channel: a response that is held back', 'show(txn, txn.res:data(0, 100))', {
    rule: 'tcp-response content',
    connections: [[until('\n'), send('answer\n'), wait(100), send('rest'), end]],
    clients: [[send('question\n'), until('rest'), shut, end]],
  }),
]

export const CHANNELS: readonly TrafficCase[] = [...members, ...waiting]
