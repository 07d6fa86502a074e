// Every page of pages.mjs as a picture, on a screen and on a telephone.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launch } from './browser.mjs'
import { kPages } from './pages.mjs'
import { prepare } from './stories/prepared.mjs'
import { openListed } from './stories/every_page.mjs'

const folder = process.env.SCREENS
mkdirSync(folder, { recursive: true })
const browser = await launch()
const shared = { browser }
await prepare(shared)
const only = process.env.ONLY ?? ''
for (const listed of kPages.filter((one) => one.name.includes(only))) {
  try {
    const page = await openListed(shared, listed)
    await page.setViewportSize(listed.wall ? { width: 1920, height: 1080 } : { width: 1280, height: 860 })
    await page.waitForTimeout(400) // until charts and fonts have settled
    await page.screenshot({ path: join(folder, `${listed.name}.png`), fullPage: !listed.wall })
    if (!listed.wall) {
      await page.setViewportSize({ width: 390, height: 844 })
      await page.waitForTimeout(200)
      await page.screenshot({ path: join(folder, `${listed.name}-telephone.png`), fullPage: true })
    }
    await page.close()
    console.log(listed.name)
  } catch (error) {
    console.log(`FAIL ${listed.name}: ${error}`)
    process.exitCode = 1
  }
}
await browser.close()
process.exit()
