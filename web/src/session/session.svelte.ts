/** Who is signed in, to which node; and the client that speaks for them. */
import { makeClient, type Client } from '../api/client';
import { ApiError } from '../api/errors';
import type { Language, Role, SeenAs, SessionInfo } from '../api/types';
import { language, setLanguage } from '../i18n/index.svelte';
import { forgetSeeAs, seeAs } from './see_as';

/** What a new account has until somebody chooses. */
const FIRST_LANGUAGE: Language = 'en';

const WRITERS: readonly Role[] = ['analyst', 'planner', 'commander'];

type Status = 'loading' | 'signed_out' | 'signed_in' | 'unreachable';

class Session {
  status = $state<Status>('loading');
  info = $state.raw<SessionInfo | null>(null);
  /** True when a session that was there is over: the sign-in page says so. */
  ended = $state(false);

  /** True once somebody switched the language before signing in: then the node follows the browser. */
  #languageChosen = false;

  readonly api: Client = makeClient({
    csrfToken: () => this.info?.csrf_token ?? null,
    ended: () => this.expire(),
    seeAs,
  });

  get isAdministrator(): boolean {
    return this.has('administrator');
  }

  /** The reader as whom everything is seen; null for the person signed in. */
  get seenAs(): SeenAs | null {
    return this.info?.seen_as ?? null;
  }

  /** Whether there is something under Administration for this person: users, releases, the audit. */
  get mayAdminister(): boolean {
    return this.isAdministrator || this.has('auditor') || this.has('commander');
  }

  /** Roles that the node lets write; it decides, this only hides what would be refused. */
  get mayWrite(): boolean {
    return this.seenAs === null && WRITERS.some((role) => this.has(role));
  }

  has(role: Role): boolean {
    const seen = this.seenAs;
    return (this.info?.roles.includes(role) ?? false) && (seen === null || seen.roles.includes(role));
  }

  /** Ask the node whether the browser's cookie is good. */
  async restore(): Promise<void> {
    this.status = 'loading';
    try {
      this.#begin(await this.api.request<SessionInfo>('/session'), false);
    } catch (error) {
      if (
        seeAs() !== null &&
        error instanceof ApiError &&
        (error.kind === 'forbidden' || error.kind === 'invalid')
      ) {
        forgetSeeAs();
        return this.restore();
      }
      const signedOut = error instanceof ApiError && error.kind === 'signed_out';
      this.ended = false;
      this.status = signedOut ? 'signed_out' : 'unreachable';
    }
  }

  /** @throws ApiError when the node refuses. */
  async signIn(user: string, password: string): Promise<void> {
    this.#begin(await this.api.request('/session', { method: 'POST', body: { user, password } }), true);
  }

  /** @throws ApiError when the token is used up or too old. */
  async signInOnce(token: string): Promise<void> {
    this.#begin(await this.api.request('/session/one-time', { method: 'POST', body: { token } }), true);
  }

  async signOut(): Promise<void> {
    await this.api.request('/session', { method: 'DELETE' });
    forgetSeeAs();
    // A fresh page: nothing of what was seen stays in memory for the next person.
    location.assign('/sign-in');
  }

  /** The node says that the session is over; what was typed and where the map looked stay. */
  expire(): void {
    if (this.status !== 'signed_in') return;
    this.ended = true;
    this.status = 'signed_out';
  }

  /** Switch the language here, and tell the node so that the next browser speaks it too. */
  switchLanguage(next: Language): void {
    setLanguage(next);
    if (this.status !== 'signed_in') {
      this.#languageChosen = true;
      return;
    }
    const body = { language: next };
    // The screens have switched already; that the node could not store it costs nothing but a click later.
    this.api.request('/session', { method: 'PATCH', body }).catch(() => undefined);
  }

  /** @param entering whether somebody has just signed in, and so has read the sign-in page. */
  #begin(info: SessionInfo, entering: boolean): void {
    if (this.info !== null && this.info.user !== info.user) {
      // Somebody else: pages are kept when a session ends, and what the last person saw must not be.
      location.reload();
      return;
    }
    if (entering) forgetSeeAs();
    this.info = info;
    this.ended = false;
    this.status = 'signed_in';
    if (info.language === language()) return;
    // An account in the first language may never have been asked: the language of the sign-in page is kept.
    const neverChosen = entering && info.language === FIRST_LANGUAGE;
    if (this.#languageChosen || neverChosen) this.switchLanguage(language());
    else setLanguage(info.language);
  }
}

export const session = new Session();
export const api = session.api;
