/** The implementation of `hapsim check`: validates the configuration with a live process as `haproxy -c` does and prints the findings. */
import { decodeText } from '../../bytes/text.js'
import { printable, printableRecord } from '../../bytes/printable.js'
import { jsonText } from '../../bytes/json-text.js'
import type { ConfigFile, Severity } from '../../config/index.js'
import {
  configurationReader,
  findGaps,
  LiveRun,
  StderrConsole,
  type LineWriter,
  type OperatorConsole,
} from '../../live/index.js'
import { findUses, type LuaHost, type ScriptUse } from '../../lua/index.js'
import { CHECK_EXIT_CODES, checkResultLines, VALID_TEXT } from '../haproxy/check.js'
import { BUILT_IN_NAME, builtInConfig, isScript, rejectMixedFiles } from '../built-in.js'
import { readConfigFiles } from '../haproxy/config-files.js'
import { inheritedVariables } from '../haproxy/environment.js'
import { startExternalCommand } from '../external-command.js'
import type { Terminal } from '../terminal.js'
import type { WorldFlags } from '../world.js'
import { endToJson, gapToJson, messageToJson, unreadToJson, useToJson } from './json.js'
import { findingsToText } from './text.js'

export interface CheckFlags extends Pick<
  WorldFlags,
  'env' | 'tz' | 'lua' | 'modules' | 'allowExec' | 'allowWrite' | 'startLimit'
> {
  readonly json?: true
}

/** Returns HAProxy's exit code. */
export const runCheck = (names: readonly string[], flags: CheckFlags, terminal: Terminal): number => {
  const json = flags.json === true
  const operator = json
    ? jsonOperator(terminal)
    : new StderrConsole({ stderr: linesTo((text) => terminal.writeError(printable(text))), pid: process.pid })
  const files = readFiles(names)
  if ('error' in files) {
    operator.write('alert', files.error)
    if (json) terminal.write(endToJson('failed', CHECK_EXIT_CODES.failed, []))
    return CHECK_EXIT_CODES.failed
  }
  const run = makeRun(files, flags, terminal, operator)
  const found = run.check()
  const exitCode = CHECK_EXIT_CODES[found.result]
  const builtInName = names.some(isScript) ? BUILT_IN_NAME : undefined
  const gaps = findGaps(run.haproxy.process.configuration).filter(({ place }) => place.file !== builtInName)
  const unread = run.haproxy.process.configuration.unparsed.filter(({ file }) => file !== builtInName)
  const uses = findAllUses(run.haproxy.lua)
  if (json) {
    for (const each of uses) terminal.write(useToJson(each))
    for (const gap of gaps) terminal.write(gapToJson(gap, files))
    for (const place of unread) terminal.write(unreadToJson(place))
    terminal.write(endToJson(found.result, exitCode, gaps, unread))
  } else {
    const valid =
      unread.length === 0 ? VALID_TEXT : `${VALID_TEXT} as far as hapsim checks it: ${notRead(unread.length)}`
    for (const line of checkResultLines(found, true)) terminal.write(line === VALID_TEXT ? valid : line)
    const findings = findingsToText(printableRecord({ gaps, unread, uses }), terminal.colours)
    if (findings !== '') terminal.write(findings)
    else if (found.result !== 'failed') terminal.write('hapsim emulates all of it.')
  }
  return exitCode
}

const notRead = (lines: number): string =>
  lines === 1 ? '1 line is not fully checked.' : `${lines} lines are not fully checked.`

const findAllUses = (lua: LuaHost): readonly ScriptUse[] =>
  [...lua.scripts].flatMap(([name, source]) => findUses(name, source, lua.allow))

const readFiles = (names: readonly string[]): readonly ConfigFile[] | { readonly error: string } => {
  rejectMixedFiles(names)
  return names.some(isScript) ? [builtInConfig(names)] : readConfigFiles(names)
}

const makeRun = (
  files: readonly ConfigFile[],
  flags: CheckFlags,
  terminal: Terminal,
  operator: OperatorConsole,
): LiveRun => {
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
    modules: flags.modules === true,
    allow: { exec: flags.allowExec === true, write: flags.allowWrite === true },
    ...(flags.startLimit !== undefined && { startLimit: flags.startLimit }),
    ...(flags.allowExec && { exec: startExternalCommand(true) }),
    streams: {
      stdout: printed,
      stderr: flags.json ? printed : linesTo((text) => terminal.writeError(printable(text))),
    },
    operator,
    warn(text, gap) {
      // gaps are listed at the end
      if (gap) return
      if (flags.json) terminal.write(jsonText({ type: 'remark', text }))
      else terminal.writeError(printable(`hapsim: ${text}`))
    },
  })
}

const jsonOperator = (terminal: Terminal): OperatorConsole => ({
  write: (severity: Severity, text: string) => terminal.write(messageToJson(severity, text)),
  started: () => undefined,
})

const linesTo = (say: (text: string) => void): LineWriter => ({
  write(bytes) {
    say(decodeText(bytes).replace(/\n$/, ''))
    return true
  },
})
