// In the city: the whole, each number opened down to what it was counted from, taken away as files.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { ask, kWaitMs, rooms } from '../browser.mjs'
import { contextAt } from './every_page.mjs'

const numberIn = async (locator) => Number((await locator.innerText()).replaceAll(',', ''))
const tile = (page, name) => page.locator('.tiles div').filter({ has: page.getByText(name, { exact: true }) }).locator('dd a')

// What the stories before this one wrote is on its way up.
async function arrived() {
  const end = Date.now() + kWaitMs
  const logged = async (level) => (await ask('yishi', level, ['report'])).total.issues
  while ((await logged('city')) !== (await logged('township'))) {
    assert.ok(Date.now() < end, 'the city never had what the township has')
  }
}

export async function overview(shared) {
  await arrived()
  const page = await (await contextAt(shared, 'city')).newPage()
  await page.goto(`${rooms.nodes.city.address}/overview`)
  await tile(page, '登记事项').waitFor()
  await page.getByRole('note').getByText('数据完整').waitFor()
  const logged = await numberIn(tile(page, '登记事项'))
  assert.ok(logged > 0)
  // District, township, village: the number goes down with the leader.
  for (const name of ['淮安区', '河下街道', '花巷社区']) {
    await page.locator('tbody').getByRole('link', { name, exact: true }).click()
    await page.locator('.way [aria-current=page]', { hasText: name }).waitFor()
  }
  const village = await numberIn(tile(page, '登记事项'))
  assert.ok(village > 0 && village <= logged)
  await tile(page, '登记事项').click()
  await page.waitForURL('**/overview/behind?**')
  await page.locator('.scroll tbody tr').first().waitFor()
  assert.equal(await page.locator('.scroll tbody tr').count(), Math.min(village, 200))
  const amounts = await page.locator('.scroll tbody td:last-child').allInnerTexts()
  assert.equal(amounts.reduce((sum, text) => sum + Number(text), 0), Math.min(village, 200))
  await page.close()
}

export async function carriedAway(shared) {
  const page = await (await contextAt(shared, 'city')).newPage()
  await page.goto(`${rooms.nodes.city.address}/overview`)
  const logged = await numberIn(tile(page, '登记事项'))
  const saved = async (button) => {
    const waiting = page.waitForEvent('download')
    await page.getByRole('button', { name: button }).click()
    return readFileSync(await (await waiting).path())
  }
  const csv = (await saved('导出 CSV')).toString('utf8')
  assert.ok(csv.startsWith('\ufeff'))
  const total = csv.split('\r\n').find((line) => line.includes('"淮安市"') && line.includes(`,${logged},`))
  assert.ok(total, csv)
  assert.match(csv, /截至/)
  assert.equal((await saved('导出 XLSX')).subarray(0, 2).toString(), 'PK')
  await page.close()
}

export async function received(shared) {
  const page = await (await contextAt(shared, 'city')).newPage()
  await page.goto(`${rooms.nodes.city.address}/received?all=1`)
  const one = page.locator('.list > li', { hasText: '老旧小区电梯加装' })
  await one.getByText('上报路径').click()
  await one.locator('.steps li').first().getByText('花巷社区').waitFor()
  await one.getByText('资金超出本级权限').first().waitFor()
  await page.close()
}
