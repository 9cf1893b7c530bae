/** Since when something counts as new: the last look of this person, or the last hand-over of the watch. */
import { seen } from '../../watch/seen.svelte';
import type { Opened } from '../../watch/news';

class NewsFilter {
  /** Whether only what is new or has changed is listed. */
  only = $state(false);
  /** RFC 3339 of the last hand-over, where somebody chose to count from there. */
  handOver = $state<string | null>(null);

  get since(): string | null {
    return this.handOver ?? seen.since;
  }

  get opened(): Opened {
    return this.handOver === null ? seen.opened : {};
  }
}

export const news = new NewsFilter();
