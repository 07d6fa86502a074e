// Who is at this page. Signing in again and confirming happen in a dialog over the page
// (SessionDialog.vue): the form beneath keeps what was typed, and its request is sent again.
import { computed, reactive } from 'vue'
import { api, askPerson } from './api'
import type { Label } from './types'

interface SessionAnswer {
  signed_in: boolean
  first?: boolean
  name?: string
  roles?: Label[]
  csrf?: string
}
export type Role = 'clerk' | 'convener' | 'approver' | 'supervisor' | 'operator' | 'auditor' | 'public'
export type Asking = 'sign-in' | 'confirm'

export const session = reactive({
  known: false, // the node has been asked
  signedIn: false,
  first: false, // there is no account yet
  name: '',
  roles: [] as Label[],
  csrf: '',
  asking: null as Asking | null,
})

export const roleIds = computed(() => new Set(session.roles.map((role) => role.id as Role)))
export function hasRole(...roles: Role[]): boolean {
  return roles.some((role) => roleIds.value.has(role))
}

function take(answer: SessionAnswer): void {
  session.known = true
  session.signedIn = answer.signed_in
  session.first = answer.first === true
  session.name = answer.name ?? session.name
  session.roles = answer.roles ?? []
  session.csrf = answer.csrf ?? ''
}

const kPlain = { plain: true }

export async function loadSession(): Promise<void> {
  take(await api.get<SessionAnswer>('/session', {}, kPlain))
}
export async function signIn(name: string, password: string): Promise<void> {
  take(await api.post<SessionAnswer>('/session', { name, password }, kPlain))
}
export async function signOut(): Promise<void> {
  await api.delete('/session', kPlain)
  Object.assign(session, { signedIn: false, name: '', roles: [], csrf: '' })
}
export async function confirmPassword(password: string): Promise<void> {
  take(await api.post<SessionAnswer>('/session/confirm', { password }, kPlain))
}
export interface FirstAccount {
  invitation: string
  name: string
  password: string
  roles: string[]
}
export async function makeFirst(account: FirstAccount): Promise<void> {
  take(await api.post<SessionAnswer>('/first', account, kPlain))
}

// Several requests may find the session ended in one moment: they wait for one dialog.
let answered: ((done: boolean) => void) | null = null
let waiting: Promise<boolean> | null = null

function ask(what: Asking): Promise<boolean> {
  if (waiting) return waiting
  session.asking = what
  waiting = new Promise<boolean>((resolve) => (answered = resolve)).finally(() => {
    session.asking = null
    waiting = null
  })
  return waiting
}
export function settle(done: boolean): void {
  answered?.(done)
}

askPerson.csrf = () => session.csrf
askPerson.signIn = () => ask('sign-in')
askPerson.confirm = () => ask('confirm')
