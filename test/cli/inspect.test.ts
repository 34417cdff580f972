import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { inspectOption } from '../../src/cli/inspect.js'

const parse = (...args: string[]): unknown =>
  new Command()
    .addOption(inspectOption())
    .option('--seed <n>')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parse(args, { from: 'user' })
    .opts()['inspect']

describe('--inspect', () => {
  it.each([
    [['--inspect'], { port: 4711 }],
    [['--inspect', '--seed', '2'], { port: 4711 }],
    [['--inspect', '5000'], { port: 5000 }],
    [['--inspect=0'], { port: 0 }],
    [['--inspect', 'stdio'], 'stdio'],
  ])('accepts a port, stdio, or no value: %s', (args, listen) => expect(parse(...args)).toEqual(listen))

  it.each(['x', '65536', '-1'])('rejects %s', (port) =>
    expect(() => parse(`--inspect=${port}`)).toThrow(/expected a port or stdio/),
  )
})
