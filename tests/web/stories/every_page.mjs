// What holds for every page of pages.mjs.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { axePath, faults, logIssue, open, person, signIn } from '../browser.mjs'
import { kPages } from '../pages.mjs'

const kSmall = [
  { what: 'a telephone', width: 360, height: 740 },
  { what: 'a screen at 200 %', width: 640, height: 450 },
]
const kMostBytes = 600 * 1024 // of the clerk's pages, compressed
const kMany = 10_000
const kPatienceMs = 60_000
const axe = readFileSync(axePath, 'utf8')

function contextsOf(shared) {
  return { village: shared.clerk, township: shared.office, ...shared.others }
}
export async function contextAt(shared, level) {
  const known = contextsOf(shared)[level]
  if (known) return known
  const context = await person(shared.browser)
  await signIn(await context.newPage(), level)
  shared.others = { ...shared.others, [level]: context }
  return context
}
export async function openListed(shared, listed) {
  const context = listed.open ? await person(shared.browser) : await contextAt(shared, listed.at)
  const page = await context.newPage()
  const path = listed.path.replace(':id', shared.id ?? '').replace(':up', shared.up ?? '')
  await open(page, listed.at, path)
  await page.locator(listed.ready ?? 'form').first().waitFor()
  for (const selector of listed.press ?? []) await page.locator(selector).first().click()
  return page
}

async function violations(page) {
  // Put in by the test's own protocol: the page's content policy lets no other script in.
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: axe })
  return page.evaluate(async () => {
    const found = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
    return found.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} (${node.any[0]?.message ?? ''})`).join(' | ')}`)
  })
}

// Axe itself is seen to find something: a check that never fails says nothing.
async function seesAFault(shared) {
  const page = await openListed(shared, kPages[0])
  await page.evaluate(() => document.body.append(document.createElement('button')))
  assert.match((await violations(page)).join(), /button-name/)
  await page.close()
}

export async function accessible(shared) {
  const faults = []
  await seesAFault(shared)
  for (const listed of kPages) {
    const page = await openListed(shared, listed)
    for (const fault of await violations(page)) faults.push(`${listed.name}: ${fault}`)
    for (const screen of listed.wall ? [] : kSmall) {
      await page.setViewportSize(screen)
      await page.waitForTimeout(150) // until it is laid out
      const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - window.innerWidth)
      if (wide > 1) faults.push(`${listed.name}: ${wide} px too wide on ${screen.what}`)
    }
    await page.close()
  }
  assert.deepEqual(faults, [])
}

export async function faultless() {
  assert.deepEqual(faults, [])
}

export async function english(shared) {
  const page = await openListed(shared, kPages.find((one) => one.name === 'village-log'))
  await page.getByRole('button', { name: /English/ }).click()
  await page.getByRole('heading', { name: 'Log an issue' }).waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en')
  await page.click('button[type=submit]')
  await page.getByText('A title, please').waitFor()
  await page.getByRole('button', { name: /中文/ }).click()
  await page.getByRole('heading', { name: '登记事项' }).waitFor()
  await page.close()
}

// Everything that a clerk's browser fetches on all of its pages, as it comes over the line.
export async function weight(shared) {
  const sizes = new Map()
  for (const listed of kPages.filter((one) => one.at === 'village')) {
    const context = listed.open ? await person(shared.browser) : shared.clerk
    const page = await context.newPage()
    page.on('response', async (response) => {
      const path = new URL(response.url()).pathname
      if (/\.(js|css)$/.test(path)) sizes.set(path, Number((await response.allHeaders())['content-length'] ?? 0))
    })
    await open(page, listed.at, listed.path.replace(':id', shared.id))
    await page.locator(listed.ready ?? 'form').first().waitFor()
    await page.close()
  }
  // A browser that has never been here: until the form can be typed into.
  const cold = await person(shared.browser)
  const page = await cold.newPage()
  const begun = Date.now()
  await open(page, 'village', '/sign-in')
  await page.locator('input[name=name]').waitFor()
  console.log(`      first page after ${Date.now() - begun} ms in a cold browser`)
  await cold.close()
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  console.log(`      ${sizes.size} files, ${(total / 1024).toFixed(0)} KiB compressed`)
  assert.ok(total > 50 * 1024, 'nothing was weighed')
  assert.ok(total < kMostBytes, `${total} bytes`)
}

export async function tenThousand(shared) {
  const begun = Date.now()
  const page = await shared.clerk.newPage()
  await logIssue(page, 'village', { title: '一万件之前登记的事项' })
  const session = await page.evaluate(async () => (await fetch('/api/v1/session')).json())
  for (let from = 0; from < kMany; from += 1000) {
    const issues = Array.from({ length: 1000 }, (_, i) => ({ title: `第 ${from + i + 1} 件事项`, category: 'other', key: `many-${from + i}` }))
    const status = await page.evaluate(
      async ({ issues: all, csrf }) =>
        (await fetch('/api/v1/import', { method: 'POST', headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'application/json' }, body: JSON.stringify({ issues: all }) })).status,
      { issues, csrf: session.csrf },
    )
    assert.equal(status, 200)
  }
  console.log(`      logged after ${((Date.now() - begun) / 1000).toFixed(1)} s`)
  await open(page, 'village', '/issues?q=')
  const table = page.locator('.issue-table')
  await table.locator('.body .row').first().waitFor()
  await table.focus()
  const held = () => page.evaluate(() => Number(document.querySelector('.filters [role=status]').textContent.match(/\d+/)?.[0] ?? 0))
  // The list may be read anew on the way, because of what was just logged.
  const end = Date.now() + kPatienceMs
  while ((await held()) < kMany) {
    assert.ok(Date.now() < end, `${await held()} of ${kMany} after ${kPatienceMs} ms`)
    await page.keyboard.press('End')
    await page.waitForTimeout(50)
  }
  assert.ok((await table.locator('.body .row').count()) < 120, 'rows out of sight are in the page')
  await page.keyboard.press('Home')
  await page.keyboard.press('End')
  await table.getByText('一万件之前登记的事项').waitFor() // nothing was lost on the way down
  await page.close()
}
