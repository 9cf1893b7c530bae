import ms from 'milsymbol';
import { expect, test } from 'vitest';

import table from '../../../tests/ontology/golden_symbols.json';

// Lines and areas are drawn as such, by their geometry: the standard gives them no symbol at a point.
const DRAWN_BY_GEOMETRY = ['Area', 'Cable', 'Pipeline', 'Route'];
const points = Object.entries(table).filter(([name]) => !DRAWN_BY_GEOMETRY.includes(name.split(' ')[0]!));

test.each(points)('%s can be drawn', (_name, sidc) => {
  expect(new ms.Symbol(sidc, { standard: 'APP6' }).isValid()).toBe(true);
});
