import { expect, test } from 'vitest';

import type { SketchPart } from './adapter';
import { toolLabels } from './tool_labels';

const camera = {
  lon: 11,
  lat: 56,
  zoom: 10,
  bearing: 0,
  width: 800,
  height: 600,
  insets: { left: 0, right: 0, bottom: 0 },
};
const said = (lon: number, text: string): SketchPart => ({
  geometry: { type: 'Point', coordinates: [lon, 56] },
  role: 'text',
  text,
});
const labels = (...parts: SketchPart[]) => toolLabels(parts, camera, (text) => text.length * 7);

test('of two texts of a tool that would cover each other the first stays', () => {
  const [first, far] = [said(11, '123.3°  34.1 NM'), said(11.3, '090.0°  10.0 NM')];
  expect(labels(first, said(11.02, '180.0°  0.60 NM'), far).map(({ text }) => text)).toEqual([
    first.text,
    far.text,
  ]);
});

test('a part without a text has no plate', () => {
  expect(labels(said(11, ''))).toEqual([]);
});
