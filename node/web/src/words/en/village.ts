export default {
  log: 'Log an issue',
  issues: 'Issues',
  searchHint: 'Any words of title, text or number',
} as const
