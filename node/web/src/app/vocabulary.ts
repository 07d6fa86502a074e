// What the place's policy names, for forms to offer. Read once a version: a policy in force never
// changes what issues that began under another one may say.
import { api } from './api'
import type { Label } from './types'

export interface FormLabel extends Label {
  remote: boolean
  conditions?: { zh: string; en: string }
}
export interface ResultLabel extends Label {
  reason: boolean
  solved: boolean
}
export interface CheckLabel extends Label {
  yes: boolean
  words: boolean
}
export interface Vocabulary {
  policy: Label
  categories: Label[]
  sources: Label[]
  forms: FormLabel[]
  results: ResultLabel[]
  outcomes: Label[]
  parties: Label[]
  flags: Label[]
  plans: Label[]
  channels: Label[]
  checklist: CheckLabel[]
  roles: Label[]
  member_levels: Label[]
  types: Label[]
  venues: Label[]
  views: Label[]
  publications: Label[]
  supervision: Label[]
  methods: Label[]
  revisits: Label[]
  stages: (Label & { end: boolean; waiting: boolean })[]
  organs: Record<string, Label>
  authority: Record<
    string,
    { budget_max_yuan: string | null; categories: string[] | null; excluded: string[] }
  >
}
export type VocabularyList = {
  [K in keyof Vocabulary]: Vocabulary[K] extends Label[] ? K : never
}[keyof Vocabulary]

const kept = new Map<number, Promise<Vocabulary>>()

// version 0: the policy in force, asked for again each time.
export function vocabulary(version = 0): Promise<Vocabulary> {
  const known = version === 0 ? undefined : kept.get(version)
  if (known) return known
  const asked = api.get<Vocabulary>('/vocabulary', { version: version || undefined })
  if (version !== 0) {
    kept.set(version, asked)
    asked.catch(() => kept.delete(version))
  }
  return asked
}
