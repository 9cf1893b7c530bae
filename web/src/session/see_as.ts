/**
 * As whom this tab looks at everything, as the node reads it from the header `Alliage-See-As` and from the
 * socket's address: `nation=FRA&clearance=SECRET`. It is kept in this tab, and nothing of it is secret.
 */
const STORED = 'alliage.see_as';

/** The reader to imagine; what is empty is as the node has it by itself. */
export interface Imagined {
  nation: string;
  clearance: string;
  roles: readonly string[];
  communities: readonly string[];
  user: string;
}

export const SEE_AS_HEADER = 'Alliage-See-As';

/** What the node is told; null while this tab looks as the person signed in. */
export function seeAs(): string | null {
  return typeof sessionStorage === 'undefined' ? null : sessionStorage.getItem(STORED);
}

/** Look as somebody else, or (null) as oneself. A fresh page: nothing of what was seen before stays. */
export function lookAs(imagined: Imagined | null): void {
  if (imagined === null) sessionStorage.removeItem(STORED);
  else sessionStorage.setItem(STORED, written(imagined));
  location.reload();
}

/** Forget it without a fresh page, where the node refused it. */
export function forgetSeeAs(): void {
  sessionStorage.removeItem(STORED);
}

export function written({ nation, clearance, roles, communities, user }: Imagined): string {
  if (user !== '') return new URLSearchParams({ user }).toString();
  const pairs = [
    ...(nation === '' ? [] : [['nation', nation]]),
    ...(clearance === '' ? [] : [['clearance', clearance]]),
    ...roles.map((role) => ['role', role]),
    ...communities.map((community) => ['community', community]),
  ];
  return new URLSearchParams(pairs).toString();
}

/** Maps of the node's own have labels too: they are asked for as whoever looks. */
export function asSeen(url: string): { url: string; headers?: Record<string, string> } {
  const imagined = seeAs();
  const isOwn = url.startsWith(`${location.origin}/api/`);
  return imagined === null || !isOwn ? { url } : { url, headers: { [SEE_AS_HEADER]: imagined } };
}
