/** Coverage of Lua scripts: collected by simulations that have a `LuaCoverage`, reported by istanbul. */
export { LuaCoverage, type CoverageRange, type IstanbulData, type ScriptCounts } from '../lua/index.js'
export { includeAll } from './all.js'
export { prepareDirectory, reportCoverage, type CoverageOutput } from './report.js'
export {
  checkReporters,
  checkThresholds,
  COVERAGE_REPORTERS,
  CoverageError,
  MEASURES,
  parseThresholds,
  type CoverageReporter,
  type CoverageSettings,
  type Measure,
  type Thresholds,
} from './settings.js'
