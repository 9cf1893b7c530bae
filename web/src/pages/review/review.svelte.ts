/** The queue of pairs that wait for people: which one is open, and deciding of it. */
import { ApiError } from '../../api/errors';
import type { ReviewItem, ReviewSide, WrittenInfo } from '../../api/types';
import { t } from '../../i18n/index.svelte';
import { parting } from '../../object/parting.svelte';
import { api } from '../../session/session.svelte';
import { written } from '../../writing/written.svelte';

class Review {
  items = $state.raw<readonly ReviewItem[]>([]);
  failure = $state.raw<unknown>(null);
  busy = $state(false);
  /** Ask the node anew; the page gives it. */
  again: () => void = () => {};
  #chosen = $state<string | null>(null);

  /** The pair that is open: the chosen one, or the first. */
  get current(): ReviewItem | null {
    return this.items.find((item) => item.judgement.claim_id === this.#chosen) ?? this.items[0] ?? null;
  }

  choose(item: ReviewItem): void {
    this.#chosen = item.judgement.claim_id;
  }

  /** Open the next pair, or the one before. */
  move(by: 1 | -1): void {
    const { current } = this;
    const at = current === null ? -1 : this.items.indexOf(current);
    const next = this.items[at + by];
    if (next !== undefined) this.choose(next);
  }

  /** Say that the open pair is one thing, or two, and go on to the next. */
  async decide(same: boolean): Promise<void> {
    const item = this.current;
    if (item === null || this.busy) return;
    this.busy = true;
    this.failure = null;
    try {
      const made = same ? await this.#merge(item) : await this.#part(item);
      this.#leave(item);
      this.tell(made, same);
    } catch (error) {
      this.failure = error instanceof ApiError ? error : new ApiError('broken');
    } finally {
      this.busy = false;
    }
  }

  tell(made: WrittenInfo, same = false): void {
    written.tell(t(same ? 'same.merged' : 'review.rejected'), made.undo, () => {
      parting.forget();
      this.again();
    });
    this.again();
  }

  #leave(item: ReviewItem): void {
    const at = this.items.indexOf(item);
    const next = this.items[at + 1] ?? this.items[at - 1] ?? null;
    this.#chosen = next?.judgement.claim_id ?? null;
    this.items = this.items.filter((one) => one !== item);
  }

  #merge({ one, other }: ReviewItem): Promise<WrittenInfo> {
    const path = `/objects/${encodeURIComponent(one.object_id)}/same-as`;
    return api.request(path, { method: 'POST', body: meant(one, other) });
  }

  #part({ one, other }: ReviewItem): Promise<WrittenInfo> {
    return parting.part(one.object_id, meant(one, other));
  }
}

/** Which two are decided about: objects may bear other identifiers, too. */
function meant(one: ReviewSide, other: ReviewSide) {
  return { identifier: one.identifier, other_identifier: other.identifier, other: other.object_id };
}

export const review = new Review();
