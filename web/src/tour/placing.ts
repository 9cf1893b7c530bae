/** Where a card goes, so that it stands beside a thing and covers it only where nothing else is possible. */

export interface Size {
  width: number;
  height: number;
}

export interface Box extends Size {
  left: number;
  top: number;
}

export type Side = 'below' | 'above' | 'right' | 'within';

/** Pixels between the card and what it speaks of, and between the card and the edges of its room. */
export const GAP = 12;

/**
 * The upper left corner of a card beside `thing`, on the first of `sides` that has room for it. Without any, it
 * goes to the lower edge, in the middle.
 *
 * @param room the part of the window that the card may cover; only to stand on the right of something does it
 *   leave it towards the left
 */
export function placeBeside(
  thing: Box,
  card: Size,
  room: Box,
  sides: readonly Side[],
): { left: number; top: number } {
  const right = room.left + room.width - card.width - GAP;
  const bottom = room.top + room.height - card.height - GAP;
  const hold = (value: number, from: number, to: number) => Math.round(Math.min(to, Math.max(value, from)));
  const across = hold(thing.left + (thing.width - card.width) / 2, room.left + GAP, right);
  const down = hold(thing.top + (thing.height - card.height) / 2, room.top + GAP, bottom);

  for (const side of sides) {
    if (side === 'below') {
      const top = Math.round(Math.max(thing.top + thing.height, room.top) + GAP);
      if (top <= bottom) return { left: across, top };
    } else if (side === 'above') {
      const top = Math.round(thing.top - card.height - GAP);
      if (top >= room.top + GAP && top <= bottom) return { left: across, top };
    } else if (side === 'right') {
      const left = Math.round(thing.left + thing.width + GAP);
      if (left <= right) return { left, top: down };
    } else if (thing.width >= card.width + 2 * GAP && thing.height >= card.height + 2 * GAP) {
      return {
        left: Math.round(thing.left + thing.width - card.width - GAP),
        top: Math.round(thing.top + GAP),
      };
    }
  }
  return { left: hold(room.left + (room.width - card.width) / 2, room.left + GAP, right), top: bottom };
}

/** A frame round a thing: a little outside it, and never outside the window. */
export function frameOf(thing: Box, screen: Size): Box {
  const OUT = 3;
  const left = Math.max(0, thing.left - OUT);
  const top = Math.max(0, thing.top - OUT);
  return {
    left,
    top,
    width: Math.min(screen.width, thing.left + thing.width + OUT) - left,
    height: Math.min(screen.height, thing.top + thing.height + OUT) - top,
  };
}
