import { describe, expect, it } from 'vitest';

import { withFilter } from './line';
import { pieces } from './marks';

describe('pieces', () => {
  it('cut a text where its marks are', () => {
    expect(pieces('SAN FRIO TWO', [[4, 8]])).toEqual([
      { text: 'SAN ', marked: false },
      { text: 'FRIO', marked: true },
      { text: ' TWO', marked: false },
    ]);
  });

  it('count characters as the node does, not halves of one', () => {
    expect(pieces('⛵🚢 FRIO', [[3, 7]]).at(-1)).toEqual({ text: 'FRIO', marked: true });
  });
});

describe('withFilter', () => {
  it('adds a filter to a line and takes it away again', () => {
    const line = withFilter('frio', 'kind', 'Vessel');
    expect(line).toBe('frio kind:Vessel');
    expect(withFilter(line, 'kind', 'Vessel')).toBe('frio');
  });

  it('quotes what has a blank', () => {
    expect(withFilter('', 'source', 'coast radar')).toBe('source:"coast radar"');
  });
});
