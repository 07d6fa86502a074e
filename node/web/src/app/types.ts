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
export interface Standing {
  wishes: Label[]
  supervised: boolean
  late: boolean
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
  standing?: Standing
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

export interface Person {
  name: string
  role?: Label
  party?: Label
  level?: Label
  from?: string
}
export interface Saying {
  who?: string
  party?: Label
  text: string
}
export interface SessionRecord {
  until?: string
  type?: Label
  venue?: Label
  link?: string
  subject?: string
  measures?: string
  minutes?: string
  conveners?: Person[]
  host?: Person
  staff?: Person[]
  signed_in?: Person[]
  entitled?: number
  votes?: { motion?: string; channel: Label; yes: number; no: number; abstain: number }[]
  opinions?: Saying[]
  dissents?: Saying[]
  suggestions?: string[]
  responsibilities?: { text: string; unit?: Unit | null; who?: string; due?: string | null }[]
  feedback?: string[]
  problems?: { text: string; result?: Label | null }[]
  materials?: { name: string; digest?: string }[]
}
export interface SessionMark {
  number: number
  unit: Unit
  held: string | null
  place: string
  form: Label | null
  type: Label | null
  venue: Label | null
  parties: { category: Label; count: number }[]
  record?: SessionRecord & {
    held?: string
    place?: string
    form?: Label
    text?: string
    parties?: { category: Label; count: number }[]
  }
}
export interface Fact {
  kind: string
  act: string | null
  zh: string
  en: string
  unit: Unit
  by: string
  time: string
  n?: number
  title?: string
  text?: string
  why?: string
  to?: Unit
  reasons?: Label[]
  automatic?: boolean
  effect: 'applied' | 'waiting' | 'refused' | 'unknown'
  refused?: Said & { rule: string }
  digest: string
  log: string
  sequence: number
  [field: string]: unknown
}
export interface Act extends Said {
  name: string
}
export interface Assignment {
  number: number
  unit: Unit
  text: string
  given: string
  due: string | null
  percent: number
  done: boolean
  joint: boolean
  last_text: string
}
export interface Issue extends IssueSummary {
  text: string
  source: Label | null
  reach: Unit[]
  policy: Label | null
  policy_version: number
  revision: string
  transitions: number
  last: string
  custody: Unit[]
  proposer: Unit | null
  assignments: Assignment[]
  filed: { unit: Unit; time: string }[]
  decision: string
  outcome: string
  became: Label | null
  result: Label | null
  return_reason: string
  flags: Label[]
  sessions: SessionMark[]
  supervisions: {
    ref: string
    kind: Label
    unit: Unit
    to: Unit | null
    text: string
    due: string | null
    time: string
    stage: Label
  }[]
  deadlines?: { about: Label; unit: Unit; due: string; passed?: boolean }[]
  consultations: { number: number; text: string; unit?: Unit; opinion?: unknown }[]
  submissions: { number: number; organ?: string; receipt?: unknown }[]
  timeline: Fact[]
  open_acts: Act[]
  permitted: { name: string; confirm: boolean }[]
  stored: Stored
  standing: Standing
}
export interface Demand extends Said {
  guard: string
  soft: boolean
  met: boolean
  words: Said
  field: string
}
export interface Trial {
  ok: boolean
  demands: Demand[]
  problem: (Said & { rule: string; field: string }) | null
}
export interface TopologyUnit extends Unit {
  level: Label | string
  children?: TopologyUnit[]
}
