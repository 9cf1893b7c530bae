import { expect, test } from 'vitest';

import { ApiError, explain } from './errors';

const refused = (kind: string, status: number, errors: object[]) =>
  new ApiError(status === 403 ? 'forbidden' : 'invalid', {
    type: `urn:alliage:problem:${kind}`,
    title: 'Refused',
    status,
    detail: 'In English.',
    errors: errors as never,
  });

test('what a screen has words for is said in them alone', () => {
  const field = { field: 'body.geometry', message: 'all positions are one place', code: 'line_nowhere' };
  const told = explain(refused('invalid', 422, [field]));
  expect(told).toMatchObject({ todo: null, detail: null, fields: [] });
  expect(told.refusals).toEqual([{ key: 'refusal.line_nowhere', marking: null }]);
});

test('a label that is refused is no matter of the role, and the one that is needed is named', () => {
  const marking = 'ALLIAGE UNCLASSIFIED / REL TO DNK';
  const told = explain(
    refused('label-refused', 403, [{ field: 'body.label', message: 'lower', code: 'label_lower', marking }]),
  );
  expect(told.what).toBe('error.label_refused.what');
  expect(told.refusals).toEqual([{ key: 'refusal.label_lower', marking }]);
  expect(explain(refused('forbidden', 403, [])).what).toBe('error.forbidden.what');
});

test('what it has no words for stands in those of the node', () => {
  const told = explain(refused('invalid', 422, [{ field: 'body.name', message: 'too long' }]));
  expect(told.fields).toHaveLength(1);
  expect(told.detail).toBe('In English.');
});
