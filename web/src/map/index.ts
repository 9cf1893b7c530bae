export {
  defaultLayers,
  type MapAdapter,
  type MapUnderlay,
  type MapFeature,
  type MapPlan,
  type MapInsets,
  type MapLine,
  type MapLayers,
  type MapLook,
  type MapPointer,
  type MapPlot,
  type MapPosition,
  type MapForecast,
  type MapSourceTrack,
  type MapTiles,
  type MapTool,
  type SketchPart,
} from './adapter';
export { half90 } from './line_layers';
export { type ScaleBar, scaleBar } from './format';
export { default as MapView } from './MapView.svelte';
export { default as SmallMap } from './SmallMap.svelte';
export type { SmallMapLine } from './small_map';
export { mapText } from './text';
