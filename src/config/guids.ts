/** GUIDs of proxies and servers (`guid_insert` in src/guid.c). Those of listeners, made of `guid-prefix`, are not known. */
import type { Line } from './syntax/line.js'
import { guidProblem } from './values/check.js'

/** What has a GUID. */
interface Owner {
  /** its kind and name, in messages */
  readonly title: string
  readonly kind: 'frontend' | 'backend' | 'listen' | 'server' | 'defaults'
}

/** GUIDs and their owners. */
export class Guids {
  readonly #owners = new Map<string, Owner>()

  /** Adds the GUID after the keyword at word `at` of a line; returns an error message if it is invalid or taken. */
  add(line: Line, at: number, owner: Owner): string | undefined {
    const [keyword, guid] = [line.at(at), line.at(at + 1)]
    if (guid === '') return `'${keyword}' : expects an argument`
    const problem = guidProblem(guid)
    if (problem !== undefined) return `'${keyword}': ${problem}`
    const other = this.#owners.get(guid)
    if (other !== undefined && other.title !== owner.title) return `'${keyword}': duplicate entry with ${other.title}`
    this.#owners.set(guid, owner)
    return undefined
  }

  /** The owner of a GUID; undefined if there is no such GUID. */
  find(guid: string): Owner | undefined {
    return this.#owners.get(guid)
  }
}
