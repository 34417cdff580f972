/**
 * `balance roundrobin` (src/lb_fwrr.c): each server has a position in time, which advances by the total weight divided by its own each time it
 * is chosen; the server with the earliest position is next. Servers that cannot be placed in the current turn wait in the list of the next
 * one; those that have just come, in `init`.
 */
import type { Proxy } from '../proxy/proxy.js'
import { firstBackup } from '../samples/server-state.js'
import { dynamicMaxconn } from '../server/dynamic-maxconn.js'
import type { Server } from '../server/server.js'
import type { Balancer } from './balancer.js'
import { OrderedList, type Ordered } from './ordered-list.js'

/** Effective weights are user weights times 16 (`BE_WEIGHT_SCALE`), 4096 at most. */
const WEIGHT_SCALE = 16
const USER_WEIGHT_RANGE = 256
const LARGEST_WEIGHT = USER_WEIGHT_RANGE * WEIGHT_SCALE

interface Entry extends Ordered {
  readonly server: Server
  /** the list that it is in; undefined: it is not usable */
  list: OrderedList<Entry> | undefined
  /** its next position, and the rest of the division */
  next: number
  rest: number
  /** its effective weight when it was placed */
  weight: number
}

/** Active servers, or backup servers (`struct fwrr_group`). */
class Group {
  current = new OrderedList<Entry>()
  init = new OrderedList<Entry>()
  following = new OrderedList<Entry>()
  position = 0
  weight = 0
  /** the weight of the next turn */
  nextWeight = 0
}

export class RoundRobin implements Balancer {
  readonly #active = new Group()
  readonly #backup = new Group()
  readonly #entries = new Map<Server, Entry>()

  constructor(readonly proxy: Proxy) {
    for (const server of proxy.servers) {
      const entry = this.#entryOf(server)
      if (!server.counted) continue
      entry.weight = server.effectiveWeight
      const group = this.#groupOf(server)
      group.nextWeight += entry.weight
      queueByWeight(group.init, entry)
    }
    for (const group of [this.#active, this.#backup]) group.position = group.weight = group.nextWeight
  }

  #groupOf({ backup }: Server): Group {
    return backup ? this.#backup : this.#active
  }

  #entryOf(server: Server): Entry {
    let entry = this.#entries.get(server)
    if (!entry) {
      entry = { server, list: undefined, next: 0, rest: 0, weight: 0, key: 0 }
      this.#entries.set(server, entry)
    }
    return entry
  }

  changed(server: Server): void {
    const entry = this.#entryOf(server)
    const group = this.#groupOf(server)
    const weight = server.counted ? server.effectiveWeight : 0
    if (weight === entry.weight) return
    const { weight: before } = entry
    group.nextWeight += weight - before
    entry.weight = weight
    if (weight === 0) {
      entry.list?.remove(entry)
      entry.list = undefined
      if (server.deleted) this.#entries.delete(server)
    } else {
      // HAProxy 3.2 handles a change of weight as if the server had just become usable
      if (before > 0) entry.list?.remove(entry)
      this.#place(group, entry)
    }
  }

  /** Gives a server its place. */
  #place(group: Group, entry: Entry): void {
    locate(group, entry)
    const rest = (group.nextWeight + group.weight - group.position) >>> 0
    entry.next = group.position + Math.floor(rest / entry.weight)
    queue(group, entry)
  }

  next(avoided: Server | undefined): Server | undefined {
    const { proxy } = this
    if (proxy.activeServers > 0) return this.#next(this.#active, avoided)
    const first = firstBackup(proxy)
    if (first) return first
    return proxy.backupServers > 0 ? this.#next(this.#backup, avoided) : undefined
  }

  /** The next server of a group; those that have no free connection are passed over (`fwrr_get_next_server`). */
  #next(group: Group, avoided: Server | undefined): Server | undefined {
    const passed: Entry[] = []
    let isTurned = false
    let spare: Entry | undefined
    let chosen: Entry | undefined
    for (;;) {
      if (group.weight === 0) group.position = group.weight = group.nextWeight
      let entry = firstOf(group)
      if (!entry && !isTurned) {
        isTurned = true
        turn(group)
        entry = firstOf(group)
      }
      if (!entry) {
        chosen = spare
        break
      }
      advance(group, entry)
      entry.list!.remove(entry)
      group.position++
      if (hasRoom(entry.server)) {
        if (entry.server !== avoided || spare) {
          chosen = entry
          break
        }
        spare = entry
      }
      passed.push(entry)
    }
    if (chosen) queue(group, chosen)
    for (const entry of passed.reverse()) {
      if (entry === chosen) continue
      if (isTurned) queueByWeight(group.init, entry)
      else queue(group, entry)
    }
    return chosen?.server
  }
}

const hasRoom = (server: Server): boolean =>
  server.maxconn === 0 ||
  (server.traffic.pendingConnections === 0 && server.traffic.servedConnections < dynamicMaxconn(server))

const queueByWeight = (list: OrderedList<Entry>, entry: Entry): void => {
  entry.key = LARGEST_WEIGHT - entry.weight
  list.insert(entry)
  entry.list = list
}

/** Puts an entry into the current turn, or into the next one if its position is beyond (`fwrr_queue_srv`). */
const queue = (group: Group, entry: Entry): void => {
  if (entry.next >= 2 * group.weight || entry.next >= group.weight + group.nextWeight) {
    entry.next -= group.weight
    queueByWeight(group.following, entry)
    return
  }
  entry.key = USER_WEIGHT_RANGE * entry.next + Math.floor((LARGEST_WEIGHT + entry.rest - entry.weight) / WEIGHT_SCALE)
  group.current.insert(entry)
  entry.list = group.current
}

/** Makes the position of an entry one of the current turn (`fwrr_get_srv`). */
const locate = (group: Group, entry: Entry): void => {
  if (entry.list === group.init) entry.next = entry.rest = 0
  else if (entry.list === group.following) entry.next += group.weight
  else if (entry.list === undefined) entry.next = group.position
}

/** The entry whose time has come; one that is new if there is none (`fwrr_get_server_from_group`). */
const firstOf = (group: Group): Entry | undefined => {
  const { first } = group.current
  if (first && first.next <= group.position) return first
  const fresh = group.init.first
  if (!fresh) return first
  fresh.next = fresh.rest = 0
  return fresh
}

/** Begins the next turn: those that wait for it come first (`fwrr_switch_trees`). */
const turn = (group: Group): void => {
  const { init } = group
  group.init = group.following
  group.following = init
  group.weight = group.nextWeight
  group.position = group.weight
}

/** Moves the position of an entry on (`fwrr_update_position`). */
const advance = (group: Group, entry: Entry): void => {
  if (entry.next === 0) entry.next = group.position
  entry.next += Math.floor(group.nextWeight / entry.weight)
  entry.rest += group.nextWeight % entry.weight
  if (entry.rest >= entry.weight) {
    entry.rest -= entry.weight
    entry.next++
  }
}
