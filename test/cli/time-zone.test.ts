/** `--tz`: the time zone of what a command runs. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runHapsim } from '../support/hapsim.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const CONFIG = 'global\n tune.lua.bool-sample-conversion normal\n lua-load x.lua\n stats socket /run/sock\n'
const SCRIPT = 'core.register_init(function() print(os.date("%F %H:%M %z %Z"), os.getenv("TZ")) end)'

const hapsim = async (...args: string[]) => {
  const folder = temporaryFolder('zone')
  writeFileSync(join(folder, 'x.cfg'), CONFIG.replace('x.lua', join(folder, 'x.lua')))
  writeFileSync(join(folder, 'x.lua'), SCRIPT)
  const [command, ...flags] = args
  const { code, out, complaints } = await runHapsim(command!, join(folder, 'x.cfg'), ...flags)
  return { code, output: `${out}\n${complaints}` }
}

describe('hapsim run --tz', () => {
  it.each([
    ['Asia/Kathmandu', '2024-01-01 05:45 +0545 +0545'],
    ['CET-1CEST,M3.5.0,M10.5.0/3', '2024-01-01 01:00 +0100 CET'],
    ['UTC', '2024-01-01 00:00 +0000 UTC'],
  ])('sets the time zone of the process to %s', async (zone, date) => {
    const { code, output } = await hapsim('run', '--for', '1s', '--tz', zone)
    expect(code).toBe(0)
    expect(output).toContain(date)
  })

  it('is overridden by TZ in the environment', async () => {
    const { output } = await hapsim('run', '--for', '1s', '--tz', 'Asia/Kathmandu', '--env', 'TZ=America/New_York')
    expect(output).toContain('2023-12-31 19:00 -0500 EST\tAmerica/New_York')
  })

  it('defaults to UTC, regardless of the host', async () => {
    const before = process.env.TZ
    process.env.TZ = 'Asia/Tokyo'
    try {
      expect((await hapsim('run', '--for', '1s')).output).toContain('2024-01-01 00:00 +0000 UTC\tnil')
    } finally {
      if (before === undefined) delete process.env.TZ
      else process.env.TZ = before
    }
  })

  it.each(['europe/berlin', 'XYZ', 'CET-1CEST,M3.5.0'])('describes valid time zones: %s', async (zone) => {
    const { code, output } = await hapsim('run', '--tz', zone)
    expect([code, output]).toEqual([
      2,
      expect.stringContaining('unknown time zone; expected a name such as Europe/Berlin or'),
    ])
  })
})
