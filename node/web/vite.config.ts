import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vite'
import { compressed } from './build/compressed'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  plugins: [
    vue(),
    // <el-button> in a template brings that component and its style, and no other.
    components({
      dirs: ['src/parts'],
      dts: 'src/components.d.ts',
      resolvers: [ElementPlusResolver({ importStyle: 'css' })],
    }),
    compressed(here('./dist')),
  ],
  resolve: { alias: { '@': here('./src') } },
  build: {
    target: ['chrome87', 'firefox78', 'safari14'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
  },
  // For working on the pages: a node on the usual port answers the API.
  // It takes only what comes from its own address, so the asking page's is not passed on.
  server: {
    proxy: {
      '/api': {
        target: process.env.YISHI_NODE ?? 'http://127.0.0.1:7380',
        changeOrigin: true,
        configure: (proxy) => proxy.on('proxyReq', (request) => request.removeHeader('origin')),
      },
    },
  },
})
