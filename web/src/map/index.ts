export {
  defaultLayers,
  type MapAdapter,
  type MapFeature,
  type MapInsets,
  type MapLayers,
  type MapLook,
  type MapPointer,
  type MapPosition,
  type MapTiles,
  type MapTool,
  type SketchPart,
} from './adapter';
export { type ScaleBar, scaleBar } from './format';
export { default as MapView } from './MapView.svelte';
export { mapText } from './text';
