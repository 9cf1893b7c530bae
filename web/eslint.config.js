import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

import svelteConfig from './svelte.config.js';

/** Only the map's own room may know what draws it; everything else talks to MapView. */
const mapLibraries = {
  patterns: [
    {
      group: [
        'maplibre-gl',
        'maplibre-gl/*',
        '@deck.gl/*',
        '@luma.gl/*',
        '@armyc2.c5isr.renderer/*',
        'pmtiles',
      ],
      message: 'Only src/map may import the map libraries.',
    },
  ],
};

export default ts.config(
  { ignores: ['node_modules/', 'dist/', 'src/api/schema.d.ts', 'public/'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  prettier,
  ...svelte.configs.prettier,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      'no-restricted-imports': ['error', mapLibraries],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-explicit-any': 'error',
      'max-lines': ['error', 600],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
    // A goto of our own router is an ordinary link, and TypeScript finds undefined names.
    rules: {
      'no-undef': 'off',
      'svelte/no-navigation-without-resolve': 'off',
      // A Set or URLSearchParams that lives inside one function needs no reactivity.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  { files: ['**/*.ts'], rules: { 'no-undef': 'off' } },
  { files: ['src/map/**', 'basemap/**'], rules: { 'no-restricted-imports': 'off' } },
);
