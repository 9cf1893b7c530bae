/**
 * Notifications of the browser, for who switched them on. They stand outside the page and its banner, perhaps on
 * a locked screen: they name the kind of incident and its marking, and nothing of what it says.
 */
import type { IncidentInfo } from '../api/types';
import { pick, t } from '../i18n/index.svelte';
import { paths } from '../router/paths';
import { router } from '../router/router.svelte';

const STORED = 'alliage.notifications';

class Notifications {
  #on = $state(localStorage.getItem(STORED) === 'on' && permission() === 'granted');
  refused = $state(permission() === 'denied');
  #known: ReadonlySet<string> | null = null;

  get possible(): boolean {
    return 'Notification' in globalThis;
  }

  get on(): boolean {
    return this.#on;
  }

  /** Switching on asks the browser, which asks the person. */
  async switch(on: boolean): Promise<void> {
    const allowed = on && (await Notification.requestPermission()) === 'granted';
    this.refused = permission() === 'denied';
    this.#on = allowed;
    localStorage.setItem(STORED, allowed ? 'on' : 'off');
  }

  /** Tell of the open incidents that were not there before; what was there at the beginning is not told. */
  look(open: readonly IncidentInfo[]): void {
    const before = this.#known;
    this.#known = new Set(open.map(({ incident_id: id }) => id));
    if (before === null || !this.#on || document.hasFocus()) return;
    for (const incident of open) {
      if (!before.has(incident.incident_id) && !incident.folded) this.#tell(incident);
    }
  }

  #tell({ incident_id: id, title, marking, priority }: IncidentInfo): void {
    const told = new Notification(pick(title), {
      body: `${marking.text}\n${t('notification.body')}`,
      tag: id,
      requireInteraction: priority,
    });
    told.onclick = () => {
      focus();
      router.go(paths.incident(id));
      told.close();
    };
  }
}

function permission(): NotificationPermission {
  return 'Notification' in globalThis ? Notification.permission : 'denied';
}

export const notifications = new Notifications();
