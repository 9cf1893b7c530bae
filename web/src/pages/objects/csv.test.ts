import { expect, test } from 'vitest';

import { toCsv } from './csv';
import type { Row } from './rows';

const track = {
  track_id: 'a1',
  name: 'FRIO, "THE COLD"',
  identifier: 'mmsi:219012345',
  schema: 'Vessel',
  state: 'live',
  since: null,
  position: { lat: 55.5, lon: 12.25 },
  std_m: null,
  speed_mps: 6.2,
  course_deg: 0,
  heading_deg: null,
  altitude_m: null,
  valid: '2026-11-27T19:30:00Z',
  heard: '2026-11-27T19:30:00Z',
  sources: ['denmark', 'sweden'],
  marking: { text: 'ALLIAGE SECRET / REL TO DNK', classification: 'SECRET' },
} as unknown as Row;

test('the marking of all rows stands first, and what is not known stays empty', () => {
  const [first, head, row, end] = toCsv([track], track.marking, 'EXERCISE').split('\r\n');
  expect(first).toBe('# EXERCISE / ALLIAGE SECRET / REL TO DNK');
  expect(head!.split(',').slice(0, 3)).toEqual(['track_id', 'name', 'identifier']);
  expect(row).toBe(
    'a1,"FRIO, ""THE COLD""",mmsi:219012345,Vessel,live,,55.5,12.25,,6.2,0,,,2026-11-27T19:30:00Z,2026-11-27T19:30:00Z,denmark sweden,ALLIAGE SECRET / REL TO DNK',
  );
  expect(end).toBe('');
});

test('a name that a spreadsheet would run as a formula is text', () => {
  const name = '=HYPERLINK("http://example.org")';
  expect(toCsv([{ ...track, name }], null, '')).toContain(`"'=HYPERLINK(""http://example.org"")"`);
});

test('what lies still has no state; it is told since when it lies there', () => {
  const since = '2026-11-20T00:00:00Z';
  const [, head, row] = toCsv([{ ...track, name: 'FRIO', since }], null, '').split('\r\n');
  const at = head!.split(',').indexOf('state');
  expect(row!.split(',').slice(at, at + 2)).toEqual(['', since]);
});
