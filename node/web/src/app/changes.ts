// Telling pages that something changed, so that they read again. One stream of the node's events
// serves the whole page, for browsers open few connections to one address; it does not count as
// use of the session. When it breaks the browser connects again by itself, and while it is away
// the node is asked now and then, so that the badge in the head stays true.
import { onBeforeUnmount, onMounted, watch } from 'vue'
import { loadStatus } from './node'
import { loadPending } from './pending'
import { session } from './session'

const kQuietMs = 10_000 // without a stream
const kGatherMs = 300 // several events in one moment are one change

export interface Changed {
  issue: string | null // its id; null: anything may have changed
}
type Listener = (changed: Changed) => void
const listeners = new Set<Listener>()

let stream: EventSource | null = null
let timer = 0
let gathering = 0
let waiting: Changed[] = []

function tell(changed: Changed): void {
  waiting.push(changed)
  if (gathering !== 0) return
  gathering = window.setTimeout(() => {
    gathering = 0
    const all = waiting
    waiting = []
    // Many at once are one "anything": a page reads its list once, not a hundred times.
    const told = all.length > 20 ? [{ issue: null }] : all
    for (const one of told) for (const listener of [...listeners]) listener(one)
  }, kGatherMs)
}

function idOf(event: MessageEvent<string>): string | null {
  try {
    return (JSON.parse(event.data) as { id?: string }).id ?? null
  } catch {
    return null
  }
}

function connect(): void {
  if (stream || !session.signedIn) return
  stream = new EventSource('/api/v1/events')
  stream.addEventListener('issue', (event) => tell({ issue: idOf(event) }))
  stream.addEventListener('register', () => tell({ issue: null }))
  stream.addEventListener('reset', () => tell({ issue: null }))
  stream.addEventListener('status', () => {
    void loadStatus()
    void loadPending()
  })
  stream.addEventListener('end', disconnect)
  stream.addEventListener('error', () => {
    void loadStatus()
    if (stream?.readyState === EventSource.CLOSED) disconnect()
  })
}
function disconnect(): void {
  stream?.close()
  stream = null
}

async function round(): Promise<void> {
  if (session.signedIn && !document.hidden && stream?.readyState !== EventSource.OPEN) {
    await loadStatus()
    tell({ issue: null })
    connect()
  }
  timer = window.setTimeout(() => void round(), kQuietMs)
}

export function watchNode(): void {
  if (timer !== 0) return
  watch(
    () => session.signedIn,
    (signedIn) => (signedIn ? connect() : disconnect()),
    { immediate: true },
  )
  timer = window.setTimeout(() => void round(), kQuietMs)
}

// For as long as the component is shown.
export function onChange(listener: Listener): void {
  onMounted(() => listeners.add(listener))
  onBeforeUnmount(() => listeners.delete(listener))
}
