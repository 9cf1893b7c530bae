/** Whether shortcuts made of plain characters are on (WCAG 2.1.4: they can be turned off). */
const STORED = 'alliage.plain_shortcuts';

class PlainShortcuts {
  #on = $state(localStorage.getItem(STORED) !== 'off');

  get on(): boolean {
    return this.#on;
  }

  set on(value: boolean) {
    this.#on = value;
    localStorage.setItem(STORED, value ? 'on' : 'off');
  }
}

export const plainShortcuts = new PlainShortcuts();
