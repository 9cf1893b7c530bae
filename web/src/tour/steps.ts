/** What the tour shows, in this order, and where each thing is on the screen. */
import type { Key } from '../i18n/index.svelte';
import type { Box, Side } from './placing';

export interface Step {
  id: 'banner' | 'map' | 'layers' | 'tools' | 'time' | 'search' | 'incidents' | 'quality' | 'help';
  /** Which element it speaks of. */
  of: string;
  /** On which side of it the card stands, the best first. */
  sides: readonly Side[];
  /** One shortcut worth knowing here, and what it does. */
  keys?: { press: string; does: Key };
}

export const STEPS: readonly Step[] = [
  { id: 'banner', of: '[data-tour=banner]', sides: ['below'] },
  { id: 'map', of: '[data-map]', sides: ['within'], keys: { press: ']', does: 'tour.map.keys' } },
  {
    id: 'layers',
    of: '[data-tour=layers]',
    sides: ['right', 'below'],
    keys: { press: 'V F', does: 'tour.layers.keys' },
  },
  {
    id: 'tools',
    of: '[data-tour=tools]',
    sides: ['right', 'below'],
    keys: { press: 'M D', does: 'tools.measure' },
  },
  {
    id: 'time',
    of: '[data-tour=time]',
    sides: ['above'],
    keys: { press: 'T L', does: 'command.time.live' },
  },
  {
    id: 'search',
    of: '[data-tour=search]',
    sides: ['below'],
    keys: { press: 'Ctrl+K', does: 'command.palette' },
  },
  {
    id: 'incidents',
    of: '[data-tour=incidents]',
    sides: ['right', 'above'],
    keys: { press: 'G I', does: 'page.incidents' },
  },
  {
    id: 'quality',
    of: '[data-tour=quality]',
    sides: ['right', 'above'],
    keys: { press: 'G Q', does: 'page.quality' },
  },
  {
    id: 'help',
    of: '[data-tour=help]',
    sides: ['right', 'above'],
    keys: { press: '?', does: 'user.shortcuts' },
  },
];

/** Where an element is; null where it is not on the screen. */
export function boxOf(selector: string): Box | null {
  const element = document.querySelector(selector);
  if (element === null || !element.checkVisibility({ visibilityProperty: true })) return null;
  const { left, top, width, height } = element.getBoundingClientRect();
  if (width === 0 || height === 0) return null;
  // Only the map has these: the parts of it that lie under panels.
  const style = getComputedStyle(element);
  const inset = (side: string) => Number.parseFloat(style.getPropertyValue(`--inset-${side}`)) || 0;
  return {
    left: left + inset('left'),
    top,
    width: width - inset('left') - inset('right'),
    height: height - inset('bottom'),
  };
}
