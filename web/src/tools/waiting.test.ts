import { expect, test } from 'vitest';

import { tools } from './tools.svelte';

const places = [10, 11, 12].map((lon) => ({ lon, lat: 55 }));

test('what is clicked while a tool is fetched is its own', async () => {
  const fetched = tools.toggle('route');
  expect(tools.current).toBeNull();
  for (const place of places) tools.taken?.press(place);
  tools.taken?.undo();
  tools.taken?.finish();
  await fetched;
  expect(tools.taken).toBe(tools.current);
  expect(tools.current).toMatchObject({ name: 'route', corners: places.slice(0, 2), finished: true });
  tools.close();
});

test('a tool that was laid down before it came stays down, and the last one taken up has the map', async () => {
  const laid = tools.toggle('area');
  await tools.toggle('area');
  await laid;
  expect(tools.taken).toBeNull();
  const first = tools.toggle('measure');
  await tools.toggle('place');
  await first;
  expect(tools.taken?.name).toBe('place');
  tools.taken?.cancel();
  expect(tools.taken).toBeNull();
});
