/**
 * Vite plugin: makes the basemap when it is missing or what it is made from has changed, and tells the app
 * its address in `__BASEMAP_URL__`. The address names the content, so the file may be cached for ever.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

import { atlasFile, buildBasemap } from './build.ts';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, '..', 'public', 'basemap');

function fileName(): string {
  const hash = createHash('sha256').update(readFileSync(atlasFile));
  for (const source of ['build.ts', 'geometry.ts', 'places.ts', 'pmtiles.ts'])
    hash.update(readFileSync(join(here, source)));
  return `world-${hash.digest('hex').slice(0, 12)}.pmtiles`;
}

export function basemap(): Plugin {
  const file = fileName();
  return {
    name: 'alliage-basemap',
    config: () => ({ define: { __BASEMAP_URL__: JSON.stringify(`/basemap/${file}`) } }),
    buildStart() {
      if (process.env.VITEST || existsSync(join(folder, file))) return;
      mkdirSync(folder, { recursive: true });
      for (const old of readdirSync(folder)) rmSync(join(folder, old));
      writeFileSync(join(folder, file), buildBasemap());
    },
  };
}
