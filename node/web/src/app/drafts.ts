// What was typed and not sent yet, kept in this browser (localStorage): it survives a closed
// laptop. A draft belongs to the account that typed it. Nothing of it leaves the machine.
import { ref } from 'vue'
import { session } from './session'

export interface Draft<T> {
  id: string
  at: string // RFC 3339
  what: T
}

const kMostDrafts = 200
const key = (kind: string) => `yishi.draft.${session.name}.${kind}`
export const storageFull = ref(false)

export function drafts<T>(kind: string): Draft<T>[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key(kind)) ?? '[]')
    return Array.isArray(kept) ? (kept as Draft<T>[]) : []
  } catch {
    return []
  }
}
function keep<T>(kind: string, all: Draft<T>[]): void {
  try {
    localStorage.setItem(key(kind), JSON.stringify(all.slice(0, kMostDrafts)))
    storageFull.value = false
  } catch {
    storageFull.value = true // the page says so: a draft that is not kept must not look kept
  }
}
export function saveDraft<T>(kind: string, id: string, what: T): void {
  const others = drafts<T>(kind).filter((draft) => draft.id !== id)
  keep(kind, [{ id, at: new Date().toISOString(), what }, ...others])
}
export function dropDraft(kind: string, id: string): void {
  keep(kind, drafts(kind).filter((draft) => draft.id !== id))
}
export function newDraftId(): string {
  return crypto.getRandomValues(new Uint32Array(2)).join('-')
}
