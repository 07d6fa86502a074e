// Beside every file of the build its .gz and .br, which the node carries and hands out as they
// are: nothing is compressed while someone waits.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const kWorthwhile = /\.(html|js|css|svg|json|txt)$/
const kSmallest = 512 // bytes: below, a header outweighs what is saved

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesIn(path) : [path]
  })
}

export function compressed(folder: string): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      for (const path of filesIn(folder)) {
        const bytes = readFileSync(path)
        if (!kWorthwhile.test(path) || bytes.length < kSmallest) continue
        writeFileSync(path + '.gz', gzipSync(bytes, { level: 9 }))
        const params = {
          [constants.BROTLI_PARAM_QUALITY]: 11,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        }
        writeFileSync(path + '.br', brotliCompressSync(bytes, { params }))
      }
    },
  }
}
