/** The ACLs of a section, anonymous and predefined ones that it uses included (`struct list *known_acl`). */
import type { Acl, AclExpression, Acls } from '../model/acl.js'

/** An ACL while lines may still add to it. */
class AclDraft implements Acl {
  readonly expressions: AclExpression[] = []

  constructor(readonly name: string) {}
}

export class AclList implements Acls {
  readonly all: Acl[] = []
  readonly #byName = new Map<string, AclDraft>()

  find(name: string): Acl | undefined {
    return this.#byName.get(name)
  }

  /** Adds an expression to the ACL of that name, which is made if it does not exist. '' makes an anonymous one each time. */
  add(name: string, expression: AclExpression): Acl {
    let acl = this.#byName.get(name)
    if (!acl) {
      acl = new AclDraft(name)
      this.all.push(acl)
      if (name !== '') this.#byName.set(name, acl)
    }
    acl.expressions.push(expression)
    return acl
  }
}
