/** Filters of scripts in TCP: their callbacks, the class Channel in them, and data that they change or hold back. */
import { close, connect, end, reset, send, shut, trickle, until, wait, type TrafficCase } from '../harness/case.js'
import { FILTER, httpFilter, tcpFilter, tries } from './filter-builder.js'

const DATA = 'Filter.start_analyze = data'

const LOGGING = `
function Filter:start_analyze(txn, chn)
  show(txn, "start", self.args[1], chn:is_resp(), txn.http, txn.http_req)
  return data(self, txn, chn)
end
function Filter:tcp_payload(txn, chn)
  if chn:input() > 0 then show(txn, "payload", self.args[1], chn:is_resp(), chn:data()) end
end
function Filter:end_analyze(txn, chn) show(txn, "end", self.args[1], chn:is_resp()) return filter.CONTINUE end
`

/** Calls on the channel in `tcp_payload`, once there are data. */
const calls = (name: string, expressions: string): TrafficCase =>
  tcpFilter(
    `Channel in a filter: ${name}`,
    `${DATA}
function Filter:tcp_payload(txn, c)
  if c:is_resp() or c:input() == 0 or self.done then return end
  self.done = true
${tries(expressions)}
end`,
    {
      defaults: 'timeout client 500\n timeout server 500\n',
      connections: [[until('\n'), wait(50), send('answer\n'), end]],
    },
  )

const members: readonly TrafficCase[] = [
  calls('states', 'c:input()\nc:output()\nc:is_full()\nc:may_recv()\nc:is_resp()'),
  calls(
    'reading',
    'c:data()\nc:data(2)\nc:data(-3)\nc:data(1, 2)\nc:data(1, 100)\nc:data(100)\nc:data(0, -2)\nc:line()\nc:line(3, 2)\nc:line(100)\nc:dup()',
  ),
  calls(
    'inserting',
    'c:append("A")\nc:prepend("B")\nc:insert("C", 2)\nc:insert("D", -1)\nc:insert("E", 100)\nc:data()\nc:input()',
  ),
  calls('set', 'c:set("XY", 0, 3)\nc:data()\nc:set("Z", -1)\nc:set("W", 100)\nc:set("new\\n")\nc:data()\nc:input()'),
  calls('remove', 'c:remove(0, 2)\nc:data()\nc:remove(-2, 1)\nc:remove(100)\nc:data()\nc:input()'),
  calls('forward', 'c:forward(2)\nc:input()\nc:output()\nc:data()\nc:forward(0)\nc:forward("x")\nc:forward()'),
  calls('send', 'c:send("SENT")\nc:send("")\nc:send(("x"):rep(20000))\nc:input()\nc:output()'),
  calls('what does not fit', 'c:append(("x"):rep(20000))\nc:set(("x"):rep(20000))\nc:insert(("x"):rep(20000), 1)'),
  tcpFilter(
    'Channel in a filter: too early',
    `function Filter:start_analyze(txn, c)
${tries('c:input()\nc:output()\nc:data()\nc:data(1)\nc:line()\nc:append("a")\nc:prepend("a")\nc:insert("a", 1)\nc:set("a")\nc:remove()\nc:send("a")\nc:forward(1)\nc:get()\nc:dup()\nc:getline()\nc:is_full()\nc:may_recv()')}
  return filter.CONTINUE
end`,
  ),
  httpFilter(
    'Channel in a filter of HTTP',
    `function Filter:start_analyze(txn, c)
${tries('c:input()\nc:output()\nc:is_full()\nc:may_recv()\nc:data()\nc:line()\nc:append("a")\nc:prepend("a")\nc:insert("a")\nc:insert("a", 5)\nc:set("a")\nc:remove()\nc:send("a")\nc:forward(1)\nc:get()\nc:dup()\nc:getline()\nc:get_in_len()\nc:get_out_len()')}
  return filter.CONTINUE
end`,
  ),
  tcpFilter(
    'the table filter: wrong arguments',
    `function Filter:start_analyze(txn, c)
${tries('filter.register_data_filter()\nfilter.register_data_filter(self)\nfilter.register_data_filter(self, {})\nfilter.register_data_filter({}, c)\nfilter.register_data_filter(5, c)\nfilter.unregister_data_filter()\nfilter.unregister_data_filter(self, 5)\nfilter.unregister_data_filter({}, c)\nfilter.unregister_data_filter(self, c) == c\nfilter.register_data_filter(self, c) == c\nfilter.wake_time()\nfilter.wake_time("x")\nfilter.wake_time(5, 6)\nfilter.wake_time(5)\nfilter.CONTINUE\nfilter.WAIT\nfilter.ERROR\nfilter.FLT_CFG_FL_HTX')}
  return filter.CONTINUE
end`,
  ),
]

const OUTCOMES = [
  ['fails', 'error("broken")'],
  ['returns ERROR', 'return filter.ERROR'],
  ['is done', 'txn:done()'],
  ['returns nothing', ''],
  ['sleeps', 'core.msleep(5)'],
] as const

const results: readonly TrafficCase[] = [false, true].flatMap((isResponse) =>
  ['start_analyze', 'tcp_payload', 'end_analyze'].flatMap((callback) =>
    OUTCOMES.map(([name, body]) =>
      tcpFilter(
        `filter of TCP: ${callback} of a ${isResponse ? 'response' : 'request'} ${name}`,
        `${DATA}
function Filter:${callback}(txn, chn)
  if chn:is_resp() ~= ${isResponse} then return ${callback === 'tcp_payload' ? '' : 'filter.CONTINUE'} end
  ${callback === 'end_analyze' ? '' : 'filter.register_data_filter(self, chn)'}
  ${callback === 'tcp_payload' ? 'if chn:input() == 0 then return end' : ''}
  ${body}
end`,
        { defaults: 'timeout client 500\n timeout server 500\n' },
      ),
    ),
  ),
)

const flows: readonly TrafficCase[] = [
  tcpFilter('filter of TCP: callbacks', LOGGING, { frontend: `${FILTER} one` }),
  tcpFilter('filter of TCP: without the flag for HTTP', LOGGING, { frontend: `${FILTER} one`, flags: '0' }),
  tcpFilter('filter of TCP: two filters', LOGGING, { frontend: `${FILTER} one\n  ${FILTER} two` }),
  tcpFilter('filter of TCP: in a backend', LOGGING, { frontend: '', backend: `${FILTER} back` }),
  tcpFilter('filter of TCP: in a frontend and in a backend', LOGGING, {
    frontend: `${FILTER} front`,
    backend: `${FILTER} back`,
  }),
  tcpFilter(
    'filter of TCP: data in capital letters',
    `${DATA}
    function Filter:tcp_payload(txn, chn)
      if chn:input() > 0 then chn:set(chn:data():upper()) end
    end`,
    {
      clients: [[connect('listen'), wait(50), send('question\n'), until('ANSWER\n'), shut, end]],
      connections: [[until('QUESTION\n'), send('answer\n'), end]],
    },
  ),
  tcpFilter(
    'filter of TCP: lines are held back until they are complete',
    `${DATA}
    function Filter:tcp_payload(txn, chn)
      return chn:input() > 0 and chn:data():find("\\n[^\\n]*$") or 0
    end`,
    {
      clients: [
        [connect('listen'), wait(50), trickle(60, 'ques', 'tion\npart', 'ial\n'), until('answer\n'), shut, end],
      ],
    },
  ),
  tcpFilter(
    'filter of TCP: two filters change data',
    `${DATA}
    function Filter:tcp_payload(txn, chn)
      if chn:input() > 0 and not chn:is_resp() then show(txn, self.args[1], chn:data()) chn:prepend(self.args[1]) end
    end`,
    { frontend: `${FILTER} 1\n  ${FILTER} 2` },
  ),
  tcpFilter(
    'filter of TCP: the second one holds back',
    `${DATA}
    function Filter:tcp_payload(txn, chn)
      if chn:is_resp() or chn:input() == 0 then return end
      show(txn, self.args[1], chn:input(), chn:output())
      if self.args[1] == "2" then return 3 end
    end`,
    {
      frontend: `${FILTER} 1\n  ${FILTER} 2`,
      clients: [[connect('listen'), wait(50), trickle(60, 'ques', 'tion', '\n'), wait(100), close]],
      connections: [[end]],
    },
  ),
  tcpFilter('filter of TCP: everything is held back', `${DATA} function Filter:tcp_payload() return 0 end`, {
    defaults: 'timeout client 300\n timeout server 300\n',
  }),
  tcpFilter('filter of TCP: a negative result', `${DATA} function Filter:tcp_payload() return -3 end`),
  tcpFilter(
    'filter of TCP: start waits',
    `
    function Filter:start_analyze(txn, chn)
      if self.waited then return data(self, txn, chn) end
      self.waited = true
      filter.wake_time(60)
      return filter.WAIT
    end`,
  ),
  tcpFilter(
    'filter of TCP: more data than a buffer',
    `${DATA}
    function Filter:tcp_payload(txn, chn)
      if chn:input() > 0 then chn:set((chn:data():gsub("x", "y"))) end
    end`,
    {
      clients: [[connect('listen'), wait(50), send(`${'x'.repeat(40_000)}\n`), until('answer\n'), shut, end]],
      connections: [[until('\n'), send('answer\n'), end]],
    },
  ),
  tcpFilter(
    'filter of TCP: data of a server',
    `${DATA}
    function Filter:tcp_payload(txn, chn) if chn:is_resp() and chn:input() > 0 then show(txn, chn:data()) end end`,
    {
      clients: [[until('banner\n'), send('question\n'), until('answer\n'), shut, end]],
      connections: [[send('banner\n'), until('question\n'), send('answer\n'), close]],
    },
  ),
  tcpFilter('filter of TCP: the client resets', LOGGING, {
    frontend: `${FILTER} one`,
    clients: [[connect('listen'), wait(50), send('question'), wait(80), reset]],
    connections: [[end]],
  }),
  tcpFilter('filter of TCP: the client closes', LOGGING, {
    frontend: `${FILTER} one`,
    clients: [[connect('listen'), wait(50), send('question\n'), shut, end]],
  }),
  tcpFilter(
    'filter of TCP: an action and a filter',
    `${LOGGING}
    core.register_action("$act", {"tcp-req"}, function(txn) show(txn, txn.req:data(0, 4)) txn.req:append("new ") end)`,
    {
      frontend: `tcp-request inspect-delay 400\n  ${FILTER} one\n  tcp-request content lua.$act`,
    },
  ),
]

export const TCP_FILTERS: readonly TrafficCase[] = [...members, ...results, ...flows]
