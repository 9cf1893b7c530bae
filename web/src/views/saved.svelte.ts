/** Views that a person has given a name: an address each, kept in this browser. */
import { router } from '../router/router.svelte';
import { workspace } from '../workspace/workspace.svelte';

const STORED = 'alliage.views';
const AT_MOST = 50;

export interface SavedView {
  name: string;
  address: string;
}

class SavedViews {
  #views = $state.raw<readonly SavedView[]>(stored());

  get all(): readonly SavedView[] {
    return this.#views;
  }

  /** Keeps what the map shows now; a view of the same name is replaced. */
  save(name: string): void {
    const others = this.#views.filter((view) => view.name !== name);
    const added = [...others, { name, address: withoutTrack(workspace.pictureAddress) }];
    this.#keep(added.sort((a, b) => a.name.localeCompare(b.name)).slice(0, AT_MOST));
  }

  remove(name: string): void {
    this.#keep(this.#views.filter((view) => view.name !== name));
  }

  show({ address }: SavedView): void {
    router.go(address);
    workspace.readAddress();
  }

  #keep(views: readonly SavedView[]): void {
    this.#views = views;
    localStorage.setItem(STORED, JSON.stringify(views));
  }
}

/** A view is where and how one looks; which track was open at the time is not part of it. */
function withoutTrack(address: string): string {
  const [path, query = ''] = address.split('?');
  const kept = new URLSearchParams(query);
  for (const name of ['track', 'time']) kept.delete(name);
  return `${path}?${kept}`;
}

function stored(): SavedView[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORED) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isView).slice(0, AT_MOST) : [];
  } catch {
    return [];
  }
}

function isView(item: unknown): item is SavedView {
  const view = item as Partial<SavedView> | null;
  return typeof view?.name === 'string' && view.address?.startsWith('/picture') === true;
}

export const savedViews = new SavedViews();
