/** What `hapsim check` does: a live process is made, looked at as `haproxy -c` looks at it, and what there is to say shown. */
import { decodeText } from '../../bytes/text.js'
import { printable, printableRecord } from '../../bytes/printable.js'
import { jsonText } from '../../bytes/json-text.js'
import type { ConfigFile, Severity } from '../../config/index.js'
import { configurationReader, gapsOf, LiveRun, Operator, type LineWriter, type Spokesman } from '../../live/index.js'
import { findUses, type LuaHost, type ScriptUse } from '../../lua/index.js'
import { CHECK_EXIT_CODES, checkWords, VALID } from '../haproxy/check.js'
import { BUILT_IN, builtIn, isScript, mustBeOfOneKind } from '../built-in.js'
import { readConfigFiles } from '../haproxy/config-files.js'
import { inheritedVariables } from '../haproxy/environment.js'
import { startCommand } from '../run-command.js'
import type { Terminal } from '../terminal.js'
import type { WorldFlags } from '../world.js'
import { endToJson, gapToJson, messageToJson, uncalledToJson, unreadToJson, useToJson } from './json.js'
import { findingsToText } from './text.js'

export interface CheckFlags extends Pick<WorldFlags, 'env' | 'tz' | 'lua' | 'allowExec' | 'allowWrite' | 'startLimit'> {
  readonly json?: true
}

/** Returns HAProxy's exit code. */
export const runCheck = (names: readonly string[], flags: CheckFlags, terminal: Terminal): number => {
  const json = flags.json === true
  const operator = json
    ? jsonOperator(terminal)
    : new Operator({ stderr: linesTo((text) => terminal.complain(printable(text))), pid: process.pid })
  const files = filesOf(names)
  if ('error' in files) {
    operator.say('alert', files.error)
    if (json) terminal.write(endToJson('failed', CHECK_EXIT_CODES.failed, []))
    return CHECK_EXIT_CODES.failed
  }
  const run = makeRun(files, flags, terminal, operator)
  const found = run.check()
  const exitCode = CHECK_EXIT_CODES[found.result]
  const own = names.some(isScript) ? BUILT_IN : undefined
  const gaps = gapsOf(run.haproxy.process.configuration).filter(({ place }) => place.file !== own)
  const unread = run.haproxy.process.configuration.unparsed.filter(({ file }) => file !== own)
  const uses = usesOf(run.haproxy.lua)
  const uncalled = [...run.haproxy.lua.registrations.all].filter(({ kind }) => kind !== 'cli')
  if (json) {
    for (const each of uncalled) terminal.write(uncalledToJson(each))
    for (const each of uses) terminal.write(useToJson(each))
    for (const gap of gaps) terminal.write(gapToJson(gap, files))
    for (const place of unread) terminal.write(unreadToJson(place))
    terminal.write(endToJson(found.result, exitCode, gaps, unread))
  } else {
    const valid = unread.length === 0 ? VALID : `${VALID} as far as hapsim reads it: ${notRead(unread.length)}`
    for (const line of checkWords(found, true)) terminal.write(line === VALID ? valid : line)
    const findings = findingsToText(printableRecord({ gaps, unread, uses, uncalled }), terminal.colours)
    if (findings !== '') terminal.write(findings)
    else if (found.result !== 'failed') terminal.write('hapsim leaves out nothing of it.')
  }
  return exitCode
}

const notRead = (lines: number): string => (lines === 1 ? 'a line is not read.' : `${lines} lines are not read.`)

const usesOf = (lua: LuaHost): readonly ScriptUse[] =>
  [...lua.scripts].flatMap(([name, source]) => findUses(name, source, lua.allow))

const filesOf = (names: readonly string[]): readonly ConfigFile[] | { readonly error: string } => {
  mustBeOfOneKind(names)
  return names.some(isScript) ? [builtIn(names)] : readConfigFiles(names)
}

const makeRun = (files: readonly ConfigFile[], flags: CheckFlags, terminal: Terminal, operator: Spokesman): LiveRun => {
  const environment = { ...inheritedVariables(flags.tz), ...flags.env }
  const printed = flags.json
    ? linesTo((text) => terminal.write(jsonText({ type: 'print', text })))
    : linesTo((text) => terminal.write(printable(text)))
  return new LiveRun({
    config: configurationReader(files, { environment, checkOnly: true }),
    environment,
    ...(flags.tz !== undefined && { timezone: flags.tz }),
    seed: 1,
    lua: flags.lua,
    allow: { exec: flags.allowExec === true, write: flags.allowWrite === true },
    ...(flags.startLimit !== undefined && { startLimit: flags.startLimit }),
    ...(flags.allowExec && { exec: startCommand(true) }),
    terminals: {
      stdout: printed,
      stderr: flags.json ? printed : linesTo((text) => terminal.complain(printable(text))),
    },
    operator,
    complain(text, gap) {
      // of gaps there is a list in the end
      if (gap) return
      if (flags.json) terminal.write(jsonText({ type: 'remark', text }))
      else terminal.complain(printable(`hapsim: ${text}`))
    },
  })
}

const jsonOperator = (terminal: Terminal): Spokesman => ({
  say: (severity: Severity, text: string) => terminal.write(messageToJson(severity, text)),
  started: () => undefined,
})

const linesTo = (say: (text: string) => void): LineWriter => ({
  write(bytes) {
    say(decodeText(bytes).replace(/\n$/, ''))
    return true
  },
})
