import type { SourceInfo } from '../api/types';

/** Whether the picture's clock is that of an exercise, and of no recording. */
export function isPacedByExercise(sources: readonly Pick<SourceInfo, 'replay' | 'simulation'>[]): boolean {
  return sources.some(({ simulation }) => simulation) && !sources.some(({ replay }) => replay);
}

/** Whether there are recordings among the sources and all of them have been played to their end. */
export function replayHasEnded(sources: readonly Pick<SourceInfo, 'replay' | 'state'>[]): boolean {
  const replays = sources.filter((source) => source.replay);
  return replays.length > 0 && replays.every((source) => source.state === 'ended');
}
