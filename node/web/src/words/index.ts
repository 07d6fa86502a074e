// What the pages say, in two languages. A word is named AREA.KEY ("village.log"); a key that one
// language lacks does not compile. Words with {name} in them take values.
import { ref, shallowRef } from 'vue'
import zhCity from './zh/city'
import zhCommon from './zh/common'
import zhOperator from './zh/operator'
import zhPublic from './zh/public'
import zhTownship from './zh/township'
import zhVillage from './zh/village'

const zh = {
  common: zhCommon,
  village: zhVillage,
  township: zhTownship,
  city: zhCity,
  operator: zhOperator,
  public: zhPublic,
}

export type Words = { [A in keyof typeof zh]: Record<keyof (typeof zh)[A], string> }
export type Word = { [A in keyof Words]: `${A}.${keyof Words[A] & string}` }[keyof Words]
export type Language = 'zh' | 'en'

const kKept = 'yishi.language'

function preferred(): Language {
  const kept = localStorage.getItem(kKept)
  if (kept === 'zh' || kept === 'en') return kept
  return navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh'
}

export const language = ref<Language>('zh')
const words = shallowRef<Words>(zh)

async function wordsOf(chosen: Language): Promise<Words> {
  return chosen === 'zh' ? zh : (await import('./en')).default
}

export async function loadWords(chosen: Language = preferred()): Promise<void> {
  words.value = await wordsOf(chosen)
  language.value = chosen
  document.documentElement.lang = chosen === 'zh' ? 'zh-CN' : 'en'
}

export async function switchLanguage(chosen: Language): Promise<void> {
  await loadWords(chosen)
  localStorage.setItem(kKept, chosen)
}

export function t(word: Word, values: Record<string, string | number> = {}): string {
  const [area, key] = word.split('.') as [keyof Words, never]
  const text = words.value[area][key] as string
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

// What the node says in both languages.
export interface Said {
  zh: string
  en: string
}
export function said(what: Said | null | undefined): string {
  return what ? what[language.value] : ''
}
