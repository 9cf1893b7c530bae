import { describe, expect, it } from 'vitest';
import { notKeptText } from './not_kept';

const before = '2026-11-28T12:00:00Z';

describe('what is no longer kept', () => {
  it('names streams and the time before which they lack something', () => {
    expect(notKeptText([{ stream: 'denmark', before }])).toMatch(/^denmark < .*12:00/);
  });

  it('counts the streams that have no room', () => {
    const streams = ['a', 'b', 'c', 'd', 'e'].map((stream) => ({ stream, before }));
    expect(notKeptText(streams)).toMatch(/^a .*, b .*, c .*, \+2$/);
  });
});
