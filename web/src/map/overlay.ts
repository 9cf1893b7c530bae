/** deck.gl's canvas over the map's own. */
import { MapLibreOverlay } from '@deck.gl/maplibre';

/** For the eyes only: the map's canvas below has the name and the keys, and is the one stop for Tab. */
export function createOverlay(): MapLibreOverlay {
  const overlay = new MapLibreOverlay({
    interleaved: false,
    layers: [],
    onLoad: () => {
      const canvas = overlay.getCanvas();
      if (!canvas) return;
      canvas.tabIndex = -1;
      canvas.setAttribute('aria-hidden', 'true');
    },
  });
  return overlay;
}
