// At the township: what comes up, what is approved, the session's record on paper.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { logIssue, open, password, person, rooms, signIn } from '../browser.mjs'

async function act(page, name, fill = async () => {}) {
  await page.locator('.acts').getByRole('button', { name, exact: true }).click()
  const form = page.locator('.act')
  await form.waitFor()
  await fill(form)
  await form.locator('button[type=submit]').click()
  await form.waitFor({ state: 'detached' })
}

export async function comesUp(shared) {
  const { page } = shared
  shared.office = await person(shared.browser)
  shared.desk = await shared.office.newPage()
  const title = '老旧小区电梯加装，超出社区权限'
  shared.up = await logIssue(page, 'village', { title, money: '220,000', text: '共三个单元' })
  await page.locator('.timeline').getByText('系统自动').waitFor() // it went up by itself, and says why
  const desk = shared.desk
  await signIn(desk, 'township')
  await open(desk, 'township', '/desk')
  await desk.locator('.row', { hasText: title }).getByText('待签收', { exact: true }).waitFor()
  await desk.getByRole('link', { name: title }).click()
  await act(desk, '签收')
  // A return without its reason is explained before it is pressed, and refused beside the field.
  await desk.locator('.acts').getByRole('button', { name: '退回', exact: true }).click()
  await desk.locator('.demands').getByText('退回须写明理由').waitFor()
  await desk.locator('.act textarea').first().fill('请先征求全部业主意见')
  await desk.locator('.demands li.met').getByText('退回须写明理由').waitFor()
  await desk.locator('.act button[type=submit]').click()
  await desk.locator('.act').waitFor({ state: 'detached' })
  await open(page, 'village', `/issues/${shared.up}`)
  await page.locator('.timeline').getByText('请先征求全部业主意见').waitFor()
  await page.getByText('需处理 · 待办理').waitFor()
}

export async function recorded(shared) {
  const { page } = shared
  shared.id = await logIssue(page, 'village', { title: '花巷停车位划线方案', text: '长文本。'.repeat(300) })
  const id = shared.id
  await act(page, '提出议题')
  // The clerk may not approve: the button is not there, and another account has it.
  assert.equal(await page.locator('.acts').getByRole('button', { name: '审定' }).count(), 0)
  await shared.approve(id)
  await open(page, 'village', `/issues/${id}/session`)
  await page.locator('.check .demands li').first().waitFor()
  await page.fill('input[name=place]', '花巷议事亭')
  await page.getByLabel('协商时间').first().fill('2026-11-20 14:30')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '参加人员：加一行' }).click()
  await page.locator('.rows', { hasText: '参加人员' }).locator('.el-select').first().click()
  await page.locator('.el-select-dropdown__item:visible', { hasText: '群众' }).first().click()
  await page.locator('.rows', { hasText: '参加人员' }).locator('input').last().fill('12')
  await page.fill('textarea[name=text]', '与会人员一致同意东侧划线二十个车位，消防通道不得占用。')
  await page.fill('textarea[name=override]', '时间紧，已电话征求意见')
  await page.waitForFunction(() => JSON.stringify(localStorage).includes('时间紧'))
  await page.reload() // the laptop was closed at the table
  await page.locator('.check .demands li').first().waitFor()
  assert.equal(await page.inputValue('input[name=place]'), '花巷议事亭')
  assert.equal(await page.locator('.rows', { hasText: '参加人员' }).locator('input').last().inputValue(), '12')
  await page.waitForFunction(() => !document.querySelector('.check .would'))
  await page.getByRole('button', { name: '提交记录' }).click()
  await page.waitForURL(/sessions\/1$/)
  await page.locator('.paper svg').waitFor()
  const folder = mkdtempSync(join(tmpdir(), 'yishi-sheet-'))
  const file = join(folder, 'sheet.pdf')
  writeFileSync(file, await page.pdf({ format: 'A4', preferCSSPageSize: true }))
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })
  const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  const flat = text.replace(/\s+/g, '')
  for (const part of ['协商记录表', '花巷议事亭', '与会人员一致同意东侧划线二十个车位', '记录人', id]) {
    assert.ok(flat.includes(part), `the printed sheet lacks ${part}: ${text.slice(0, 800)}`)
  }
  assert.match(info, /Page size:\s+59\d(\.\d+)? x 84\d/)
}

// Approving asks for the password again when it was given more than five minutes ago. The first
// answer is put in here, so as not to wait; the rest is the node's.
export async function confirmed(shared) {
  const id = await logIssue(shared.page, 'village', { title: '议事亭换新座椅' })
  await act(shared.page, '提出议题')
  const context = await shared.approver()
  const page = await context.newPage()
  await open(page, 'village', `/issues/${id}`)
  let refused = 0
  await page.route('**/issues/*/approve', async (route) => {
    refused += 1
    if (refused > 1) return route.continue()
    const said = { status: 403, rule: 'account.confirm', field: 'password', zh: '请再次输入密码', en: 'once more' }
    return route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(said) })
  })
  await page.locator('.acts').getByRole('button', { name: '审定议题' }).click()
  await page.locator('.act input[name=by]').fill('社区党组织')
  await page.locator('.act button[type=submit]').click()
  const dialog = page.getByRole('dialog', { name: '请再次输入密码' })
  await dialog.locator('input[name=password]').fill('not the password')
  await dialog.locator('button[type=submit]').click()
  await dialog.getByText('密码不对').waitFor()
  await dialog.locator('input[name=password]').fill(password)
  await dialog.locator('button[type=submit]').click()
  await page.locator('.timeline').getByText('审定议题').waitFor()
  await context.close()
}

export async function desk(shared) {
  const page = shared.desk
  await open(page, 'township', '/desk')
  await page.locator('.boxes .todo b').waitFor()
  const counts = await page.evaluate(async () => (await (await fetch('/api/v1/desk')).json()).counts)
  for (const box of ['todo', 'done', 'supervised', 'late']) {
    assert.equal(Number(await page.locator(`.boxes .${box} b`).innerText()), counts[box])
  }
  assert.ok(counts.done >= 1, 'what was sent back is done')
  await page.getByRole('tab', { name: /已办/ }).click()
  await page.locator('.row', { hasText: '老旧小区电梯加装' }).waitFor()
  assert.equal(rooms.nodes.township.code.length, 12)
}
