/** The commands of a test's file. */
import { Skip } from '../failure.js'
import { barrier } from './barrier.js'
import { client } from './client.js'
import { feature } from './feature.js'
import { haproxy } from './haproxy.js'
import { process } from './process.js'
import { server } from './server.js'
import { shell } from './shell.js'
import { delay, filewrite, include, setenv, title } from './small.js'
import { syslog } from './syslog.js'
import type { Command, Commands, Nested, Test } from '../test.js'

/** Commands that are about Varnish, or are not emulated. */
const notEmulated: Command<Test> = (words) => {
  throw new Skip(`${words.name} is not emulated`, words.name)
}

export const TOP_COMMANDS: Commands<Test> = {
  client,
  feature,
  filewrite,
  haproxy,
  process,
  server,
  setenv,
  syslog,
  varnishtest: title,
  vtest: title,
  tunnel: notEmulated,
  varnish: notEmulated,
  logexpect: notEmulated,
  vsm: notEmulated,
}

/** Commands that every script may contain. */
export const SHARED_COMMANDS: Readonly<Record<string, Command<Nested>>> = { barrier, delay, include, shell }
