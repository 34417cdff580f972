/** Scripts that nobody loaded, for `all`: files of the working directory that look like scripts. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { diskProblem } from '../disk/folder.js'
import type { LuaCoverage } from '../lua/index.js'
import { isWanted, USUAL_DIRECTORY } from './report.js'
import type { CoverageSettings } from './settings.js'

const SCRIPT = /\.lua$/
const TEST = /_(?:test|spec)\.lua$/

/**
 * Has `coverage` count them as scripts of which nothing ran: all `*.lua` that `include` and `exclude` let through, but for tests
 * (`*_test.lua`, `*_spec.lua`) and what is in hidden folders, in packages of others and in the folder of reports. Returns a line for each
 * that cannot be counted.
 */
export const includeAll = (coverage: LuaCoverage, settings: CoverageSettings): string[] => {
  const reports = resolve(settings.directory ?? USUAL_DIRECTORY)
  return scriptsIn(process.cwd(), reports)
    .filter((path) => isWanted(path, settings))
    .flatMap((path) => {
      try {
        const problem = coverage.include(path, readFileSync(path))
        return problem === undefined ? [] : [`${problem.replace(path, nameOf(path))} (the script is not counted)`]
      } catch (error) {
        return [`${nameOf(path)}: ${diskProblem(error)} (the script is not counted)`]
      }
    })
}

const nameOf = (path: string): string => relative(process.cwd(), path)

const scriptsIn = (folder: string, without: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory())
        return entry.name.startsWith('.') || entry.name === 'node_modules' || path === without
          ? []
          : scriptsIn(path, without)
      return SCRIPT.test(entry.name) && !TEST.test(entry.name) ? [path] : []
    })
