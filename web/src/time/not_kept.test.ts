import { describe, expect, it } from 'vitest';
import { notKeptText } from './not_kept';

const before = '2026-11-28T12:00:00Z';

describe('what is no longer kept', () => {
  it('names streams and the time before which they lack something', () => {
    expect(notKeptText([{ stream: 'denmark', before, since: null, why: 'not kept' }])).toMatch(
      /^denmark < .*12:00/,
    );
  });

  it('says what was destroyed by decision, from when to when', () => {
    const since = '2026-11-28T11:00:00Z';
    const text = notKeptText([{ stream: 'coast', before, since, why: 'redacted' }]);
    expect(text).toMatch(/^coast .*11:00.* – .*12:00.* \(redacted\)$/);
  });

  it('counts the streams that have no room', () => {
    const streams = ['a', 'b', 'c', 'd', 'e'].map((stream) => ({
      stream,
      before,
      since: null,
      why: 'not kept' as const,
    }));
    expect(notKeptText(streams)).toMatch(/^a .*, b .*, c .*, \+2$/);
  });
});
