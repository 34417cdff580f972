/** Filters with few arguments: `trace` (src/flt_trace.c), `lua.*`, `opentracing`. */
import type { LuaFilter, OtherFilter, TraceFilter } from '../model/filters.js'
import type { FilterKeyword } from './keyword.js'

export const TRACE_FILTER: FilterKeyword = {
  names: ['trace'],
  read: (reader): TraceFilter => {
    let name: string | undefined
    const flags = new Set<string>()
    for (;;) {
      const { word } = reader
      if (word === 'name') {
        reader.next()
        const value = reader.next()
        if (value === '') reader.fail("'trace' : 'name' option without value")
        if (name !== undefined) reader.fail("'trace' : 'name' option already defined")
        name = value
      } else if (/^(?:quiet|random-parsing|random-forwarding|hexdump)$/.test(word)) flags.add(reader.next())
      else break
    }
    return {
      kind: 'trace',
      name: name ?? 'TRACE',
      quiet: flags.has('quiet'),
      randomForwarding: flags.has('random-forwarding'),
      hexdump: flags.has('hexdump'),
    }
  },
}

/** A filter of a script, whose arguments are all further words (`hlua_filter_parse_fct`, src/hlua.c). */
export const LUA_FILTER: FilterKeyword = {
  names: [],
  read: (reader): LuaFilter => {
    const args = reader.line.from(2)
    reader.at += args.length
    return { kind: 'lua', name: reader.name.slice('lua.'.length), args }
  },
}

/** Not emulated: the words are passed over. */
export const OPENTRACING_FILTER: FilterKeyword = {
  names: ['opentracing'],
  read: (reader): OtherFilter => {
    reader.at += reader.line.from(2).length
    reader.context.markUnparsed(reader.line)
    return { kind: 'opentracing' }
  },
}
