// Nodes with something on them: for pictures, and for stories that need a session recorded.
import { logIssue, makeFirst, password, person, rooms, signIn } from '../browser.mjs'

// An act through the API of a page that is signed in.
export async function post(page, path, body) {
  const answer = await page.evaluate(
    async ({ path: to, body: what }) => {
      const { csrf } = await (await fetch('/api/v1/session')).json()
      const response = await fetch('/api/v1' + to, {
        method: 'POST',
        headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'application/json' },
        body: JSON.stringify(what),
      })
      return { status: response.status, body: await response.json() }
    },
    { path, body },
  )
  if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

const kApprover = '社区书记'
// The village's second account, made by the first, which is an operator's; it approves.
export async function addApprover(shared) {
  await post(shared.page, '/accounts', { name: kApprover, password, roles: ['approver'] })
  shared.approver = async () => {
    const context = await person(shared.browser)
    await signIn(await context.newPage(), 'village', kApprover)
    return context
  }
  shared.approve = async (id) => {
    const context = await shared.approver()
    const page = context.pages()[0]
    await post(page, `/issues/${id}/approve`, { by: '社区党组织' })
    await context.close()
  }
}

const kSession = {
  held: '2026-11-20 14:30', place: '花巷议事亭', form: 'meeting', override: '时间紧，已电话征求意见',
  text: '与会人员一致同意东侧划线二十个车位，消防通道不得占用。', parties: [{ category: 'mass', count: 12 }],
  session: {
    subject: '花巷停车位划线方案', measures: '由社区公示方案七天，街道负责施工。',
    opinions: [{ who: '东区住户', party: 'mass', text: '晚上没有地方停车，希望先划东侧。' }],
    votes: [{ channel: 'hand', yes: 11, no: 0, abstain: 1 }],
    responsibilities: [{ text: '公示方案', who: '社区', due: '2026-12-10' }],
  },
}

export async function prepare(shared) {
  shared.clerk = await person(shared.browser)
  shared.page = await shared.clerk.newPage()
  await makeFirst(shared.page)
  await addApprover(shared)
  const titles = ['花巷东口路灯不亮，晚上看不清台阶', '健身器材松动', '下水道返味，住户要求疏通', '菜场东门占道经营', '社区图书室周末开放']
  for (const title of titles) await post(shared.page, '/issues', { title, category: 'facilities', budget_yuan: '12000', text: '住户在议事亭反映。' })
  shared.id = await logIssue(shared.page, 'village', { title: '花巷停车位划线方案', text: '东侧、北侧都有余地。', money: '3,600' })
  await post(shared.page, `/issues/${shared.id}/propose`, {})
  await shared.approve(shared.id)
  await post(shared.page, `/issues/${shared.id}/session`, kSession)
  shared.up = await logIssue(shared.page, 'village', { title: '老旧小区电梯加装', money: '220,000', text: '共三个单元' })
  shared.office = await person(shared.browser)
  const desk = await shared.office.newPage()
  await signIn(desk, 'township')
  await desk.goto(`${rooms.nodes.township.address}/issues/${shared.up}`)
  await desk.locator('.timeline li').first().waitFor()
}
