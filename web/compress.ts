/** Packs what was built beside itself (`.gz`, `.br`), so that the node sends it without work. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const PACKED = /\.(?:js|mjs|css|html|svg|json)$/;
const SMALLEST_BYTES = 1024;
/** Of 11; the last two steps cost ten times as long for a few percent. */
const BROTLI_QUALITY = 9;

export function compress(): Plugin {
  let folder = '';
  return {
    name: 'alliage-compress',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (PACKED.test(name)) pack(join(folder, name));
      }
    },
  };
}

function pack(path: string): void {
  const bytes = readFileSync(path);
  if (bytes.length < SMALLEST_BYTES) return;
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params }));
}
