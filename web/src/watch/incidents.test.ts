import { afterEach, expect, test, vi } from 'vitest';

import { incidents } from './incidents.svelte';

afterEach(() => vi.unstubAllGlobals());

/** A node that answers each request when it is told to. */
function slowNode(): ((answer: Response) => void)[] {
  const answers: ((answer: Response) => void)[] = [];
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => answers.push(resolve)));
  return answers;
}

const list = (open: number) => Response.json({ items: [], open });
const failed = () => new Response(null, { status: 503 });

test('a read that fails after a later one has come says nothing above the list', async () => {
  const answers = slowNode();
  const [first, second] = [incidents.now(), incidents.now()];
  answers[1]?.(list(2));
  await second;
  answers[0]?.(failed());
  await first;
  expect(incidents.page).toMatchObject({ open: 2 });
  expect(incidents.failure).toBeNull();
});

test('a read that comes after a later one does not bring the old list back', async () => {
  const answers = slowNode();
  const [first, second] = [incidents.now(), incidents.now()];
  answers[1]?.(list(4));
  await second;
  answers[0]?.(list(3));
  await first;
  expect(incidents.page).toMatchObject({ open: 4 });
});

test('a failure is told, and is gone with the next list', async () => {
  const answers = slowNode();
  const first = incidents.now();
  answers[0]?.(failed());
  await first;
  expect(incidents.failure).toMatchObject({ kind: 'unavailable' });
  const second = incidents.now();
  answers[1]?.(list(1));
  await second;
  expect(incidents.failure).toBeNull();
});
