/** Shared by benchmarks: timing with its uncertainty, and output as tables or, with --json, as data. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Creates a temporary directory, removed at exit. */
export const temporaryFolder = (name) => {
  const folder = mkdtempSync(join(tmpdir(), `hapsim-${name}-`))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The number after an option of the command line. */
export const numberOption = (name, fallback) => {
  const at = process.argv.indexOf(name)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}

/** Measures `action` in milliseconds, `rounds` times after `warmup` rounds. */
export const time = (action, { rounds = 30, warmup = 30 } = {}) => {
  for (let i = 0; i < warmup; i++) action(i)
  const times = []
  for (let i = 0; i < rounds; i++) {
    const start = process.hrtime.bigint()
    action(i)
    times.push(Number(process.hrtime.bigint() - start) / 1e6)
  }
  times.sort((a, b) => a - b)
  return { min: times[0], median: times[times.length >> 1], max: times.at(-1), rounds }
}

/** Prints figures as a table, or as one JSON object with --json. */
export const report = (title, figures) => {
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ title, figures }))
    return
  }
  console.log(title)
  console.table(
    Object.fromEntries(
      Object.entries(figures).map(([name, row]) => [
        name,
        Object.fromEntries(
          Object.entries(row).map(([key, value]) => [
            key,
            typeof value === 'number' ? Number(value.toFixed(2)) : value,
          ]),
        ),
      ]),
    ),
  )
}
