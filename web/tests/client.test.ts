import { describe, expect, test } from 'vitest';

import { address, makeClient } from '../src/api/client';
import { ApiError, explain, kindOfStatus } from '../src/api/errors';
import { dictionary } from '../src/i18n/dictionary';

/** A node that always gives one answer, and remembers what it was asked. */
function nodeThatAnswers(answer: () => Response | Promise<Response>, imagined: string | null = null) {
  const asked: { url: string; init: RequestInit }[] = [];
  let ended = 0;
  const client = makeClient(
    { csrfToken: () => 'csrf-1', ended: () => (ended += 1), seeAs: () => imagined },
    (url, init) => {
      asked.push({ url: String(url), init: init ?? {} });
      return Promise.resolve(answer());
    },
  );
  return { client, asked, ended: () => ended };
}

function problem(status: number, kind: string, headers: Record<string, string> = {}): Response {
  const body = {
    type: `urn:alliage:problem:${kind}`,
    title: 'Title',
    status,
    detail: 'What was wrong.',
    instance: 'urn:alliage:request:5f3c',
    errors: [{ field: 'body.nation', message: 'three letters' }],
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  });
}

async function failure(run: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await run.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

test('as whom this tab looks is said with every request', async () => {
  const plain = nodeThatAnswers(() => Response.json({}));
  await plain.client.request('/tracks');
  expect(new Headers(plain.asked[0]?.init.headers).has('Alliage-See-As')).toBe(false);
  const seeing = nodeThatAnswers(() => Response.json({}), 'nation=FRA');
  await seeing.client.request('/tracks');
  expect(new Headers(seeing.asked[0]?.init.headers).get('Alliage-See-As')).toBe('nation=FRA');
});

describe('a request', () => {
  test('carries the CSRF token with unsafe methods only', async () => {
    const { client, asked } = nodeThatAnswers(() => new Response(null, { status: 204 }));
    await client.request('/session', { method: 'PATCH', body: { language: 'fr' } });
    await client.request('/session');
    const headers = asked.map(({ init }) => new Headers(init.headers).get('X-CSRF-Token'));
    expect(headers).toEqual(['csrf-1', null]);
    expect(asked[0]?.init.body).toBe('{"language":"fr"}');
  });

  test('leaves out what is not set in the query', () => {
    expect(address('/tracks', { q: 'FRIO & CO', cursor: null, limit: 5, schema: '' })).toBe(
      '/api/v1/tracks?q=FRIO+%26+CO&limit=5',
    );
  });
});

describe('a failure', () => {
  test('of the session ends it, a refused sign-in does not', async () => {
    const over = nodeThatAnswers(() => problem(401, 'not-signed-in'));
    expect((await failure(over.client.request('/tracks'))).kind).toBe('signed_out');
    expect(over.ended()).toBe(1);
    const refused = nodeThatAnswers(() => problem(401, 'sign-in-refused'));
    await failure(refused.client.request('/session', { method: 'POST', body: {} }));
    expect(refused.ended()).toBe(0);
  });

  test('of the network is told apart from an answer that makes no sense', async () => {
    const cut = nodeThatAnswers(() => Promise.reject(new TypeError('Failed to fetch')));
    expect((await failure(cut.client.request('/tracks'))).kind).toBe('offline');
    const odd = nodeThatAnswers(() => new Response('<html>', { status: 200 }));
    expect((await failure(odd.client.request('/tracks'))).kind).toBe('broken');
  });

  test('names the refused fields and the wait', async () => {
    const invalid = nodeThatAnswers(() => problem(422, 'invalid'));
    const told = explain(await failure(invalid.client.request('/users', { method: 'POST', body: {} })));
    expect(told.fields).toEqual([{ field: 'body.nation', message: 'three letters' }]);
    const throttled = nodeThatAnswers(() => problem(429, 'too-many-attempts', { 'Retry-After': '42' }));
    const wait = explain(await failure(throttled.client.request('/session')));
    expect(wait.parameters.seconds).toBe(42);
  });

  test('of the node names the request, so that its log can be searched', async () => {
    const broken = nodeThatAnswers(() => problem(500, 'internal'));
    expect(explain(await failure(broken.client.request('/tracks'))).parameters.request).toBe('5f3c');
  });

  test('has two sentences in both languages, whatever its status', () => {
    for (const status of [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 502, 503, 504]) {
      const told = explain(new ApiError(kindOfStatus(status)));
      for (const language of ['en', 'fr'] as const) {
        expect(dictionary[language][told.what]).toBeTruthy();
        if (told.todo === null) throw new Error('a status alone has two sentences');
        expect(dictionary[language][told.todo]).toBeTruthy();
      }
    }
  });

  test('that nobody expected is still explained', () => {
    expect(explain(new RangeError('?')).what).toBe('error.broken.what');
  });
});
