/** The filter `spoe` (src/flt_spoe.c). */
import { resolveLogTargets } from '../../log-targets.js'
import type { SpoeFilter } from '../../model/filters.js'
import type { FilterKeyword, FilterReader } from '../keyword.js'
import { makeAgent } from './engine.js'
import { readSpoeFile } from './file.js'

const read = (reader: FilterReader): SpoeFilter => {
  let engine: string | undefined
  let path: string | undefined
  while (reader.word !== '') {
    const option = reader.next()
    if (option !== 'config' && option !== 'engine') reader.fail(`unknown keyword '${option}'`)
    const value = reader.next()
    if (value === '') reader.fail(`'spoe' : '${option}' option without value`)
    if (option === 'config') path = value
    else engine = value
  }
  if (path === undefined) return reader.fail("'spoe' : missing config file")
  const { context, line, proxy } = reader
  const file = readSpoeFile(context, line, proxy, engine, path)
  if (file === undefined) return { kind: 'spoe', engine, file: path, agent: undefined }
  if ('error' in file) return reader.fail(file.error)
  const agent = makeAgent(context, line, proxy, file, path)
  return { kind: 'spoe', engine: engine ?? agent.name, file: path, agent }
}

/** Engines have different names, their backends the mode `spop`, and the targets of their logs exist (`spoe_check`). */
const check: FilterKeyword['check'] = (filter, context, proxy, diagnostics) => {
  if (filter.kind !== 'spoe' || !filter.agent) return undefined
  const { engine, agent } = filter
  const isDuplicate = proxy.traffic.filters.some(
    (other) => other.kind === 'spoe' && other !== filter && other.engine === engine,
  )
  if (isDuplicate) return `Proxy ${proxy.name} : duplicated name for SPOE engine '${engine}'.`
  const owner = `SPOE agent '${agent.name}' declared at ${agent.place.file}:${agent.place.line}`
  const target = context.backend(agent.backend)
  if (!target) return `Proxy ${proxy.name} : unknown backend '${agent.backend}' used by ${owner}.`
  // of configurations for earlier versions
  if (target.settings.mode === 'tcp') target.change({ mode: 'spop' })
  if (target.settings.mode !== 'spop')
    return `Proxy ${proxy.name} : backend '${target.name}' used by ${owner} must use SPOP mode.`
  resolveLogTargets(context, agent.logs, `SPOE agent section '${agent.name}'`, diagnostics)
  return undefined
}

export const SPOE_FILTER: FilterKeyword = { names: ['spoe'], read, check }
