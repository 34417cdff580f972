/** Sections `traces` are read as the real HAProxy reads them, lists of what it knows included. */
import { expect, test } from 'vitest'
import { describeUpstream } from '../../support/upstream.js'
import { askHaproxy, askHapsim } from '../compare.js'

const FRONTEND = 'frontend f\n bind :1\n timeout client 1s\n'

const SOURCES = [
  'acme',
  'ssl',
  'h3',
  'quic',
  'qmux',
  'h2',
  'h1',
  'fcgi',
  'stream',
  'spop',
  'peers',
  'check',
  'applet',
  'pt',
  'session',
]

const COMMANDS = ['event', 'start', 'stop', 'pause', 'level', 'lock', 'verbosity', 'follow', 'sink']

const LINES = [
  ...[
    '',
    'foo',
    '0',
    'all',
    'all foo',
    'all event any',
    'all level',
    'all level state',
    'all level foo',
    'all follow',
    'all follow h1',
  ],
  ...[
    'all sink',
    'all sink none',
    'h1',
    'h1 foo',
    'h1 event foo',
    'h1 event any',
    'h1 event none',
    'h1 event now',
    'h1 event h1c_new',
  ],
  ...[
    'h1 event -h1c_new',
    'h1 event +-!',
    'h1 start now',
    'h1 start foo',
    'h1 start h1c_new',
    'h1 level foo',
    'h1 level error level data',
  ],
  ...[
    'h1 lock foo',
    'h1 lock h1s',
    'h1 lock applet',
    'applet lock applet',
    'applet lock appctx',
    'applet lock',
    'quic lock qconn',
  ],
  ...[
    'h1 verbosity foo',
    'h1 verbosity quiet',
    'h1 verbosity default',
    'session verbosity default',
    'session verbosity clean',
  ],
  ...[
    'h1 follow foo',
    'h1 follow session',
    'h1 follow none',
    'h1 sink foo',
    'h1 sink buf0',
    'h1 sink stderr level user start foo',
  ],
]

const compare = (text: string): void => expect(askHapsim(text), text).toEqual(askHaproxy(text))

describeUpstream('the section traces', () => {
  test('lines', () => {
    for (const line of LINES) compare(`traces\n trace ${line}\n${FRONTEND}`)
    for (const line of ['foo', 'tracee h1', 'traces x', 'trce']) compare(`traces\n ${line}\n${FRONTEND}`)
  })

  test('lists of all sources', () => {
    for (const source of SOURCES)
      compare(`traces\n${COMMANDS.map((each) => ` trace ${source} ${each}\n`).join('')}${FRONTEND}`)
  })

  test('settings are shown in later lists', () => {
    for (const lines of [
      'h1 start now',
      'h1 start any',
      'h1 start h1c_new stop h1c_end pause any event -h1c_new',
      'h1 event none event h1c_new event !h1c_err',
      'h1 level data verbosity complete lock h1s sink buf0 follow session',
      'all level proto follow session sink stdout',
      'h1 start now\n trace 0',
    ])
      compare(`traces\n trace ${lines}\n trace\n${COMMANDS.map((each) => ` trace h1 ${each}\n`).join('')}${FRONTEND}`)
  })
})
