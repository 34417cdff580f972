/** The setting `all`: reports scripts below the working directory that have not been loaded. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fsErrorText } from '../disk/directory.js'
import type { LuaCoverage } from '../lua/index.js'
import { DEFAULT_DIRECTORY, isIncluded } from './report.js'
import type { CoverageSettings } from './settings.js'

const SCRIPT = /\.lua$/
const TEST = /_(?:test|spec)\.lua$/

/**
 * Adds scripts to `coverage` of which nothing has run: files `*.lua` that `include` and `exclude` select, except tests (`*_test.lua`,
 * `*_spec.lua`) and files in hidden directories, in `node_modules` and in the directory of reports. Returns an error message for each script
 * that cannot be added.
 */
export const includeAll = (coverage: LuaCoverage, settings: CoverageSettings): string[] => {
  const reports = resolve(settings.directory ?? DEFAULT_DIRECTORY)
  return findScripts(process.cwd(), reports)
    .filter((path) => isIncluded(path, settings))
    .flatMap((path) => {
      try {
        const problem = coverage.include(path, readFileSync(path))
        return problem === undefined ? [] : [`${problem.replace(path, nameOf(path))} (the script is not counted)`]
      } catch (error) {
        return [`${nameOf(path)}: ${fsErrorText(error)} (the script is not counted)`]
      }
    })
}

const nameOf = (path: string): string => relative(process.cwd(), path)

const findScripts = (directory: string, excluded: string): string[] =>
  readdirSync(directory, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(directory, entry.name)
      if (entry.isDirectory())
        return entry.name.startsWith('.') || entry.name === 'node_modules' || path === excluded
          ? []
          : findScripts(path, excluded)
      return SCRIPT.test(entry.name) && !TEST.test(entry.name) ? [path] : []
    })
