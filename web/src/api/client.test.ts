import { describe, expect, it } from 'vitest';
import { address } from './client';

describe('the address of a request', () => {
  it('names a list several times and leaves out what is not said', () => {
    const query = { ahead_s: [300, 900], q: 'a b', states: [], from: null, to: '' };
    expect(address('/tracks', query)).toMatch(/\/tracks\?ahead_s=300&ahead_s=900&q=a\+b$/);
    expect(address('/tracks')).toMatch(/\/tracks$/);
  });
});
