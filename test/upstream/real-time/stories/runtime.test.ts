/** The runtime API: commands with every kind of argument, and what refuses them. */
import { chapter, type Story } from './story.js'

/** A command for each line. */
const commands = (text: string): Story['steps'] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim())

chapter('the runtime API', {
  'set server takes and refuses values': {
    config: `backend be
    server a 127.0.0.1:%1 check inter 1h agent-check agent-port %2 agent-inter 1h weight 10
    server b 127.0.0.1:+5 weight 3 slowstart 10s
    server c [::1]:80 backup
    server u unix@/x
backend st
    balance static-rr
    server a 127.0.0.1:1 weight 7
backend src
    balance source
    hash-type map-based
    server a 127.0.0.1:1 weight 7 slowstart 5s
backend con
    balance uri
    hash-type consistent
    mode http
    server a 127.0.0.1:1 weight 7 slowstart 5s
`,
    servers: ['accepts', { greets: 'up\n' }],
    steps: commands(`
      set server be/a agent x
      set server be/a agent
      set server be/a agent up
      set server be/a agent down
      set server be/a agent up extra
      set server be/a health drain
      set server be/a health stopping
      set server be/a health up
      set server be/b health down
      set server be/a addr 127.0.0.1
      set server be/a addr 127.0.0.2
      set server be/a addr 127.0.0.2 port %1
      set server be/a addr 127.0.0.1 port 0
      set server be/a addr 127.0.0.1 port -1
      set server be/a addr 127.0.0.1 port 65536
      set server be/a addr 127.0.0.1 port +0
      set server be/a addr 127.0.0.1 zork 1
      set server be/a addr 127.0.0.1 port
      set server be/b addr 127.0.0.1 port +9
      set server be/b addr 127.0.0.1 port 90
      set server be/b addr 127.0.0.1 port 90
      set server be/b addr ::1
      set server be/b addr ::1 port +3
      set server be/c addr 127.0.0.1
      set server be/u addr 127.0.0.1 port 3
      set server be/a addr ::ffff:1.2.3.4
      set server be/a addr localhost
      set server be/a fqdn
      set server be/a fqdn foo.example
      set server be/a check-port
      set server be/a check-port 0
      set server be/a check-port 80
      set server be/a check-addr ::1
      set server be/a check-addr 1.2.3.4 port 99
      set server be/a agent-addr 1.2.3.4 port 99
      set server be/a agent-port 1
      set server be/b agent-port 1
      set server be/b agent-send x
      set server be/b check-port 1
      show servers state be
      set weight be/a 256
      set weight be/a 257
      set weight be/a -1
      set weight be/a 1%
      set weight be/a 100%
      set weight be/a 2570%
      set weight be/a 2000%
      set weight be/a x
      set weight be/a 5x
      set weight be/a 5%x
      set weight be/a
      set weight st/a 5
      set weight st/a 0
      set weight st/a 100%
      set weight st/a 50%
      set weight src/a 5
      set weight src/a 0
      set weight con/a 50%
      set server con/a state maint
      set server con/a state ready
      get weight con/a
      get weight con/b
      get weight
      set server be/a ssl on
      set server be/a ssl
      set server be/a ssl zork
      set maxconn server be/a
      set maxconn server be/a x
      set maxconn server be/a 0
      set maxconn server be/a 10
      enable agent be/b
      enable agent be/a
      disable agent be/a
      enable health be/b
      disable health be/a
      enable health be/a
      enable health
      show servers state zork
      show servers conn
      show servers conn be
      show servers zork
      show servers state be
    `),
  },
  'servers cannot be removed, or added, for many reasons': {
    config: `backend be
    server a 127.0.0.1:1
    server b 127.0.0.1:1 track d
    server-template t 2-4 127.0.0.1:80
    use-server a if { always_true }
    server c 127.0.0.1:1 track d
    server d 127.0.0.1:1 check inter 1h
backend nd
    balance static-rr
    server a 127.0.0.1:1
backend ck
    mode http
    cookie X insert
    server a 127.0.0.1:1
listen off
    disabled
    server a 127.0.0.1:1
`,
    steps: commands(`
      del server be/a
      disable server be/a
      del server be/a
      disable server be/t2
      del server be/t2
      show servers state be
      add server be/t2 127.0.0.1:81 id 3
      add server be/x 127.0.0.1:81 track be/zork
      add server be/y 127.0.0.1:81 track t3
      add server be/y 127.0.0.1:81 track d
      del server be/y
      disable server be/y
      enable server be/y
      show servers state be
      add server be/z 127.0.0.1:81 check agent-check
      add server be/z 127.0.0.1:81 check weight -1
      add server be/z 127.0.0.1:81 check slowstart 5s backup
      enable health be/z
      enable server be/z
      disable server be/z
      del server be/z
      add server be/q 127.0.0.1:81 namespace x
      add server be/q2 127.0.0.1:81 ssl
      add server be/r 127.0.0.1:81 cookie v
      add server ck/b 127.0.0.1:82
      add server ck/c 127.0.0.1:82 cookie w
      enable server ck/b
      set server ck/b addr 1.2.3.4
      add server be/l 127.0.0.1:81 log-proto octet-count
      add server be/l2 127.0.0.1:81 observe layer4
      add server be/l3 127.0.0.1:81 on-error zork
      add server be/l4 127.0.0.1:81 on-marked-down shutdown-sessions on-marked-up shutdown-backup-sessions error-limit 3
      add server be/l5 127.0.0.1:81 rise 0
      add server be/l6 127.0.0.1:81 redir /
      add server be/l7 127.0.0.1:81 disabled
      add server off/x 127.0.0.1:1
      add server nd/x 127.0.0.1:1
      add server be/x y 127.0.0.1:1
      add server be/1.2 127.0.0.1:1 id 1
      show servers conn
    `),
  },
  'proxies are disabled in the configuration': {
    config: `backend a
    disabled
    server s 127.0.0.1:1 check
listen l
    disabled
    bind unix@y
    server s 127.0.0.1:1
frontend f
    bind unix@z
    disabled
backend b
    server s 127.0.0.1:1
`,
    steps: commands(`
      show servers state
      show backend
      disable frontend f
      enable frontend f
      shutdown frontend f
      disable frontend l
      enable server a/s
      set server a/s state ready
      set weight a/s 5
      get weight a/s
      disable agent a/s
      enable health a/s
      add server l/n 127.0.0.1:1
      del server a/s
    `),
  },
})
