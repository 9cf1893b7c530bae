/** Dark or light, remembered in this browser. Dark unless chosen otherwise: a watch is kept at night. */
export type Theme = 'dark' | 'light';

const STORED = 'alliage.theme';
const state = $state<{ theme: Theme }>({
  theme: localStorage.getItem(STORED) === 'light' ? 'light' : 'dark',
});

export function theme(): Theme {
  return state.theme;
}

export function setTheme(next: Theme): void {
  state.theme = next;
  localStorage.setItem(STORED, next);
  showTheme();
}

export function toggleTheme(): void {
  setTheme(state.theme === 'dark' ? 'light' : 'dark');
}

/** Write the theme where the style sheets read it. */
export function showTheme(): void {
  document.documentElement.dataset.theme = state.theme;
}
