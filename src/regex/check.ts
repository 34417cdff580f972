/**
 * PCRE2's checks of a parsed pattern: groups must exist, and conditions have at most two branches (`compile_branch` in pcre2_compile.c).
 */
import { PatternError } from './errors.js'
import type { GroupCondition, Group, GroupName, Node, Tree } from './tree.js'
import { MAX_GROUP } from './reader.js'
import { codeSize, LARGEST } from './size.js'

/** @throws PatternError */
export const checkTree = (tree: Tree, length: number): void => {
  new References(tree, length).branches(tree.root, false)
  if (codeSize(tree.root) > LARGEST) throw new PatternError(20, 0)
  new Conditions().branches(tree.root)
}

/** PCRE2's first pass: referenced groups exist. */
class References {
  constructor(
    readonly tree: Tree,
    readonly length: number,
  ) {}

  branches(group: Group, inLookAround: boolean): void {
    const lookAround = inLookAround || /ahead|behind/.test(group.kind)
    for (const node of group.branches.flat()) this.#node(node, lookAround)
  }

  #node(node: Node, inLookAround: boolean): void {
    switch (node.type) {
      case 'repeat':
        return this.#node(node.node, inLookAround)
      case 'keep':
        if (inLookAround) throw new PatternError(99, this.length)
        return
      case 'reference':
        return this.#exists(node.name)
      case 'call':
        for (const name of [node.name, ...node.keeps]) this.#exists(name)
        return
      case 'group':
        for (const name of node.substrings) this.#exists(name)
        if (node.condition) this.#condition(node.condition)
        this.branches(node, inLookAround)
    }
  }

  #exists({ group, offset }: GroupName): void {
    if (typeof group === 'number' ? group > this.tree.groups : !this.tree.names.has(group))
      throw new PatternError(15, offset)
  }

  #condition(condition: GroupCondition): void {
    if (condition.type === 'recursion or group') this.#recursion(condition.name)
    else if ('name' in condition && condition.name) this.#exists(condition.name)
  }

  /** `R1` is the name of a group, or means a recursion into group 1. */
  #recursion({ group, offset }: GroupName): void {
    const name = String(group)
    if (this.tree.names.has(name)) return
    let number = 0
    for (let i = 1; i < name.length; i++) {
      number = number * 10 + Number(name[i])
      if (number > MAX_GROUP) throw new PatternError(61, offset + i)
    }
    if (number > this.tree.groups) throw new PatternError(15, offset)
  }
}

/**
 * PCRE2's second pass: conditions have at most two branches. Errors are reported at the position of the latest item of the branch that has
 * one.
 */
class Conditions {
  branches(group: Group): void {
    for (const branch of group.branches) {
      let offset = 0
      for (const item of branch) {
        const node = item.type === 'repeat' ? item.node : item
        if (node.type === 'reference' || node.type === 'call') offset = node.name.offset
        if (node.type !== 'group') continue
        const { condition } = node
        const define = condition?.type === 'constant' && condition.define
        if (condition?.type === 'group' && typeof condition.name.group === 'number') offset = node.offset - 2
        else if (define === true) offset = node.offset
        this.branches(node)
        if (condition && node.branches.length > (define === true ? 1 : 2))
          throw new PatternError(define === true ? 54 : 27, offset)
      }
    }
  }
}
