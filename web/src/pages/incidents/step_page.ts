import { paths } from '../../router/paths';

/** Where a step of the checklist is done, or null: in the world. Steps are named in `checklists.py`. */
export function pageOf(step: string): string | null {
  return step === 'compare' ? paths.quality() : null;
}
