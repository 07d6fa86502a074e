// A table saved as a file that spreadsheets open: CSV with a byte order mark, or XLSX. Below it stands
// how complete the figures are. A table of very many cells is always CSV.
type Cell = string | number

function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
// A text that begins like a formula is one to a spreadsheet: an apostrophe makes it text again.
function csvCell(cell: Cell): string {
  if (typeof cell === 'number') return String(cell)
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return `"${text.replaceAll('"', '""')}"`
}

// Beyond this the library packs in a worker made of text, which the content policy forbids.
const kXlsxCells = 3_000

export async function saveSheet(kind: 'csv' | 'xlsx', name: string, rows: Cell[][], note: string): Promise<void> {
  const all = [...rows, [], [note]]
  const cells = all.reduce((sum, row) => sum + row.length, 0)
  if (kind === 'csv' || cells > kXlsxCells) {
    const text = '\ufeff' + all.map((row) => row.map(csvCell).join(',')).join('\r\n') + '\r\n'
    return save(new Blob([text], { type: 'text/csv;charset=utf-8' }), `${name}.csv`)
  }
  const { default: writeXlsxFile } = await import('write-excel-file/universal')
  const sheet = all.map((row, i) =>
    row.map((value) => (i === 0 ? { value, fontWeight: 'bold' as const } : { value })))
  save(await writeXlsxFile(sheet, { stickyRowsCount: 1 }).toBlob(), `${name}.xlsx`)
}
