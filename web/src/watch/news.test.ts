import { expect, test } from 'vitest';

import { newsOf, openedWith, type Opened } from './news';

const incident = { incident_id: 'a', begun: '2026-01-01T10:00:00Z', changed: '2026-01-01T11:00:00Z' };

test('what began since the last look is new, what changed since is changed, the rest is no news', () => {
  expect(newsOf(incident, '2026-01-01T09:00:00Z', {})).toBe('new');
  expect(newsOf(incident, '2026-01-01T10:30:00Z', {})).toBe('changed');
  expect(newsOf(incident, '2026-01-01T11:00:00.000Z', {})).toBeNull();
  expect(newsOf(incident, null, {})).toBe('new');
});

test('what was opened is no news until it changes again', () => {
  const opened = openedWith({}, 'a', incident.changed);
  expect(newsOf(incident, '2026-01-01T09:00:00Z', opened)).toBeNull();
  expect(newsOf({ ...incident, changed: '2026-01-01T12:00:00Z' }, null, opened)).toBe('changed');
});

test('only the last few hundred that were opened are remembered', () => {
  let opened: Opened = {};
  for (let i = 0; i < 500; i++) opened = openedWith(opened, `i${i}`, incident.changed);
  expect(Object.keys(opened)).toHaveLength(300);
  expect(opened['i499']).toBe(incident.changed);
});
