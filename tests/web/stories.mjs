// The stories, one after another on the same nodes: each begins where the one before ended.
import { launch, rooms } from './browser.mjs'
import { kStories } from './stories/all.mjs'

const only = new RegExp(process.env.ONLY ?? '')
const browser = await launch()
let failed = 0
const shared = { browser, rooms }
for (const [name, story] of kStories) {
  if (story.needed !== true && !only.test(name)) continue
  const begun = Date.now()
  try {
    await story(shared)
    console.log(`ok    ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`)
  } catch (error) {
    failed += 1
    console.log(`FAIL  ${name}\n${error.stack ?? error}`)
    const page = shared.page ?? browser.contexts().at(-1)?.pages().at(-1)
    if (page) console.log(`at ${page.url()}\n${(await page.locator('body').innerText().catch(() => '')).slice(0, 1500)}`)
    if (story.needed) break
  }
}
await browser.close()
console.log(failed ? `${failed} stories failed` : 'all stories hold')
process.exit(failed ? 1 : 0)
