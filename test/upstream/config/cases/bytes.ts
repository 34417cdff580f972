/** Configurations with bytes that are not ASCII; `raw` has a character for each byte. */
import { fromByteString } from '../../../../src/bytes/text.js'
import { backend, global, listen, when, type Case } from './texts.js'

const raw = (name: string, text: string): Case => ({ name: `bytes: ${name}`, text: fromByteString(text) })

export const BYTES: readonly Case[] = [
  raw('a byte order mark', `\xef\xbb\xbf${global('maxconn 10')}`),
  raw('an unknown keyword', listen('caf\xc3\xa9 x', 'caf\xe9 y', '\xff z', 'timeout caf\xe9 1s', 'option \xc3\xa9')),
  raw('a keyword that is nearly right', listen('balanc\xc3\xa9 roundrobin')),
  raw('names of proxies', `backend caf\xc3\xa9\nbackend \xff\nbackend a\xc2\xa0b\n`),
  raw('names of servers', backend('server caf\xc3\xa9 1.2.3.4:80', 'server \xff 1.2.3.4:80')),
  raw('an unmatched quote behind them', `${listen('mode tcp')} foo \xc3\xa9\xff "caf\xc3\xa9\n`),
  raw('a far unmatched quote', `${listen('mode tcp')} foo ${'\xc3\xa9'.repeat(60)} "x\n`),
  raw('an empty word behind them', listen(`log-tag "\xc3\xa9\xff" "" x`, `description \xc3\xa9\xe9 '' x`)),
  raw('too many words', listen(`description ${'\xc3\xa9 '.repeat(70)}`)),
  raw('an invalid hexadecimal sequence behind them', listen('log-tag \xc3\xa9\\xzz')),
  raw('hexadecimal sequences', listen('log-tag \\xff\\xc3\\xa9\xc3\xa9', 'caf\\xc3\\xa9', '\\xff \\xe9')),
  raw('half a character in hexadecimal', listen('caf\xc3\\xa9')),
  raw('conditions', when('streq("\xc3\xa9","\xc3\xa9")') + when('streq("\xff","\xfe")') + when('\xc3\xa9 && x')),
  raw('a condition with a fault behind them', when('streq("\xc3\xa9\xff", x')),
  raw('spaces of Unicode', listen('mode\xc2\xa0http', 'mode http\xc2\xa0', '\xe3\x80\x80mode http')),
  raw('messages', '.warning "caf\xc3\xa9 \xff"\n.notice "\xff"\n.alert "\xc3\xa9\\xff"\n'),
  raw('a scope', '[caf\xc3\xa9]\n'),
  raw('behind a scope', '[a] \xc3\xa9\n'),
  raw(
    'addresses',
    backend('server a caf\xc3\xa9:80', 'server b 1.2.3.4:\xc3\xa9', 'server c 1.2.3.4 check inter \xff'),
  ),
  raw(
    'expressions',
    backend('option httpchk', "http-check expect rstatus '\xc3\xa9('", "http-check expect rstring '[\xff'"),
  ),
  raw(
    'numbers and durations',
    listen('timeout check 1\xc3\xa9', 'timeout check \xc3\xa9', 'timeout check 1s\xc3\xa9', 'maxconn 1\xc3\xa9'),
  ),
  raw('identifiers', listen('guid a\xc3\xa9', 'balance random(2\xc3\xa9)', 'id \xc3\xa9')),
  raw('digits of bytes', backend('option tcp-check', 'tcp-check send-binary \xc3\xa9', 'tcp-check send-binary 0\xe9')),
  raw('rules of checks', backend('option tcp-check', 'tcp-check \xff', 'tcp-check expect caf\xc3\xa9 x')),
  raw('a stray NUL behind them', `${listen('mode tcp')} log-tag \xc3\xa9\0\xff\n mode http\n`),
  raw('no line feed behind them', `${listen('mode tcp')} log-tag \xc3\xa9\xff`),
]
