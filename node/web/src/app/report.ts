// Figures of a unit and what is below it, as the node reports them: each with the two counts it is
// taken from, and none without how complete it is.
import { api } from './api'
import type { Label, Unit } from './types'
import type { Said } from '@/words'

export interface Frontier extends Said {
  units: number
  nodes: number
  in: number
  up_to: string | null
  behind: Unit[]
  missing: Unit[]
  silent: Unit[]
  units_without_node: number
}
export interface Rate extends Label {
  part: { figure: string; count: number }
  of: { figures: string[]; count: number }
}
export interface Line {
  unit?: Unit
  key?: string // of a line by month: "2026-11"
  issues: number
  escalated: number
  by_stage: Record<string, number>
  budget_fen: number
  figures: Record<string, number>
  rates: Rate[]
}
export interface FigureName extends Said {
  figure: string
  month: 'logged' | 'event'
  unit: string
}
export interface Report {
  unit: Unit
  figures: FigureName[]
  stages: Label[]
  lines: Line[]
  total: Line
  by_category: { category: Label; issues: number }[]
  escalation_reasons: { reason: Label; climbs: number }[]
  frontier: Frontier
  made: string
}
export interface PolicyFigure extends Label {
  unit: string
  count: number
  open: string[]
}
export interface Span {
  year?: string
  month?: string
}

export const reportOf = (unit: string, by: 'child' | 'month', span: Span, quiet = false) =>
  api.get<Report>('/report', { unit, by, ...span }, { quiet })
export const policyFigures = (unit: string, quiet = false) =>
  api.get<{ figures: PolicyFigure[]; frontier: Frontier }>('/report/figures', { unit }, { quiet })

export function percent(rate: Rate | undefined): string {
  if (!rate || rate.of.count === 0) return '—'
  return `${((100 * rate.part.count) / rate.of.count).toFixed(1)}%`
}
// The figures of one family, "category:…", greatest first.
export function family(report: Report, prefix: string): { figure: string; words: Said; count: number }[] {
  return report.figures
    .filter((one) => one.figure.startsWith(prefix) && (report.total.figures[one.figure] ?? 0) > 0)
    .map((one) => ({ figure: one.figure, words: short(one), count: report.total.figures[one.figure] ?? 0 }))
    .sort((a, b) => b.count - a.count)
}
// "类别：环境整治" beside a heading that says 类别 already.
function short(name: Said): Said {
  const after = (text: string, sign: RegExp) => text.slice(text.search(sign) + 1).trim() || text
  return { zh: after(name.zh, /：/), en: after(name.en, /:/) }
}
