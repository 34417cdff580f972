/**
 * Agent checks: an agent beside the server reports its health, and may ask for a weight, a maxconn or an administrative state
 * (`agent-check`; `tcpcheck_agent_expect_reply` in src/tcpcheck.c).
 */
import { makeReady, setDrain, setMaintenance, setMaxconn, setWeight } from '../server/control.js'
import type { Server } from '../server/server.js'
import type { Check } from './check.js'
import type { Finding } from '../../config/checks/finding.js'
import {
  connect,
  expect,
  makeProgram,
  sendFormat,
  type CustomVerdict,
  type Program,
} from '../../config/checks/program.js'
import { STATUS } from '../../config/checks/status.js'
import { setCheckStatus } from './result.js'

/** The dialogue with the agent of `server`. */
export const agentProgram = (server: Server, check: Check): Program =>
  makeProgram(
    'agent',
    [
      connect(),
      sendFormat(0, '%[var(check.agent_string)]', false),
      expect(1, { type: 'custom', judge: ({ input, lastRead }) => judgeReply(server, check, input, lastRead) }),
    ],
    check.target.send === undefined ? undefined : { agent_string: check.target.send },
  )

/** The words of a reply, by kind; the last one of a kind counts. */
interface Words {
  /** up, down, stopped or fail */
  health: string | undefined
  /** ready, drain or maint */
  admin: string | undefined
  /** `50%` */
  weight: string | undefined
  /** `maxconn:30` */
  maxconn: string | undefined
  /** the first unknown word */
  unknown: string | undefined
  /** the text after `#` */
  comment: string
}

const judgeReply = (server: Server, check: Check, input: string, lastRead: boolean): CustomVerdict => {
  // switched off since the request was sent: the answer is ignored
  if (!check.enabled) return 'wait'
  const line = /^[^\0\n\r]*/.exec(input)![0]
  if (line.length === input.length || input[line.length] === '\0') {
    if (!lastRead) return 'wait'
    const finding = { status: check.status, info: 'Ignoring incomplete line from agent' }
    if (check.status.result !== 'UNKNOWN') return { ended: finding }
    // without an earlier result HAProxy records this one and waits until the timeout
    setCheckStatus(server, check, finding)
    return 'wait'
  }
  return { ended: follow(server, check, parseWords(line)) }
}

const parseWords = (line: string): Words => {
  const words: Words = {
    health: undefined,
    admin: undefined,
    weight: undefined,
    maxconn: undefined,
    unknown: undefined,
    comment: '',
  }
  let rest = line
  for (;;) {
    rest = rest.replace(/^[ \t,]+/, '')
    if (rest === '') return words
    if (rest[0] === '#') {
      words.comment = rest.slice(1).replace(/^[ \t]+/, '')
      return words
    }
    const word = /^[^][^ \t,]*/.exec(rest)![0]
    rest = rest.slice(word.length)
    const kind = kindOf(word)
    if (kind !== 'unknown') words[kind] = word
    else words.unknown ??= word
  }
}

const kindOf = (word: string): Exclude<keyof Words, 'comment'> => {
  if (/^(?:up|down|stopped|fail)$/i.test(word)) return 'health'
  if (/^(?:ready|drain|maint)$/i.test(word)) return 'admin'
  if (/^\d.*%/.test(word)) return 'weight'
  return /^maxconn:/i.test(word) ? 'maxconn' : 'unknown'
}

/** Does what the agent asks for. Returns the finding. */
const follow = (server: Server, check: Check, words: Words): Finding => {
  const { health, unknown } = words
  const isUp = health?.toLowerCase() === 'up'
  if (health !== undefined) check.health = isUp ? check.rise + check.fall - 1 : 0
  if (words.admin !== undefined) ADMIN[words.admin.toLowerCase()]!(server)
  let warning: string | undefined
  if (words.weight !== undefined) warning = setWeight(server, words.weight)
  if (words.maxconn !== undefined) warning ??= setMaxconn(server, words.maxconn.slice('maxconn:'.length))
  if (health !== undefined) {
    const details = words.comment === '' || isUp ? (unknown ?? warning ?? words.comment) : words.comment
    const info = `via agent : ${health}${details === '' ? '' : ` (${details})`}`
    return { status: isUp ? STATUS.L7OK : STATUS.L7STS, code: 0, info }
  }
  if (unknown !== undefined) return { status: STATUS.CHECKED, info: `agent reports an error : ${unknown}` }
  if (warning !== undefined) return { status: STATUS.CHECKED, info: `agent warns : ${warning}` }
  return { status: STATUS.CHECKED }
}

const ADMIN: Readonly<Record<string, (server: Server) => void>> = {
  ready: makeReady,
  drain: setDrain,
  maint: setMaintenance,
}
