export { type Connection, type Look, type Moment, PictureClient } from './client.svelte';
export type { Banner, ClockMode, TrackWords } from './frame';
export { type Cells, type Notice, PictureStore, type Track, type Trail } from './store.svelte';
