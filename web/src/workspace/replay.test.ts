import { expect, test } from 'vitest';

import { isPacedByExercise, replayHasEnded } from './replay';

test('a replay has ended when all its recordings have, whatever other sources do', () => {
  const live = { replay: false, state: 'connected' } as const;
  const over = { replay: true, state: 'ended' } as const;
  const running = { replay: true, state: 'connected' } as const;
  expect(replayHasEnded([over, over, live])).toBe(true);
  expect(replayHasEnded([over, running])).toBe(false);
  expect(replayHasEnded([live, { replay: false, state: 'ended' }])).toBe(false);
  expect(replayHasEnded([])).toBe(false);
});

test('an exercise paces time where it is played and no recording is', () => {
  const exercise = { replay: false, simulation: true };
  expect(isPacedByExercise([exercise, { replay: false, simulation: false }])).toBe(true);
  expect(isPacedByExercise([exercise, { replay: true, simulation: false }])).toBe(false);
  expect(isPacedByExercise([])).toBe(false);
});
