export { type Affiliation, affiliationOf } from './sidc';
export { default as SymbolIcon } from './SymbolIcon.svelte';
