/** What `hapsim run` and `hapsim explore` show with --quiet, --verbose and --only. */
import { describe, expect, it } from 'vitest'
import { runHapsim } from '../support/hapsim.js'

const hapsim = async (...args: readonly string[]) => {
  const { lines, ...rest } = await runHapsim(...args)
  return { ...rest, out: lines }
}

const DEMO = ['run', 'lua/mailers.lua', '--for', '20s', '--at', '5s=down app/web1', '--at', '15s=up app/web1']

/** The second column. */
const kinds = (out: readonly string[]) => out.map((text) => /^ *[\d.]+s {2}(\w+)/.exec(text)?.[1])

describe('hapsim run', () => {
  it('shows alerts and the last line with --quiet', async () => {
    const { out } = await hapsim(...DEMO, '-q')
    expect(kinds(out)).toEqual(['alert', 'end'])
    expect(out[0]).toContain('Server app/web1 is DOWN')
  })

  it('shows the kinds selected with --only, and counts all', async () => {
    const { out } = await hapsim(...DEMO, '--only', 'mail,action')
    expect(kinds(out)).toEqual(['start', 'world', 'mail', 'world', 'mail', 'end'])
    expect(out.at(-1)).toMatch(/2 mails, \d+ events, 2 log lines/)
  })

  it('shows connections and requests with --verbose, and all that it shows without', async () => {
    const [plain, verbose] = [await hapsim(...DEMO), await hapsim(...DEMO, '-v')]
    const added = verbose.out.filter((text) => !plain.out.includes(text))
    expect(verbose.out.filter((text) => plain.out.includes(text))).toEqual(plain.out)
    expect(new Set(kinds(added))).toEqual(new Set(['connect', 'request']))
    expect(added.some((text) => text.endsWith('OPTIONS / at app/web1'))).toBe(true)
    expect(added.some((text) => text.endsWith('10.0.0.1:80: Connection refused'))).toBe(true)
  })

  it('selects records of --json in the same way', async () => {
    const types = async (...args: string[]) =>
      (await hapsim(...DEMO, '--json', ...args)).out.map((text) => (JSON.parse(text) as { type: string }).type)
    expect(await types('--only', 'mail')).toEqual(['mail', 'mail', 'end'])
    expect(await types('-q')).toEqual(['log', 'end'])
    expect(await types('-v')).toEqual(expect.arrayContaining(['connect', 'request', 'event']))
  })

  it('has the same trace hash whatever is shown', async () => {
    const trace = async (...args: string[]) => /trace (\w+)/.exec((await hapsim(...DEMO, ...args)).out.at(-1)!)![1]
    const baseline = await trace()
    for (const flag of ['-q', '-v', '--only=print']) expect(await trace(flag)).toBe(baseline)
  })

  it('always shows why HAProxy does not start', async () => {
    for (const choice of ['-q', '--only=mail']) {
      const { code, out } = await hapsim('run', 'test/cli/no-such-file.cfg', choice)
      expect(code).toBe(1)
      expect(out.join('\n')).toContain('Cannot open configuration file/directory')
    }
  })

  it.each([
    [['--only', 'mails'], /'mails' is not one of log, message, event, mail, cli, print, action/],
    [['-q', '-v'], /'-q, --quiet' cannot be used with option '-v, --verbose'/],
    [['-q', '--only', 'mail'], /cannot be used with/],
    [['--live', '-q'], /--live/],
  ])('rejects %j', async (args, message) => {
    const { code, complaints } = await hapsim(...DEMO, ...args)
    expect(code).toBe(2)
    expect(complaints).toMatch(message)
  })

  it('documents times without a unit in --help', async () => {
    const { out } = await hapsim('run', '--help')
    expect(out.join('\n')).toContain("'5=…' after 5 ms")
  })
})
