// A browser on real nodes: what stories and pictures share.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const require = createRequire(process.env.MODULES)
const { chromium } = require('playwright-core')
export const axePath = require.resolve('axe-core/axe.min.js')
export const rooms = JSON.parse(process.env.ROOMS)
export const password = rooms.password

const kArguments = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
]
export const kWaitMs = 20_000

export const launch = () => chromium.launch({ executablePath: '/usr/bin/chromium', args: kArguments })

// Asks run.py, which started the nodes: stop, start, link, yishi.
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
export async function ask(wish, level, words) {
  console.log(`@${wish} ${level}${words ? ' ' + JSON.stringify(words) : ''}`)
  return JSON.parse((await answers.next()).value)
}

// What no page may ever do: throw, or ask for what the content policy forbids.
export const faults = []

// A context of its own, without motion (what fades in has no contrast to measure): cookies and drafts of one person at one machine.
export async function person(browser, options = {}) {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(kWaitMs)
  context.on('weberror', (fault) => faults.push(`${fault.page()?.url()}: ${fault.error()}`))
  context.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) faults.push(message.text())
  })
  return context
}
export async function signIn(page, level, account = rooms.nodes[level].account) {
  await page.goto(`${rooms.nodes[level].address}/sign-in`)
  await page.fill('input[name=name]', account)
  await page.fill('input[name=password]', password)
  await page.click('button[type=submit]')
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
}
// The village's account, by the link that its node prints.
export async function makeFirst(page) {
  await page.goto(await ask('link', 'village'))
  await page.fill('input[name=name]', rooms.nodes.village.account)
  await page.fill('input[name=password]', password)
  await page.fill('input[name=repeated]', password)
  await page.getByText('经办人').click()
  await page.getByText('召集人').click()
  await page.click('button[type=submit]')
  await page.waitForURL((url) => !url.pathname.startsWith('/first'))
}
export const open = (page, level, path) => page.goto(rooms.nodes[level].address + path)

// Logs an issue by the form; the address of its page is awaited.
export async function logIssue(page, level, { title, text = '', money = '', category = '公共设施' }) {
  await open(page, level, '/issues/new')
  await page.fill('input[name=title]', title)
  if (text) await page.fill('textarea[name=text]', text)
  await page.locator('.categories').getByText(category, { exact: true }).click()
  if (money) await page.fill('input[name=budget_yuan]', money)
  await page.click('button[type=submit]')
  await page.waitForURL(/\/issues\/\d/)
  return decodeURIComponent(new URL(page.url()).pathname.split('/')[2])
}
