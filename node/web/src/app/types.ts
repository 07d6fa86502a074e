// What the API answers with (node/http/README.md), as far as several pages need it.
import type { Said } from '@/words'

export interface Label extends Said {
  id: string
}
export interface Unit {
  code: string
  name: string
}
export interface Stage extends Label {
  end: boolean
  waiting: boolean
}
export interface IssueSummary {
  id: string
  title: string
  home: Unit
  holder: Unit
  stage: Stage
  category: Label | null
  budget_fen: number
  budget_yuan: string
  escalations: number
  logged: string
  changed: string
  accept_by: string | null
  closed: string | null
}
export interface IssuePage {
  issues: IssueSummary[]
  next: number | null
}
export interface Stored extends Said {
  state: 'received' | 'stored' | 'top'
  waiting?: number
}
export interface Status {
  unit: Unit
  level: { id: string; zh: string } | null
  network: { id: string; name: string; suite: string }
  topology: number
  policy: { id: string; version: number } | null
  software: string
  admitted: boolean
  disk_full: boolean
  parent: unknown
  waiting: Stored & { records?: number; oldest?: string | null }
  counts: Record<string, number>
  now: string
}
