/** The address bar as reactive state: real paths, back and forward work, every view can be pasted. */
import { match, type Route } from './paths';

class Router {
  #path = $state(location.pathname);
  #query = $state(location.search);
  route: Route = $derived(match(this.#path));
  query: URLSearchParams = $derived(new URLSearchParams(this.#query));

  constructor() {
    addEventListener('popstate', () => this.#read());
    addEventListener('click', (event) => this.#follow(event));
  }

  /** Path and query now. */
  get address(): string {
    return this.#path + this.#query;
  }

  go(address: string): void {
    if (address === this.address) return;
    history.pushState(null, '', address);
    this.#read();
  }

  /** Change the address without a step in the history (a map that moves). */
  replace(address: string): void {
    if (address === location.pathname + location.search) return;
    history.replaceState(null, '', address);
    this.#read();
  }

  /** Set or (null) remove parts of the query, in place. */
  setQuery(changes: Readonly<Record<string, string | null>>): void {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === '') query.delete(name);
      else query.set(name, value);
    }
    // Commas and colons may stand in a query, and make it readable.
    const text = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
    this.replace(location.pathname + (text === '' ? '' : `?${text}`));
  }

  #read(): void {
    this.#path = location.pathname;
    this.#query = location.search;
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a[href]');
    if (!(link instanceof HTMLAnchorElement) || link.target !== '' || link.hasAttribute('download')) return;
    if (link.origin !== location.origin || link.pathname.startsWith('/api/')) return;
    if (link.hash !== '' && link.pathname === location.pathname) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}

export const router = new Router();
