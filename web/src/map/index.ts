export {
  defaultLayers,
  type MapAdapter,
  type MapInsets,
  type MapLayers,
  type MapLook,
  type MapPointer,
  type MapPosition,
} from './adapter';
export { default as MapView } from './MapView.svelte';
