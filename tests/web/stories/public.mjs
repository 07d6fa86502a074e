// Someone without an account, on a telephone: a matter is handed in, taken in by the clerk, followed.
import assert from 'node:assert/strict'
import { open, person } from '../browser.mjs'

export async function handedIn(shared) {
  const telephone = await person(shared.browser, { viewport: { width: 360, height: 740 } })
  const page = await telephone.newPage()
  await open(page, 'village', '/matter')
  await page.fill('input[name=title]', '儿童乐园的滑梯松动')
  await page.reload() // what was typed is still there
  assert.equal(await page.inputValue('input[name=title]'), '儿童乐园的滑梯松动')
  await page.fill('textarea[name=text]', '螺丝掉了两颗，孩子容易摔。')
  await page.fill('input[name=telephone]', '13800001111')
  await page.click('button[type=submit]')
  const [number, code] = await page.locator('dd').allInnerTexts()
  const follow = async () => {
    await open(page, 'village', '/follow')
    await page.fill('input[name=number]', number)
    await page.fill('input[name=code]', code)
    await page.click('button[type=submit]')
  }
  await follow()
  await page.locator('.panel h2', { hasText: '滑梯' }).waitFor()

  const clerk = await shared.clerk.newPage()
  await open(clerk, 'village', '/held')
  const matter = clerk.locator('article', { hasText: '滑梯松动' })
  await matter.getByText('13800001111').waitFor()
  await matter.locator('.el-select').click()
  await clerk.locator('.el-select-dropdown__item:visible', { hasText: '公共设施' }).click()
  await matter.getByRole('button', { name: '收下登记' }).click()
  await clerk.locator('.timeline li').first().waitFor()
  assert.match(clerk.url(), /\/issues\/320803001001-/)
  assert.equal(await clerk.getByText('13800001111').count(), 0) // nothing of it is in the record
  await clerk.close()

  await follow()
  await page.locator('.facts').getByText('花巷社区').waitFor()
  await page.fill('input[name=code]', 'wrong')
  await page.click('button[type=submit]')
  await page.locator('.panel h2').waitFor({ state: 'detached' })
  await telephone.close()
}
