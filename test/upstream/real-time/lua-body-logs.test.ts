/** What a script logs in its body is seen where its line is before those of `log`, and lost behind them, as in the real HAProxy. */
import { expect, it } from 'vitest'
import { Simulation } from '../../../src/sim/index.js'
import { RealHaproxy } from '../support/real-haproxy.js'
import { describeUpstream } from '../support/upstream.js'

const SCRIPT = `
core.Info("body")
core.Debug("debug of the body")
core.register_init(function() core.Info("init") core.Debug("debug of init") end)
`
const LINES = {
  load: '    lua-load script.lua',
  log: '    log stdout format raw local0',
  quiet: '    log stdout format raw local0 notice',
}
const ORDERS: Readonly<Record<string, readonly (keyof typeof LINES)[]>> = {
  'before log': ['load', 'log'],
  'after log': ['log', 'load'],
  'between two of them': ['log', 'load', 'log'],
  'without log': ['load'],
  'before log of a higher level': ['load', 'quiet'],
}

describeUpstream('a line of lua-load', () => {
  it.each(Object.entries(ORDERS))('%s', async (_, order) => {
    const config = `global
    stats socket @DIR@/sock
    tune.lua.bool-sample-conversion normal
${order.map((name) => LINES[name]).join('\n')}
`
    const real = await RealHaproxy.start(config, { 'script.lua': SCRIPT })
    const sim = new Simulation()
    const haproxy = sim.haproxy({
      config: config.replaceAll('@DIR@', '/run'),
      files: { 'script.lua': SCRIPT },
      directory: false,
    })
    try {
      haproxy.start()
      sim.advance('100ms')
      const withoutTime = (line: string) => line.replace(/^(\[\w+\]) .* : /, '$1 ')
      const lines = [...real.messages, ...real.output].map(withoutTime).filter((line) => /body|init/.test(line))
      expect([...haproxy.output, ...haproxy.logs.map(({ message }) => message)].map(withoutTime).sort()).toEqual(
        // of several targets the record of a log line is one
        [...new Set(lines)].sort(),
      )
    } finally {
      await real.stop()
    }
  })
})
