/** The Lua modules of lua/modules/, which replace C modules; processes find them in a folder that exists nowhere else. */
import { readdirSync, readFileSync } from 'node:fs'
import type { GivenFiles } from './files.js'

/** The folder in which processes find the modules: the same on every machine, as scripts see it. */
export const STAND_INS_FOLDER = '/usr/share/hapsim/modules'

const SOURCES = new URL('../../lua/modules/', import.meta.url)

let known: GivenFiles | undefined

/** The modules by path. They are read once. */
export const standIns = (): GivenFiles => (known ??= readAll())

const readAll = (): GivenFiles =>
  Object.fromEntries(
    readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.lua'))
      .map((name) => [`${STAND_INS_FOLDER}/${name}`, readFileSync(new URL(name, SOURCES))]),
  )
