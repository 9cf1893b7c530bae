import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

import { basemap } from './basemap/plugin.ts';
import { compress } from './compress.ts';
import { leanSymbols } from './lean_symbols.ts';

/** The node the development server talks to; a built app is served by the node itself. */
const node = process.env.ALLIAGE_NODE ?? 'http://127.0.0.1:8470';

export default defineConfig({
  plugins: [svelte(), basemap(), compress()],
  build: {
    outDir: '../src/alliage/server/static',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy allows no data: scripts, and every file is cached by its hash.
    assetsInlineLimit: 0,
    // The map's own chunk is large, and loaded only by the Picture page.
    chunkSizeWarningLimit: 2000,
  },
  worker: { format: 'es', plugins: () => [leanSymbols()] },
  server: {
    proxy: { '/api': { target: node, ws: true, changeOrigin: true, headers: { origin: node } } },
  },
  test: { include: ['src/**/*.test.ts', 'basemap/**/*.test.ts', 'tests/**/*.test.ts'], environment: 'node' },
});
