// Units of the tree, to choose from: read a level at a time as one opens it.
import { api } from './api'
import type { Unit } from './types'

export interface TreeUnit extends Unit {
  level: { id: string; zh: string }
  suspended: boolean
  retired: boolean
  units_below: number
  children?: TreeUnit[]
}

export async function childrenOf(code: string): Promise<TreeUnit[]> {
  const answer = await api.get<{ tree: TreeUnit }>('/topology', { unit: code || undefined, depth: 1 })
  return code ? (answer.tree.children ?? []) : [answer.tree]
}
// A unit and what is next to it: for pickers that need no more than that.
export async function around(code: string): Promise<TreeUnit> {
  return (await api.get<{ tree: TreeUnit }>('/topology', { unit: code, depth: 1 })).tree
}
