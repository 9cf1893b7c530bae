import { expect, it } from 'vitest';

import { canWrite } from '../src/frame/writable';

const answers = (status: number, body: string) => () => Promise.resolve(new Response(body, { status }));

it('knows a node that cannot write from one that does not answer', async () => {
  expect(await canWrite(answers(200, '{"status": "ready", "log_open": true}'))).toBe(true);
  expect(await canWrite(answers(503, '{"status": "not ready", "log_open": false}'))).toBe(false);
  expect(await canWrite(answers(503, '{"status": "not ready", "log_open": true}'))).toBe(true);
  expect(await canWrite(answers(502, 'bad gateway'))).toBe(null);
  expect(await canWrite(answers(503, 'no JSON'))).toBe(null);
  expect(await canWrite(() => Promise.reject(new TypeError('no network')))).toBe(null);
});
