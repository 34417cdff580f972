/** Parses configurations with the sample fetches and converters that processes have. */
import {
  parseConfig as parse,
  type ConfigFile,
  type ConfigOptions,
  type Configuration,
} from '../../src/config/index.js'
import { SAMPLES } from '../../src/haproxy/samples/registry.js'

export const parseConfig = (files: readonly ConfigFile[], options: ConfigOptions = {}): Configuration =>
  parse(files, { samples: SAMPLES, ...options })
