import { expect, test } from 'vitest';

import { labelInFrontOf } from '../writing/label_choice';
import { labelledReport } from './labelled';

test('a report is named by its stream, its thing and its time to the microsecond, and is only ever raised', () => {
  const report = { stream: 'radar', identifier: 'track:7', valid: '2026-01-31T12:00:00.123456Z' };
  const marking = { text: 'EX UNCLASSIFIED', classification: 'UNCLASSIFIED' };
  const label = labelInFrontOf(marking, 'DNK');
  const { ways, ask } = labelledReport({ ...report, ...{ late: true } }, 'FRIO', marking);
  expect(ways).toEqual(['raise']);
  expect(ask('raise', { label, reason: 'why', alerts: false })).toEqual({
    path: '/observations/label',
    body: { ...report, label, reason: 'why', alerts: false },
  });
});
