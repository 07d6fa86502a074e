// The node's API (node/http/README.md). A refusal is a Problem that says what was wrong, in both
// languages, and which field. When the session has ended, or the password is wanted again, the
// person is asked (session.ts) and the same request is sent again: who calls need not know.
import { language, type Said } from '@/words'

export interface ProblemDocument extends Said {
  status: number
  rule: string
  field: string
  title: string
  errors?: ProblemDocument[]
}

// What a rule of deliberation names is a key of the record; a form's field has the API's name.
const kRecordKeys: Record<string, string> = {
  why: 'reason', fen: 'budget_yuan', cat: 'category', src: 'source', no: 'number', pct: 'percent',
  figs: 'figures', who: 'parties', over: 'override',
}
export function fieldOf(key: string): string {
  return kRecordKeys[key] ?? key
}

export class Problem extends Error {
  constructor(readonly document: ProblemDocument) {
    super(document.en)
  }
  get rule() {
    return this.document.rule
  }
  get field() {
    return fieldOf(this.document.field)
  }
  get status() {
    return this.document.status
  }
}

const kOffline: ProblemDocument = {
  status: 0,
  rule: 'page.offline',
  field: '',
  title: '',
  zh: '连不上本节点；填写的内容还在，恢复后可再试',
  en: 'the node does not answer; what you typed is still there, try again when it is back',
}
const kBroken: ProblemDocument = {
  ...kOffline,
  rule: 'page.answer',
  zh: '节点的回答看不懂',
  en: 'the node’s answer cannot be read',
}

export function problemOf(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem({ ...kBroken, en: String(error) })
}

type Value = string | number | boolean | undefined | null | string[]
export interface Options {
  query?: Record<string, Value>
  quiet?: boolean // the page asks by itself: does not count as use of the session
  plain?: boolean // refused is refused: nobody is asked to sign in or confirm
  signal?: AbortSignal
  undo?: number // seconds in which it can be undone: answered before it is done (pending.ts)
  seen?: string // revision of the issue as it was seen: in another state nothing is done (412)
}

// Set by session.ts; each answers whether the request may be sent again.
export const askPerson = {
  csrf: () => '',
  signIn: async (): Promise<boolean> => false,
  confirm: async (): Promise<boolean> => false,
}

export function withQuery(path: string, query: Options['query'] = {}): string {
  const parts = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '' || value === false) continue
    for (const one of Array.isArray(value) ? value : [value]) {
      parts.append(name, one === true ? '1' : String(one))
    }
  }
  const text = parts.toString()
  return text ? `${path}?${text}` : path
}

async function sent(method: string, path: string, body: unknown, options: Options, key: string) {
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'Accept-Language': language.value === 'zh' ? 'zh-CN' : 'en',
  }
  if (method !== 'GET') {
    headers['Content-Type'] = 'application/json'
    headers['X-CSRF-Token'] = askPerson.csrf()
    headers['Idempotency-Key'] = key
  }
  if (options.quiet) headers['X-Quiet'] = '1'
  if (options.undo) headers['X-Undo'] = String(options.undo)
  if (options.seen) headers['If-Match'] = `"${options.seen}"`
  return fetch(withQuery('/api/v1' + path, options.query), {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: 'same-origin',
    signal: options.signal,
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Problem(kOffline)
  })
}

async function documentOf(response: Response): Promise<unknown> {
  const text = await response.text()
  if (!text) return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem({ ...kBroken, status: response.status })
  }
}

async function request<T>(method: string, path: string, body: unknown, options: Options): Promise<T> {
  // One key for all tries of one wish: a repeated request never does it twice.
  const key = crypto.getRandomValues(new Uint32Array(4)).join('-')
  for (;;) {
    const response = await sent(method, path, body, options, key)
    const answer = await documentOf(response)
    if (response.ok) return answer as T
    const problem = new Problem({ ...kBroken, status: response.status, ...(answer as object) })
    const again = !options.quiet && !options.plain && (await mayRepeat(problem))
    if (!again) throw problem
  }
}

async function mayRepeat(problem: Problem): Promise<boolean> {
  if (problem.rule === 'account.session' || problem.rule === 'account.csrf') return askPerson.signIn()
  if (problem.rule === 'account.confirm') return askPerson.confirm()
  return false
}

export const api = {
  get: <T>(path: string, query?: Options['query'], options: Options = {}) =>
    request<T>('GET', path, undefined, { ...options, query }),
  post: <T>(path: string, body: object = {}, options: Options = {}) =>
    request<T>('POST', path, body, options),
  delete: <T>(path: string, options: Options = {}) => request<T>('DELETE', path, undefined, options),
}
