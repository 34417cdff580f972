/**
 * Sessions with the runtime API about servers. Each is independent and has a separate process: `given` brings that process into the state
 * which the case begins in. A command a line; blank lines are for readers.
 */
export interface Conversation {
  given?: string
  commands: string
}

/** What the cases about added servers begin with. */
const ADDED = `
add server be/n 127.0.0.1:80
add server be/n2 127.0.0.1:80 non-stick
add server be/n4 127.0.0.1:80 check inter 1h
add server be/n5 127.0.0.1:80 track be/s2
add server be/n10 127.0.0.1:80 backup maxconn 10 maxqueue 3 minconn 2 slowstart 1h cookie x
add server rnd/b 127.0.0.1:2
`

export const CONVERSATIONS: Readonly<Record<string, Conversation>> = {
  'add server refuses names that are missing, unknown or in use': {
    commands: `
add server
add server be
add server be/
add server help
add server x/s
add server be/n
add server be/s1 127.0.0.1:80
add server be/b@d 127.0.0.1:80
user;add server be/u 127.0.0.1:1;del server be/n`,
  },
  'add server refuses backends that are disabled or whose balancing is static': {
    commands: `
add server st/s 127.0.0.1:80
add server off/s 127.0.0.1:80
add server emp/e 127.0.0.1:80
add server rnd/b 127.0.0.1:2
add server num/b 127.0.0.1:2`,
  },
  'add server takes addresses of several forms': {
    commands: `
add server be/n 127.0.0.1
add server be/n1 127.0.0.1:80
add server be/n2 localhost:80
add server be/n3 127.0.0.1:99999
add server be/n4 127.0.0.1:+80
add server be/n5 unix@/tmp/x
add server be/n6 127.0.0.1 check
set server be/n5 addr 1.2.3.4`,
  },
  'add server refuses keywords that are unknown or not for servers that are added': {
    commands: `
add server be/n 127.0.0.1:80 zork
add server be/n 127.0.0.1:80 wieght 3
add server be/n 127.0.0.1:80 resolvers x
add server be/n 127.0.0.1:80 init-addr none
add server be/n 127.0.0.1:80 enabled
add server be/n 127.0.0.1:80 no-check`,
  },
  'add server applies keywords and checks their values': {
    commands: `
add server be/n1 127.0.0.1:80 non-stick
add server be/n2 127.0.0.1:80 check inter 1h
add server be/n3 127.0.0.1:80 weight 300
add server be/n4 127.0.0.1:80 disabled weight 5
add server be/n5 127.0.0.1:80 inter 10
add server be/n6 127.0.0.1:80 inter
add server be/n7 127.0.0.1:80 rise 0
add server be/n8 127.0.0.1:80 backup maxconn 10 maxqueue 3 minconn 2 slowstart 1h cookie x
add server tcp/n9 127.0.0.1:80 cookie x
get weight be/n1
show servers conn be`,
  },
  'add server refuses ids that are in use or no numbers': {
    commands: `
add server be/n 127.0.0.1:80 id 1
add server be/n 127.0.0.1:80 id 0
add server be/n 127.0.0.1:80 id
add server be/n 127.0.0.1:80 id 50
add server be/m 127.0.0.1:80 id 50
add server be/o 127.0.0.1:80`,
  },
  'add server tracks servers that are checked': {
    commands: `
add server be/n 127.0.0.1:80 track be/s2
add server be/n6 127.0.0.1:80 track be/zork
add server be/n6 127.0.0.1:80 track zork/s1
add server be/n6 127.0.0.1:80 track n
add server be/n6 127.0.0.1:80 track s1
add server be/n6 127.0.0.1:80 check track be/s2`,
  },
  'servers that were added are enabled, with their checks': {
    given: ADDED,
    commands: `
enable health be/n
enable health be/n4
enable server be/n
enable server be/n4
enable server be/n10
enable agent be/n`,
  },
  'servers that were added change address, weight, TLS and limits': {
    given: `${ADDED}
enable server be/n
enable server be/n10`,
    commands: `
set server be/n ssl on
set server be/n fqdn foo
set server be/n addr 127.0.0.2 port 90
set server be/n weight 9
set server be/n2 weight 50%
set server be/n2 addr 127.0.0.9
set maxconn server be/n 5
set weight rnd/a 5
set weight rnd/b 0`,
  },
  'servers that were added change health and administrative state': {
    given: `${ADDED}
enable health be/n4
enable server be/n
enable server be/n4`,
    commands: `
set server be/n health down
set server be/n health up
set server be/n health stopping
set server be/n state drain
set server be/n state ready
set server be/n4 health down`,
  },
  'trackers follow the server that they track': {
    given: `${ADDED}
enable server be/n5`,
    commands: `
set server be/s2 health down
enable server be/n5
set server be/n5 health up
set server be/s2 health up
set server be/s2 state drain
set server be/s2 state maint
set server be/s2 state ready`,
  },
  'del server refuses names that are missing or unknown': {
    commands: `
del server
del server be
del server be/
del server x/s
del server be/zz`,
  },
  'del server refuses servers of the configuration that are in use, tracked or running': {
    commands: `
del server be/s1
disable server be/s1
del server be/s1
disable server be/s2
del server be/s2
enable server be/s2
disable server st/a
del server st/a
disable server be/s3
del server be/s3
set server be/s4 state ready
set server be/s4 state maint
del server be/s4`,
  },
  'servers that were added are removed once they are in maintenance, and their names and ids are free': {
    given: `${ADDED}
enable server be/n
add server be/n8 127.0.0.1:80 disabled weight 5
add server emp/e 127.0.0.1:80`,
    commands: `
del server be/n
disable server be/n
del server be/n
add server be/n 127.0.0.1:81
del server be/n8
del server emp/e
add server be/r1 127.0.0.1:1
del server be/r1
add server be/r1 127.0.0.1:1 id 99
del server be/n5`,
  },
  'agent checks of a server that was added': {
    commands: `
add server be/ag 127.0.0.1:80 agent-check
add server be/ag 127.0.0.1:80 agent-check agent-port 1 agent-inter 1h
enable server be/ag
set server be/ag agent up
enable agent be/ag
set server be/ag agent down
set server be/ag agent x
set server be/ag agent up
set server be/ag agent-port 99
set server be/ag agent-port
set server be/ag agent-port x
set server be/ag agent-addr 127.0.0.3
set server be/ag agent-addr x y
set server be/ag agent-addr 127.0.0.4 port 9
set server be/ag agent-send hi
set server be/ag agent-send
disable agent be/ag
set server be/ag agent up
set server be/ag check-port 3
disable server be/ag
del server be/ag`,
  },
  'address and port of a check change': {
    given: `${ADDED}
enable health be/n4
enable server be/n4`,
    commands: `
set server be/n4 check-port 99
set server be/n4 check-port 99999
set server be/n4 check-addr 127.0.0.7
set server be/n4 check-addr ::1 port 80
set server be/n4 check-addr x
disable health be/n4
set server be/n4 check-port 98
set server be/n4 ssl off`,
  },
  'set server refuses arguments that are missing or invalid': {
    commands: `
set server be/s2 ssl on
set server be/s2 fqdn x
set server be/s2 zork
set server be/s2
set server be/s2 addr
set server be/s2 addr foo
set server be/s2 addr 127.0.0.1 port x
set server be/s2 addr 127.0.0.1 port +7
set server be/s5 addr 127.0.0.8 port +9
set server be/s2 weight
set server be/s2 weight 257
set server be/s2 state
set server be/s2 state x
set server be/s2 health x
set server be/s2 health
set server off/a state ready
set server be/zz state ready
set server zz/s state ready
set server be state ready
operator;set server be/s2 state maint`,
  },
  'limits of connections': {
    commands: `
set maxconn frontend f 10
set maxconn frontend f
set maxconn frontend
set maxconn frontend x 1
set maxconn frontend f x
set maxconn frontend f 12
set maxconn global
set maxconn global 100000000
set maxconn global 100
set maxconn
user;set maxconn global 1`,
  },
  'limits of rates': {
    commands: `
set rate-limit
set rate-limit connections
set rate-limit foo global 1
set rate-limit connections global
set rate-limit connections global 10
set rate-limit sessions global 11
set rate-limit ssl-sessions global 12
set rate-limit http-compression global 13
set rate-limit sessions x 1`,
  },
  'counters are cleared by those who may': {
    given: 'set server be/s2 health down\nset server be/s2 health up',
    commands: `
clear counters
operator;clear counters all;clear counters
user;clear counters
clear counters all`,
  },
  'cookies that depend on addresses': {
    commands: `
disable dynamic-cookie backend
disable dynamic-cookie backend x
enable dynamic-cookie backend
set dynamic-cookie-key backend x k`,
  },
  'commands about sessions, tables, variables and rings that are not there': {
    commands: `
shutdown session
shutdown session 0x12
shutdown sessions server
get var
get var proc.x
show events
show events nope
show events stdout
show table
show table x
clear table
clear table x
show peers
show cache
show tls-keys
show anon
show sess help
show sess zork
show sess 0x12
show schema json
show resolvers x`,
  },
  'the level user is refused what shows traffic or changes it': {
    commands: `
user;show errors
user;show activity
user;show sess
user;show startup-logs
user;shutdown session 1`,
  },
}
