/** What the map shows as one image. The graphics card keeps a frame no longer than it is drawn: it is read then. */
import type { MapLibreOverlay } from '@deck.gl/maplibre';
import type { Map as MapLibreMap } from 'maplibre-gl';

/** A canvas in the screen's own pixels: the basemap below, the picture above, which `draw` draws once more. */
export async function photograph(
  map: MapLibreMap,
  overlay: MapLibreOverlay,
  draw: () => void,
): Promise<HTMLCanvasElement> {
  const sheet = document.createElement('canvas');
  const below = map.getCanvas();
  [sheet.width, sheet.height] = [below.width, below.height];
  const ink = sheet.getContext('2d')!;
  await new Promise<void>((done) => {
    map.once('render', () => {
      ink.drawImage(below, 0, 0);
      done();
    });
    map.triggerRepaint();
  });
  await new Promise<void>((done) => {
    overlay.setProps({
      onAfterRender: () => {
        overlay.setProps({ onAfterRender: () => {} });
        const above = overlay.getCanvas();
        if (above) ink.drawImage(above, 0, 0, sheet.width, sheet.height);
        done();
      },
    });
    draw();
  });
  return sheet;
}
