// At the village: the clerk's day.
import assert from 'node:assert/strict'
import { addApprover } from './prepared.mjs'
import { ask, logIssue, makeFirst, open, password, person, signIn } from '../browser.mjs'

const timeline = (page) => page.locator('.timeline li')

export async function first(shared) {
  shared.clerk = await person(shared.browser)
  shared.page = await shared.clerk.newPage()
  await makeFirst(shared.page)
  await shared.page.getByRole('link', { name: '登记事项' }).first().waitFor()
  assert.ok(!shared.page.url().includes('#'), 'the secret stays in the address')
  await addApprover(shared)
}
first.needed = true

export async function keyboard({ page }) {
  await open(page, 'village', '/issues/new')
  await page.locator('.categories label').first().waitFor()
  await page.waitForFunction(() => document.activeElement?.name === 'title')
  // By an input method: what is being composed, then what was chosen.
  const session = await page.context().newCDPSession(page)
  await session.send('Input.imeSetComposition', { text: 'hua xiang', selectionStart: 9, selectionEnd: 9 })
  await session.send('Input.insertText', { text: '花巷东口路灯不亮，晚上看不清台阶' })
  assert.equal(await page.inputValue('input[name=title]'), '花巷东口路灯不亮，晚上看不清台阶')
  await page.keyboard.press('Tab')
  await page.keyboard.insertText('第三根灯杆。\n希望尽快修好。')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Tab')
  await page.keyboard.insertText('12,000.50')
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(/\/issues\/\d/)
  await page.getByRole('heading', { name: '花巷东口路灯不亮' }).waitFor()
  await page.getByText('¥12,000.50').first().waitFor()
  assert.equal(await timeline(page).count(), 1)
  await page.locator('.meta').getByText('上级已收').waitFor() // the township's receipt, told by an event
}

export async function refusals({ page }) {
  await open(page, 'village', '/issues/new')
  await page.locator('.categories label').first().waitFor()
  await page.click('button[type=submit]')
  await page.getByText('请填写标题').waitFor()
  await page.getByText('请选择类别').waitFor()
  const long = '长'.repeat(101) // 303 bytes
  await page.fill('input[name=title]', long)
  await page.getByText('太长：303 字节，最多 300 字节').waitFor()
  await page.fill('input[name=budget_yuan]', '很多')
  await page.getByText('请填写金额').waitFor()
  assert.equal(await page.inputValue('input[name=title]'), long)
  // What only the node knows: it names the field, and the page puts its words there.
  await page.fill('input[name=title]', '一件小事')
  await page.fill('input[name=budget_yuan]', '200000000000')
  await page.locator('.categories').getByText('其他', { exact: true }).click()
  await page.click('button[type=submit]')
  await page.locator('.field', { has: page.locator('[name=budget_yuan]') }).locator('.error-note').waitFor()
  assert.equal(await page.inputValue('input[name=title]'), '一件小事')
}

export async function draft({ clerk, page }) {
  await open(page, 'village', '/issues/new')
  await page.fill('input[name=title]', '健身器材松动')
  await page.fill('textarea[name=text]', '广场西侧，螺丝掉了两颗')
  await page.getByText('草稿已保存').waitFor()
  await page.close()
  const again = await clerk.newPage()
  await open(again, 'village', '/issues/new')
  await again.getByRole('button', { name: '健身器材松动' }).click()
  assert.equal(await again.inputValue('textarea[name=text]'), '广场西侧，螺丝掉了两颗')
  await again.locator('.categories').getByText('公共设施', { exact: true }).click()
  await again.click('button[type=submit]')
  await again.waitForURL(/\/issues\/\d/)
  await open(again, 'village', '/issues/new')
  await again.getByText('没有可').or(again.locator('.drafts, aside')).first().waitFor()
  assert.equal(await again.getByRole('button', { name: '健身器材松动' }).count(), 0)
}

async function issuesNamed(page, title) {
  return page.evaluate(async (q) => {
    const answer = await fetch(`/api/v1/issues?q=${encodeURIComponent(q)}`)
    return (await answer.json()).issues.length
  }, title)
}

export async function sessionEnds(shared) {
  const page = (shared.page = await shared.clerk.newPage())
  const title = '下水道返味，住户要求疏通'
  await open(page, 'village', '/issues/new')
  await page.fill('input[name=title]', title)
  await page.locator('.categories').getByText('环境整治', { exact: true }).click()
  await shared.clerk.clearCookies()
  await page.click('button[type=submit]')
  const dialog = page.getByRole('dialog', { name: '登录已过期' })
  await dialog.waitFor()
  assert.equal(await page.inputValue('input[name=title]'), title)
  await dialog.locator('input[name=password]').fill('wrong password!')
  await dialog.locator('button[type=submit]').click()
  await dialog.getByText('账户名或密码不对').waitFor()
  await dialog.locator('input[name=password]').fill(password)
  await dialog.locator('button[type=submit]').click()
  await page.waitForURL(/\/issues\/\d/)
  assert.equal(await issuesNamed(page, title), 1)
}

export async function offline({ page }) {
  const title = '停电期间登记的事项'
  await open(page, 'village', '/issues/new')
  await page.locator('.categories label').first().waitFor()
  await page.fill('input[name=title]', title)
  await page.locator('.categories').getByText('其他', { exact: true }).click()
  await ask('stop', 'village')
  await page.click('button[type=submit]')
  await page.getByText('连不上本节点；填写的内容还在').waitFor()
  assert.equal(await page.inputValue('input[name=title]'), title)
  await ask('start', 'village')
  await page.click('button[type=submit]')
  await page.waitForURL(/\/issues\/\d/)
  assert.equal(await issuesNamed(page, title), 1)
}

export async function twoBrowsers(shared) {
  const { page } = shared
  const id = await logIssue(page, 'village', { title: '两个窗口同时看的事项' })
  const other = await person(shared.browser)
  const second = await other.newPage()
  await signIn(second, 'village')
  await open(second, 'village', `/issues/${id}`)
  await second.locator('.acts').getByRole('button', { name: '留言' }).click()
  await second.locator('.act textarea').fill('另一个窗口的留言')
  await second.locator('.act button[type=submit]').click()
  await second.locator('.timeline').getByText('另一个窗口的留言').waitFor()
  await page.locator('.timeline').getByText('另一个窗口的留言').waitFor() // told by an event
  await page.getByText('刚刚有新的变化').waitFor()
  await other.close()
}

// "Save, then another" leaves a moment to take it back; what was typed is a draft again.
export async function undone({ page }) {
  const title = '写错了标题的事项'
  await open(page, 'village', '/issues/new')
  await page.fill('input[name=title]', title)
  await page.fill('textarea[name=text]', '应当是北门')
  await page.locator('.categories').getByText('其他', { exact: true }).click()
  await page.getByRole('button', { name: '保存，再登一件' }).click()
  await page.locator('.pending').getByText(title).waitFor()
  assert.equal(await page.inputValue('input[name=title]'), '')
  await page.locator('.pending').getByRole('button', { name: '撤销' }).click()
  await page.waitForURL(/draft=/)
  await page.waitForFunction((wanted) => document.querySelector('input[name=title]')?.value === wanted, title)
  assert.equal(await page.inputValue('textarea[name=text]'), '应当是北门')
  await page.fill('input[name=title]', '北门积水')
  await page.getByRole('button', { name: '保存，再登一件' }).click()
  await page.locator('.pending').getByRole('button', { name: '立即写入' }).click()
  await page.locator('.pending').waitFor({ state: 'detached' })
  assert.equal(await issuesNamed(page, title), 0)
  assert.equal(await issuesNamed(page, '北门积水'), 1)
}

export async function search({ page }) {
  await open(page, 'village', '/issues')
  const rows = page.locator('.issue-table .body .row')
  await rows.first().waitFor()
  await page.getByRole('searchbox').or(page.locator('.search input')).first().fill('看不清台')
  await page.waitForFunction(() => document.querySelectorAll('.issue-table .body .row').length === 1)
  await rows.first().getByText('花巷东口路灯不亮').waitFor()
  assert.match(page.url(), /q=/)
  await page.locator('.issue-table').focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/issues\/\d/)
}
