import { describe, expect, it } from 'vitest';
import { paths } from '../../router/paths';
import { pageOf } from './step_page';

describe('a step of the checklist', () => {
  it('leads to the page it is done on', () => {
    expect(pageOf('compare')).toBe(paths.quality());
  });

  it('leads nowhere if it is done in the world', () => {
    expect(pageOf('call')).toBeNull();
  });
});
