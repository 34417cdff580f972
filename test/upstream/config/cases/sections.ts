/** Sections, what frontends, backends and defaults may have, mailers and durations. */
import { backend, frontend, global, listen, section, type Case } from './texts.js'

export const SECTIONS: readonly Case[] = [
  {
    name: 'options with no and default',
    text: backend(
      'no option log-health-checks',
      'default option log-health-checks',
      'no option httpchk',
      'no option zz',
      'option',
      'option httpclose x',
      'option log-health-checks x',
      'option forceclose',
      'no option redispatch',
    ),
  },
  {
    name: 'options of the other side',
    text: frontend('option allbackups', 'option httpchk a b c d e', 'retries', 'balance foo'),
  },
  { name: 'sections without a name', text: global('foo') + 'backend\n foo\nbackend\n' },
  { name: 'bad names of sections', text: 'backend a#b\n foo\nbackend a$b\nbackend "a b"\n' },
  { name: 'words after the name of a section', text: 'backend a x\nfrontend a :80\n foo\ndefaults a b\n' },
  { name: 'a proxy named twice', text: 'backend b\nbackend b\nlisten l\n bind :1\nfrontend l\n bind :2\n' },
  {
    name: 'a frontend and a backend of one name',
    text: 'frontend a\n bind :80\n timeout client 1s\nbackend a\nlisten a\n',
  },
  { name: 'defaults that are not there', text: 'defaults d1\n timeout client 1s\nfrontend a from d2\n' },
  { name: 'defaults named twice', text: 'defaults d1\ndefaults d1\nfrontend a from d1\n' },
  {
    name: 'defaults used both ways',
    text: 'defaults d1\n timeout client 1s\nfrontend a from d1\n bind :1\nfrontend b\n bind :2\n',
  },
  {
    name: 'defaults replaced after use',
    text: 'defaults a\n timeout client 1s\nfrontend a from a\n bind :80\nbackend a from a\ndefaults a\n',
  },
  {
    name: 'what defaults cannot have',
    text: section(
      'defaults',
      'bind :80',
      'server x y',
      'id 3',
      'description x',
      'default-server inter 3s check',
      'email-alert mailers x',
      'option httpchk',
    ),
  },
  {
    name: 'what backends cannot have',
    text: backend('bind :80', 'default_backend x', 'timeout client 3s', 'maxconn 3', 'option httplog'),
  },
  {
    name: 'what frontends cannot have',
    text: frontend(
      'server x 1.1.1.1',
      'default-server check',
      'timeout server 1s',
      'balance roundrobin',
      'option httpchk',
    ),
  },
  { name: 'ids of proxies', text: 'backend a\n id 4\nbackend c\n id 4\n id 5\n id\n id 0\n id 1 2\n' },
  {
    name: 'keywords of proxies without or with wrong words',
    text: frontend(
      'mode foo',
      'mode',
      'mode log',
      'maxconn',
      'maxconn x',
      'maxconn 1 2',
      'default_backend',
      'timeout',
      'timeout foo',
      'timeout client',
      'disabled x',
      'log-tag',
      'log',
    ),
  },
  {
    name: 'email-alert',
    text: backend('email-alert', 'email-alert foo', 'email-alert level xx', 'email-alert level info'),
  },
  { name: 'email-alert that lacks something', text: backend('email-alert mailers m', 'email-alert from a') },
  {
    name: 'email-alert without its section',
    text: backend('email-alert mailers zz', 'email-alert from a', 'email-alert to b'),
  },
  {
    name: 'email-alert',
    text:
      section('mailers m', 'mailer a 127.0.0.1:25', 'timeout mail 5s') +
      section('mailers n', 'mailer a 127.0.0.1:25') +
      backend(
        'email-alert mailers m',
        'email-alert from a',
        'email-alert to b',
        'email-alert level notice',
        'email-alert myhostname x',
      ),
    onlyHaproxy: [
      "warning: Legacy mailers used by backend 'b' will not be supported anymore in version 3.3. You should use Lua to send email-alerts, see 'examples/lua/mailers.lua' file.",
    ],
    reason: 'whether it is said depends on the scripts: the process says it at its start',
  },
  {
    name: 'mailers',
    text:
      section(
        'mailers m',
        'mailer',
        'mailer a',
        'mailer a 127.0.0.1',
        'mailer a 1.1.1.1:99999',
        'mailer x/y 1.1.1.1:1',
        'timeout',
        'timeout x',
        'timeout mail',
        'timeout mail x',
        'timeout mail 99999d',
        'foo',
        'mailer u unix@/foo',
        'mailer v udp@1.1.1.1:25',
        'mailer w nowhere.invalid:25',
      ) + 'mailers a$b\n',
  },
  { name: 'mailers named twice, or not', text: 'mailers m\nmailers m\nmailers\n' },
  {
    name: 'durations',
    text: backend(
      'timeout queue 5x',
      'timeout server 99999999d',
      'timeout check 5us',
      'timeout tunnel 0',
      'timeout tarpit x',
      'timeout connect 1s x',
    ),
  },
  {
    name: 'durations HAProxy wonders about',
    text: backend(
      'timeout queue 5',
      'timeout check 99',
      'timeout tunnel 1500us',
      'timeout tarpit 100',
      'timeout tarpit 1',
      'timeout server-fin 1s2',
      'server a 1.1.1.1:80 check inter 5 fastinter 1 downinter 1s2',
    ),
  },
  {
    name: 'references to what is not there',
    text:
      'backend b\n mode http\n http-request track-sc0 src\n http-request track-sc1 src table x if TRUE\n' +
      ' use-server s if TRUE\n use-server %[src] if TRUE\n use_backend z\n server a 1.1.1.1:1 track q\n' +
      'frontend f\n mode http\n http-request track-sc2 src\n use_backend z\n use_backend %[src]\n use_backend b if TRUE\n',
  },
  {
    name: 'references to tables that are there',
    text:
      'backend t\n stick-table type ip size 1k\nlisten l\n mode http\n bind :1\n timeout client 1s\n' +
      ' stick-table type ip size 1k\n http-request track-sc0 src\n http-request track-sc1 src table t\n',
  },
  {
    name: 'rules of defaults that track',
    text: 'defaults d\n mode http\n http-request track-sc0 src\nbackend b from d\ndefaults e\n mode http\n http-request track-sc0 src\n',
  },
  {
    name: 'backends of other modes',
    text:
      'frontend f\n mode http\n bind :1\n timeout client 1s\n use_backend z\n default_backend y\nbackend t\n mode tcp\n' +
      'frontend g\n mode http\n bind :2\n timeout client 1s\n use_backend t\n use_backend f\n',
  },
  {
    name: 'an old option of the other side',
    text: 'backend b\n mode http\n option accept-invalid-http-request\n option accept-invalid-http-response\n',
  },
  {
    name: 'options that are old, or take few words',
    text: listen(
      'option accept-invalid-http-request',
      'option accept-invalid-http-request a b',
      'no option accept-invalid-http-response',
      'option tcplog clf',
      'option tcplog x',
      'option http-restrict-req-hdr-names',
      'option http-restrict-req-hdr-names delete',
      'option forwardfor except',
      'option forwardfor header',
      'option originalto except 1.1.1.1/8',
    ),
  },
]
