/** Badges as deck.gl layers: a disc with the count, its rim coloured by the share that moves, the known sides below. */
import type { Layer } from '@deck.gl/core';
import { IconLayer, ScatterplotLayer, TextLayer } from '@deck.gl/layers';

import type { SymbolAtlas } from '../symbols/atlas';
import { type Badge, badgeRadius, type Side } from './badges';
import { type Palette, rgb } from './palette';
import { textLook } from './text_look';

/** The share is drawn in twelfths. */
const shares = 12;
const rimPixels = 3;
/** A frame below a badge for each side that some of its tracks are known to be of. */
const pipPixels = 10;
const pipStep = 12;
const sidcOf: Record<Side, string> = {
  friend: '10033000000000000000',
  neutral: '10043000000000000000',
  hostile: '10063000000000000000',
};

export function badgeLayers(badges: Badge[], atlas: SymbolAtlas, palette: Palette): Layer[] {
  if (!badges.length) return [];
  const getPosition = ({ lon, lat }: Badge): [number, number] => [lon, lat];
  const moving = badges.filter((badge) => badge.moving);
  const rims = moving.map((badge) => rim(atlas, Math.ceil((badge.moving / badge.count) * shares)));
  return [
    new ScatterplotLayer<Badge>({
      id: 'badges',
      data: badges,
      getPosition,
      getRadius: ({ count }) => badgeRadius(count),
      radiusUnits: 'pixels',
      stroked: true,
      getFillColor: [...rgb(palette.surface), 235],
      getLineColor: rgb(palette.line),
      lineWidthUnits: 'pixels',
      getLineWidth: 1,
      updateTriggers: { getFillColor: palette, getLineColor: palette },
    }),
    new IconLayer<Badge>({
      id: 'badge-rims',
      data: moving,
      iconAtlas: atlas.canvas as never,
      iconMapping: atlas.mapping,
      getPosition,
      getIcon: (_, { index }) => rims[index]!,
      getColor: rgb(palette.accent),
      getSize: ({ count }) => 2 * badgeRadius(count) + rimPixels,
      sizeUnits: 'pixels',
      updateTriggers: { getColor: palette },
    }),
    new TextLayer<Badge>({
      ...textLook,
      id: 'badge-counts',
      data: badges,
      getPosition,
      getText: ({ count }) => String(count),
      getSize: 12,
      getColor: rgb(palette.text),
      outlineColor: [...rgb(palette.surface), 255],
      updateTriggers: { getColor: palette },
    }),
    sidePips(badges, atlas),
  ];
}

function sidePips(badges: Badge[], atlas: SymbolAtlas): Layer {
  const pips = badges.flatMap(({ lon, lat, count, sides }) =>
    sides.map(({ affiliation }, i) => ({
      position: [lon, lat] as [number, number],
      icon: atlas.symbol(sidcOf[affiliation], 'frame', false),
      offset: [(i - (sides.length - 1) / 2) * pipStep, badgeRadius(count)] as [number, number],
    })),
  );
  return new IconLayer<(typeof pips)[number]>({
    id: 'badge-sides',
    data: pips,
    iconAtlas: atlas.canvas as never,
    iconMapping: atlas.mapping,
    getPosition: ({ position }) => position,
    getIcon: ({ icon }) => icon,
    getPixelOffset: ({ offset }) => offset,
    getSize: (pipPixels * 80) / 38,
    sizeUnits: 'pixels',
  });
}

/** The rim's part for those that move, clockwise from the top. */
function rim(atlas: SymbolAtlas, twelfths: number): string {
  return atlas.sign(`moving-${twelfths}`, (context, middle) => {
    context.strokeStyle = '#ffffff';
    context.lineWidth = 7;
    context.beginPath();
    context.arc(middle, middle, middle - 4, -Math.PI / 2, ((2 * twelfths) / shares - 0.5) * Math.PI);
    context.stroke();
  });
}
