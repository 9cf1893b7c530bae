import { describe, expect, it } from 'vitest';
import { address, makeClient } from './client';

describe('the address of a request', () => {
  it('names a list several times and leaves out what is not said', () => {
    const query = { ahead_s: [300, 900], q: 'a b', states: [], from: null, to: '' };
    expect(address('/tracks', query)).toMatch(/\/tracks\?ahead_s=300&ahead_s=900&q=a\+b$/);
    expect(address('/tracks')).toMatch(/\/tracks$/);
  });
});

describe('an answer that does not come in time', () => {
  const hooks = { csrfToken: () => null, seeAs: () => null, ended: () => undefined };
  const late = makeClient(hooks, () => Promise.resolve(new Response(null, { status: 504 })));

  it('leaves open whether something was changed only where something was to be', async () => {
    await expect(late.request('/incidents')).rejects.toMatchObject({ kind: 'timeout' });
    const write = late.request('/objects', { method: 'POST', body: {} });
    await expect(write).rejects.toMatchObject({ kind: 'timeout_of_change' });
  });
});
