// What waits before it is written, so that it can be undone (node/http/README.md, "Undo"). Nothing
// that is signed is taken back; so undo comes before, for a few seconds.
import { reactive } from 'vue'
import { api } from './api'
import { newDraftId, saveDraft } from './drafts'
import type { Said } from '@/words'

export interface PendingAct {
  id: number
  account: string
  path: string
  title: string
  made: string
  due: string
  problem: (Said & { rule: string }) | null
}
export const kUndoSeconds = 8
export const pending = reactive({ acts: [] as PendingAct[] })

export async function loadPending(): Promise<void> {
  const answer = await api.get<{ pending: PendingAct[] }>('/pending', {}, { quiet: true }).catch(() => null)
  if (answer) pending.acts = answer.pending
}

// The fields of a logging as the form has them.
interface LoggedBody {
  reporter?: { name?: string; telephone?: string }
  [field: string]: unknown
}
// The id of the draft that it became again; nothing for an act on an issue.
export async function undo(act: PendingAct): Promise<string | null> {
  const answer = await api.delete<{ body: LoggedBody }>(`/pending/${act.id}`)
  await loadPending()
  if (act.path !== 'issues') return null
  const { reporter, ...fields } = answer.body
  const draft = newDraftId()
  saveDraft('issue', draft, { ...fields, reporter: reporter?.name ?? '', telephone: reporter?.telephone ?? '' })
  return draft
}
export async function hurry(act: PendingAct): Promise<void> {
  await api.post(`/pending/${act.id}/now`)
  await loadPending()
}
