/** How this person wants positions written, kept in the browser. */
import { positionFormats, type PositionFormat, writePosition } from './format';
import type { Place } from './grid';

const STORED = 'alliage.position';

class Positions {
  #format = $state<PositionFormat>(stored());

  get format(): PositionFormat {
    return this.#format;
  }

  choose(format: PositionFormat): void {
    this.#format = format;
    localStorage.setItem(STORED, format);
  }

  /** The next of the five, for one key or one click. */
  next(): void {
    const at = positionFormats.indexOf(this.#format);
    this.choose(positionFormats[(at + 1) % positionFormats.length]!);
  }

  write(place: Place): string {
    return writePosition(place, this.#format);
  }
}

function stored(): PositionFormat {
  const kept = localStorage.getItem(STORED);
  return positionFormats.find((format) => format === kept) ?? 'minutes';
}

export const positions = new Positions();
