/**
 * What the parts of a process share: time, tasks, randomness, the host, the configuration and the logs. A part takes this and, by
 * name, the few other parts that it calls; the process itself is known to those alone who assemble one.
 */
import type { Configuration } from '../config/model/configuration.js'
import type { Variables } from '../config/syntax/environment.js'
import type { PublicKey } from '../hash/public-key.js'
import type { Clock, Micros } from '../engine/clock.js'
import type { Random } from '../engine/random.js'
import type { Scheduler } from '../engine/scheduler.js'
import type { ThreadGroup } from '../engine/thread-group.js'
import type { LocalTime } from '../engine/time-zone/index.js'
import type { Trace } from '../engine/trace.js'
import type { Network } from '../net/network.js'
import type { ProcessCounters } from './counters/process.js'
import type { SubscriptionList } from './events/events.js'
import type { Files } from './files.js'
import type { Logger } from './logs/logger.js'
import type { PatternReferences } from './patterns/references.js'
import type { ProcessVariables } from './samples/variables.js'
import type { ProcessLimits } from './stats/limits.js'
import type { Machine } from './world.js'

export interface ProcessContext {
  /** identifies the process in traces */
  readonly name: string
  readonly configuration: Configuration
  readonly scheduler: Scheduler
  readonly clock: Clock
  /** the threads that its tasks run on */
  readonly threads: ThreadGroup
  readonly trace: Trace
  readonly logger: Logger
  /** the root of its random streams */
  readonly random: Random
  /** varies the intervals of checks */
  readonly checkRandom: Random
  readonly network: Network
  readonly files: Files
  /** the keys of the files that the configuration names, by these names */
  readonly publicKeys: ReadonlyMap<string, PublicKey>
  readonly machine: Machine
  /** environment variables: while a script is loaded, as of its line of the configuration, afterwards as of the end */
  readonly environment: Variables
  readonly localTime: LocalTime
  /** what is counted for the process as a whole */
  readonly counters: ProcessCounters
  /** the variables of the scope `proc`, and the limits of all */
  readonly variables: ProcessVariables
  /** subscriptions to the events of all servers */
  readonly events: SubscriptionList
  /** the patterns of ACLs and maps */
  readonly patterns: PatternReferences
  readonly limits: ProcessLimits
  /** the configuration is not checked yet: proxies and servers have no automatic numbers */
  readonly loading: boolean
  /** a soft stop has been requested */
  readonly isStopping: boolean
  /** the process is being started: changes to the first state of servers are not logged */
  readonly starting: boolean
  /** when it was started, on the clock of the run */
  readonly startedAt: Micros
}
