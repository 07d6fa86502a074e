// The form of each act: its fields in the order in which one says them. Whether they are enough is
// the node's to say; a field that an act always needs is marked so that nobody learns it too late.
import type { VocabularyList } from '@/app/vocabulary'
import type { Word } from '@/words'

export type FieldKind =
  | 'line' | 'area' | 'money' | 'day' | 'moment' | 'unit' | 'units' | 'label' | 'labels' | 'number'
  | 'flag' | 'checks' | 'organs' | 'figures' | 'task' | 'order' | 'consultation' | 'submission' | 'level'
export interface Field {
  name: string
  kind: FieldKind
  word: Word
  list?: VocabularyList
  needed?: boolean
  below?: boolean // units below this one
}

const text = (word: Word = 'village.fText', needed = false): Field => ({ name: 'text', kind: 'area', word, needed })
const why: Field = { name: 'reason', kind: 'area', word: 'village.fWhy', needed: true }
const due = (needed = false): Field => ({ name: 'due', kind: 'day', word: 'village.fDue', needed })
const by: Field = { name: 'by', kind: 'line', word: 'village.fBy' }
const signed: Field = { name: 'signed', kind: 'line', word: 'village.fSigned' }
const task: Field = { name: 'task', kind: 'task', word: 'village.fTask', needed: true }
const order: Field = { name: 'ref', kind: 'order', word: 'village.fOrder', needed: true }
const label = (name: string, word: Word, list: VocabularyList, needed = false): Field => ({
  name, kind: 'label', word, list, needed,
})
const labels = (name: string, word: Word, list: VocabularyList): Field => ({ name, kind: 'labels', word, list })
const unit = (needed = true, below = false): Field => ({ name: 'to', kind: 'unit', word: 'village.fTo', needed, below })

export const kActFields: Record<string, Field[]> = {
  amend: [
    { name: 'title', kind: 'line', word: 'village.titleLabel' },
    text('village.text'),
    label('category', 'village.category', 'categories'),
    { name: 'budget_yuan', kind: 'money', word: 'village.money' },
    { name: 'reach', kind: 'units', word: 'village.reach' },
  ],
  screen: [
    { name: 'checks', kind: 'checks', word: 'village.fChecks' },
    labels('flags', 'village.flags', 'flags'),
    label('via', 'village.via', 'channels'),
    text(),
  ],
  consult: [unit(false), { name: 'organs', kind: 'organs', word: 'village.fOrgans' }, text('village.fQuestion', true), due()],
  opine: [
    { name: 'number', kind: 'consultation', word: 'village.fQuestion', needed: true },
    label('view', 'village.fView', 'views'),
    text('village.fOpinion', true),
    by,
  ],
  propose: [text(), by],
  approve: [by, text('village.fOpinion'), signed],
  return: [why, by],
  research: [text('village.fFindings', true), { name: 'heard', kind: 'area', word: 'village.fHeard' }, by, signed],
  convene: [
    { name: 'held', kind: 'moment', word: 'village.fHeld', needed: true },
    { name: 'place', kind: 'line', word: 'village.fPlace' },
    label('form', 'village.fForm', 'forms'),
    text(),
  ],
  outcome: [text('village.outcome', true), label('became', 'village.fBecame', 'outcomes'), by, signed],
  submit: [{ name: 'organs', kind: 'organs', word: 'village.fOrgans', needed: true }, text()],
  receive: [{ name: 'number', kind: 'submission', word: 'village.fSubmission', needed: true }, { ...by, needed: true }, text()],
  explain: [
    { name: 'number', kind: 'number', word: 'village.fSession', needed: true },
    { name: 'item', kind: 'number', word: 'village.fDissent', needed: true },
    text('village.fExplanation', true),
  ],
  correct: [{ name: 'number', kind: 'number', word: 'village.fSession', needed: true }, why, text('village.fContent')],
  escalate: [why, by],
  accept: [text(), by],
  decide: [text('village.decision', true), label('became', 'village.fBecame', 'outcomes'), by],
  assign: [unit(true, true), text('village.fWork', true), due(), by],
  refer: [unit(true, true), why, by],
  join: [{ name: 'units', kind: 'units', word: 'village.fUnits', needed: true }, text('village.fWork', true), due()],
  guide: [{ name: 'level', kind: 'level', word: 'village.fLevel', needed: true }, unit(true, true), text(), due()],
  feedback: [text('village.fFeedback', true), by],
  close: [
    label('result', 'village.result', 'results', true),
    { ...why, needed: false },
    { name: 'figures', kind: 'figures', word: 'village.fFigures' },
    text(),
  ],
  reopen: [why, by],
  comment: [text('village.fText', true), by],
  progress: [
    task,
    { name: 'percent', kind: 'number', word: 'village.percent' },
    { name: 'done', kind: 'flag', word: 'village.fDone' },
    text(),
  ],
  evaluate: [label('party', 'village.fParty', 'parties', true), { name: 'score', kind: 'number', word: 'village.fScore', needed: true }, text()],
  extend: [task, due(true), why],
  grant: [task, due(), { ...why, needed: false }],
  publish: [label('about', 'village.fAbout', 'publications'), { name: 'place', kind: 'line', word: 'village.fPlace' }, text('village.fText', true), due()],
  urge: [{ ...task, needed: false }, text('village.fText', true), by],
  revisit: [label('about', 'village.fFound', 'revisits', true), text('village.fText', true), due()],
  rate: [
    { name: 'asked', kind: 'number', word: 'village.fAsked', needed: true },
    { name: 'satisfied', kind: 'number', word: 'village.fSatisfied', needed: true },
    text(),
  ],
  supervise: [label('kind', 'village.fKind', 'supervision', true), unit(false), text('village.fText', true), due(), by],
  visit: [
    label('kind', 'village.fKind', 'supervision'),
    { name: 'held', kind: 'moment', word: 'village.fVisited', needed: true },
    labels('methods', 'village.fMethods', 'methods'),
    text('village.fFindings', true),
  ],
  rectify: [order, text('village.fText', true), { name: 'done', kind: 'flag', word: 'village.fRectified' }],
  appraise: [order, text('village.fText', true), { name: 'done', kind: 'flag', word: 'village.fPassed' }],
  account: [unit(), text('village.fText', true)],
}

// What one would press first stands first; what only says something stands last.
const kOrder = [
  'accept', 'approve', 'decide', 'assign', 'return', 'escalate', 'screen', 'propose', 'research', 'convene', 'session',
  'outcome', 'submit', 'feedback', 'close', 'progress', 'opine', 'receive', 'rectify', 'appraise', 'grant', 'extend',
]
export function byUse<T extends { name: string }>(acts: T[]): T[] {
  const place = (name: string) => (kOrder.indexOf(name) + 1 || kOrder.length + 1)
  return [...acts].sort((a, b) => place(a.name) - place(b.name))
}
export const kMainActs = new Set(kOrder.slice(0, 16))
