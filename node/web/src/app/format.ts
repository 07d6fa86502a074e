// Values as people read them. The node's time is China Standard Time, wherever the browser is.
import { language, said } from '@/words'
import type { Label } from './types'

const kZone = 'Asia/Shanghai'
const kPart = new Intl.DateTimeFormat('en-CA', {
  timeZone: kZone, year: 'numeric', month: '2-digit', day: '2-digit',
  hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
})

function partsOf(moment: string | Date): Record<string, string> {
  const parts = kPart.formatToParts(typeof moment === 'string' ? new Date(moment) : moment)
  return Object.fromEntries(parts.map((part) => [part.type, part.value]))
}

// "2026-11-21 14:30"
export function time(moment: string | null | undefined): string {
  if (!moment) return '—'
  const p = partsOf(moment)
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`
}
export function day(moment: string | Date | null | undefined): string {
  if (!moment) return '—'
  const p = partsOf(moment)
  return `${p.year}-${p.month}-${p.day}`
}
export function longDay(moment: string | null | undefined): string {
  if (!moment) return '—'
  if (language.value === 'en') return day(moment)
  const p = partsOf(moment)
  return `${p.year}年${Number(p.month)}月${Number(p.day)}日`
}

// Whole fen to "¥2,200,000.00": by digits, never through a fraction.
export function money(fen: number | null | undefined): string {
  if (fen === null || fen === undefined) return '—'
  const sign = fen < 0 ? '-' : ''
  const digits = String(Math.abs(fen)).padStart(3, '0')
  const yuan = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${sign}¥${yuan}.${digits.slice(-2)}`
}
export function count(n: number | null | undefined): string {
  return n === null || n === undefined ? '—' : n.toLocaleString('en-US')
}
export function label(what: Label | null | undefined): string {
  return what ? said(what) : '—'
}
