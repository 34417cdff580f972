/** Configurations: what is inherited, repeated, quoted and wrong, and how it is reported. */
import { chapter, type Story } from './story.js'

const story = (config: string, steps: Story['steps'] = []): Story => ({ config, steps })

const BACKEND = 'backend be\n    server a 127.0.0.1:1\n'

chapter('configurations', {
  'one id for several sockets': story(`listen l\n    bind unix@a,unix@b id 9\n`),
  'ids of sockets are wrong or taken': story(
    `listen l\n    bind unix@a id 9\n    bind unix@b id 9\nlisten m\n    bind unix@c id 9\n    bind unix@d id 0\n    bind unix@e id -2\n    bind unix@f id x\n    bind unix@g id\n`,
  ),
  'default-server of defaults sections': story(`defaults d1
    default-server weight 5 check inter 1h
defaults d2 from d1
    mode tcp
    timeout connect 1s
    timeout client 1s
    timeout server 1s
    default-server weight 6 rise 5
backend a from d2
    server s 127.0.0.1:1
    default-server no-check fall 9 backup
    server t 127.0.0.1:1
    server u 127.0.0.1:1 check no-backup weight 256
    default-server disabled
    server v 127.0.0.1:1 enabled
    server w 127.0.0.1:1
    server x 127.0.0.1:1 no-disabled
`),
  'default-server with settings of single servers': story(`backend a
    default-server weight 5 check inter 1h rise 5
    server s 127.0.0.1:1
    default-server no-check fall 9 backup
    server t 127.0.0.1:1
    server u 127.0.0.1:1 check no-backup weight 256
    default-server disabled
    server v 127.0.0.1:1 enabled
    server w 127.0.0.1:1
backend b
    default-server id 5 name zork
    server s 127.0.0.1:1
`),
  'default-server changes between servers': story(
    `backend a
    default-server weight 5 check inter 1h rise 5
    server s 127.0.0.1:1
    default-server no-check fall 9 backup
    server t 127.0.0.1:1
    server u 127.0.0.1:1 check no-backup weight 256
    default-server disabled
    server v 127.0.0.1:1 enabled
    server w 127.0.0.1:1
    default-server port 80 addr 1.2.3.4 slowstart 5s maxconn 10 cookie x
    server x 127.0.0.1:1
`,
    ['show servers state', 'show servers conn'],
  ),
  'ranges of templates are wrong': story(`backend a
    server-template t 0-2 127.0.0.1:1
backend b
    server-template t 5-2 127.0.0.1:1
backend c
    server-template t x 127.0.0.1:1
backend d
    server-template t 0 127.0.0.1:1
backend e
    server-template t 3 127.0.0.1:1 id 5
backend f
    server-template t -3 127.0.0.1:1
backend g
    server-template t 2- 127.0.0.1:1
backend h
    server-template t 3x 127.0.0.1:1
backend i
    server-template t 10
backend j
    server-template
backend k
    server-template t 2 127.0.0.1:1 zork
`),
  'a template has the name of a server': story(`backend a
    server-template t 9-11 127.0.0.1:1 weight 3 backup
    server t10 127.0.0.1:2
`),
  'templates get names and numbers': story(
    `backend a
    server-template t 9-11 127.0.0.1:1 weight 3 backup
    server-template s 7-7 127.0.0.1:+1 disabled
    server z 127.0.0.1:1 id 3
`,
    ['show servers state'],
  ),
  'names with all that may and may not be in them': story(`backend a.b:c-d_e
    server s.1:2-3_4 127.0.0.1:1
backend é
    server ü 127.0.0.1:1
backend x/y
    server a/b 127.0.0.1:1
backend x y
    server a 127.0.0.1:1
`),
  'names and ids twice': story(`backend a
    server s 127.0.0.1:1
    server s 127.0.0.1:2
    server t 127.0.0.1:2 id 1
backend a
    id 3
backend b
    id 3
frontend a
    bind unix@z
`),
  'quotes that do not end': story(`backend a
    option httpchk GET "/a b" HTTP/1.1
    http-check send hdr "X Y" 'a "b" \\n'
    server "s 1" 127.0.0.1:1
    server s\\ 2 127.0.0.1:1
    server 's3' "127.0.0.1":'1' weight "5
backend "b c"
    server a 127.0.0.1:1
`),
  'quotes, escapes and variables': story(`backend a
    server s3 "127.0.0.1":'1' weight "5"
    server s4 127.0.0.1:\\1 weight '5'\\
backend b
    server s \${NOTSET}127.0.0.1:1
    server t "\${NOTSET}127.0.0.1:1"
    server u '\${NOTSET}127.0.0.1:1'
    server v "\${NOTSET-127.0.0.1:5}"
    server w "\${NOTSET[*]}" 1
    server x "\\$HOMEless" 
    server y # comment 127.0.0.1
    server z 127.0.0.1:1 weight 3#x
    server q 127.0.0.1:1 \\x41 \\z \\#
`),
  'settings are repeated on long lines': story(
    `backend a\n    server s 127.0.0.1:1 cookie ${'x'.repeat(3000)}\n    server t 127.0.0.1:1 ${'weight 1 '.repeat(60)}\n`,
  ),
  'one setting many times': story(`backend a\n    server t 127.0.0.1:1 ${'weight 1 '.repeat(31)}\n`, [
    'show servers state',
  ]),
  'servers of disabled proxies are not looked at': story(`backend a
    disabled
    server s 127.0.0.1:1 check
frontend f
    disabled
    bind unix@x
    default_backend zork
listen l
    disabled
    bind unix@y
    server s 127.0.0.1:1 track q/r
backend b
    server s 127.0.0.1:1 track a/s
`),
  'servers track themselves, in circles and nothing': story(`backend a
    server s 127.0.0.1:1 track b/t
    server t 127.0.0.1:1 track s
    server u 127.0.0.1:1 track u
    server v 127.0.0.1:1 check track x
    server w 127.0.0.1:1 track nope/s
    server x 127.0.0.1:1 track nocheck
    server nocheck 127.0.0.1:1
backend b
    server t 127.0.0.1:1 track a/s
`),
  'mails to nowhere': story(`mailers m
    mailer a 127.0.0.1:1
backend a
    email-alert mailers m
    email-alert from a@x
    server s 127.0.0.1:1
backend b
    email-alert mailers nope
    email-alert from a@x
    email-alert to b@x
backend c
    email-alert level zork
    email-alert level
    email-alert zork
    email-alert
    email-alert myhostname
backend d
    email-alert to b@x
    email-alert level info
`),
  'resolvers with wrong settings': story(`resolvers r
    nameserver a 127.0.0.1:1
    nameserver a 127.0.0.1:2
    nameserver
    nameserver b
    resolve_retries x
    timeout zork 1s
    timeout retry
    hold zork 1s
    hold valid
    accepted_payload_size 10
    accepted_payload_size 99999
    zork
resolvers
resolvers r
backend a
    server s foo.example:80 resolvers nope
    server s foo.example:80 resolvers r init-addr none resolve-prefer ipv5
    server s foo.example:80 resolvers r init-addr zork
    server s foo.example:80 resolvers r init-addr none resolve-opts zork
    server s foo.example:80 resolvers r init-addr none resolve-net x
`),
  'settings of servers with wrong values': story(`backend be
    server a 127.0.0.1:1 check observe layer4 error-limit 5 on-error fastinter inter 1h
    server b 127.0.0.1:1 check observe layer7 inter 1h
    server c 127.0.0.1:1 observe layer4
    server d 127.0.0.1:1 check on-error zork
    server e 127.0.0.1:1 check error-limit 0
    server f 127.0.0.1:1 check error-limit
    server g 127.0.0.1:1 check observe
    server h 127.0.0.1:1 check observe zork
    server i 127.0.0.1:1 check on-marked-down zork
    server j 127.0.0.1:1 check on-marked-up
    server k 127.0.0.1:1 check inter 0
    server l 127.0.0.1:1 check fastinter x downinter 1z
    server m 127.0.0.1:1 check rise -1 fall x
    server n 127.0.0.1:1 check port 99999
    server p 127.0.0.1:1 agent-check
    server q 127.0.0.1:1 agent-check agent-port 0
    server r 127.0.0.1:1 agent-check agent-port 1 agent-inter 0 agent-send
    server s 127.0.0.1:1 check check-proto zork
    server t 127.0.0.1:1 check check-sni
    server u 127.0.0.1:1 init-state zork
    server v 127.0.0.1:1 slowstart x
    server w 127.0.0.1:1 weight 257
    server x 127.0.0.1:1 maxconn -1 minconn x
    server y 127.0.0.1:1 check-via-zork
`),
  'log lines with wrong and missing values': story(`global
    log
    log nowhere
    log 127.0.0.1:514
    log 127.0.0.1:514 zork
    log 127.0.0.1:514 local0 zork
    log 127.0.0.1:514 local0 info zork
    log 127.0.0.1:514 local0 info err zork
    log 127.0.0.1:514 len 10 local0
    log 127.0.0.1:514 len 70 format zork local0
    log 127.0.0.1:514 sample 1-5 local0
    log 127.0.0.1:514 sample 1-5:3 local0
    log 127.0.0.1:514 sample 1-2,2-3:5 local0
    log 127.0.0.1:514 profile nope local0
    log fd@99 local0
    log-tag
    log-send-hostname a b
    log-tag-zork
backend be
    log
    log global zork
    log 127.0.0.1
    no log 127.0.0.1
    no log
    log-tag a b
    server a 127.0.0.1:1
`),
  'settings of the process with wrong and missing values': story(`global
    maxconn x
    maxconn
    nbthread 0
    nbthread 99999
    nbthread x
    thread-groups 99
    spread-checks 51
    spread-checks -51
    spread-checks
    max-spread-checks x
    max-spread-checks
    tune.bufsize x
    tune.lua.maxmem x
    tune.lua.burst-timeout 0
    tune.lua.session-timeout x
    tune.lua.forced-yield x
    tune.lua.forced-yield
    tune.lua.log.loggers maybe
    tune.lua.log.stderr zork
    tune.lua.bool-sample-conversion zork
    tune.lua.task-timeout
    hard-stop-after x
    stats timeout x
    stats maxconn x
    stats socket
    stats socket /x mode zork
    stats socket /x level zork
    stats socket /x expose-fd zork
    stats zork
    description
    node a b
    localpeer
    insecure-fork-wanted x
    external-check x
    lua-load
    lua-load nope.lua
    lua-load-per-thread
    lua-prepend-path
    lua-prepend-path x zork
    set-var
    set-var proc.x
    set-var proc.x zork(1)
    set-var txn.x int(1)
    set-var-fmt proc.x
    setenv X
    presetenv
    unsetenv
    resetenv a b
    default-path zork
    user nope
    group nope
    uid x
    daemon x
    pidfile
    no zork
    no maxconn 5
    default maxconn
    server-state-base
    server-state-file
    mworker-max-reloads x
${BACKEND}`),
  'sections that nobody knows, without names and from others': story(
    'zork z\n    a b\nlisten\nfrontend\nbackend\ndefaults a b c\ndefaults\n    zork\nbackend b zork\nbackend c from\nbackend d from nope\n',
  ),
  'ranges of templates are negative and end before they begin': story(
    'backend a\n    server-template t -3 127.0.0.1:1\n    server-template u 0-0 127.0.0.1:1\n    server-template v 3-1 127.0.0.1:1\n',
  ),
})
