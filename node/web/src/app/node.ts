// The node these pages come from: which unit it is, and whether what was written has gone up.
import { computed, reactive } from 'vue'
import { api, problemOf } from './api'
import type { Status } from './types'

export const node = reactive({
  status: null as Status | null,
  offline: false,
})

export type Level = 'province' | 'city' | 'district' | 'township' | 'village'
export const level = computed(() => (node.status?.level?.id ?? 'village') as Level)
export const here = computed(() => node.status?.unit ?? { code: '', name: '' })

export async function loadStatus(): Promise<void> {
  try {
    node.status = await api.get<Status>('/status', {}, { quiet: true })
    node.offline = false
  } catch (error) {
    if (problemOf(error).rule === 'page.offline') node.offline = true
  }
}
