export default {
  log: '登记事项',
  issues: '事项',
  searchHint: '标题、正文、编号中的任意文字',
} as const
