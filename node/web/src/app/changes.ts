// Telling a page that something changed, so that it reads again. The node is asked quietly, which
// does not keep a session alive, and not at all while the page is hidden.
import { onBeforeUnmount, onMounted } from 'vue'
import { loadStatus } from './node'
import { session } from './session'

const kEveryMs = 5000
type Listener = () => void
const listeners = new Set<Listener>()
let timer = 0

async function round(): Promise<void> {
  if (session.signedIn && !document.hidden) {
    await loadStatus()
    for (const listener of [...listeners]) listener()
  }
  timer = window.setTimeout(() => void round(), kEveryMs)
}

export function watchNode(): void {
  if (timer !== 0) return
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return
    window.clearTimeout(timer)
    void round()
  })
  void round()
}

// For as long as the component is shown.
export function onChange(listener: Listener): void {
  onMounted(() => listeners.add(listener))
  onBeforeUnmount(() => listeners.delete(listener))
}
