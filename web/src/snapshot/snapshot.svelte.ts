/** Saves or prints what the map shows, never without its marking. */
import { basemaps } from '../basemaps/basemaps.svelte';
import { zuluDate } from '../i18n/format';
import { language, t } from '../i18n/index.svelte';
import { type MapAdapter, type MapLook, mapText, scaleBar } from '../map';
import { inWords } from '../label/wording.svelte';
import { positions } from '../position/choice.svelte';
import { session } from '../session/session.svelte';
import { sideMaps } from '../workspace/side_maps.svelte';
import { workspace } from '../workspace/workspace.svelte';
import { saveFile } from './save_file';
import { type Imprint, type Photographed, type Plate, sheetOf, together } from './sheet';

const SCALE_PIXELS = 160;

class Snapshot {
  busy = $state(false);
  /** Address of the image that is printed just now. */
  printed = $state<string | null>(null);

  async save(): Promise<void> {
    const blob = await this.#take();
    if (blob !== null) saveFile(blob, 'alliage', 'png');
  }

  async print(): Promise<void> {
    const blob = await this.#take();
    if (blob !== null) this.printed = URL.createObjectURL(blob);
  }

  /** The image is on the page: hand it to the printer, then forget it. */
  loaded(): void {
    window.print();
    if (this.printed !== null) URL.revokeObjectURL(this.printed);
    this.printed = null;
  }

  async #take(): Promise<Blob | null> {
    const { map } = workspace;
    if (map === null || this.busy) return null;
    this.busy = true;
    try {
      const taken = await Promise.all([map, ...sideMaps.shown].map(photographed));
      const [left, top] = [
        Math.min(...taken.map((one) => one.left)),
        Math.min(...taken.map((one) => one.top)),
      ];
      const maps = taken.map((one) => ({ ...one, left: one.left - left, top: one.top - top }));
      const image = together(maps, devicePixelRatio);
      const sheet = sheetOf(image, imprint(maps), devicePixelRatio);
      return await new Promise((done) => sheet.toBlob(done, 'image/png'));
    } finally {
      this.busy = false;
    }
  }
}

interface Taken extends Photographed {
  look: MapLook;
}

async function photographed(map: MapAdapter): Promise<Taken> {
  const { left, top, width, height } = map.frame().getBoundingClientRect();
  return { image: await map.photograph(), look: map.look(), left, top, width, height };
}

function plateOf({ look, left, top, height }: Taken, isOne: boolean): Plate {
  const vectors = workspace.layers.vectors ? [mapText[language()].vectors(look)] : [];
  return {
    scale: scaleBar(look.metresPerPixel, SCALE_PIXELS, language()),
    words: isOne ? vectors : [...vectors, positions.write(look)],
    left,
    bottom: top + height,
  };
}

function imprint(maps: readonly Taken[]): Imprint {
  const [first] = maps;
  const isOne = maps.length === 1;
  const marking = workspace.marking('picture');
  const banner = document.querySelector('[data-marking]');
  const style = banner === null ? null : getComputedStyle(banner);
  const clock = workspace.clock;
  return {
    marking: marking === null ? t('banner.nothing') : inWords(marking),
    back: style?.backgroundColor ?? '#4a5563',
    ink: style?.color ?? '#ffffff',
    signs: [
      ...(workspace.isExercise ? [t('banner.exercise')] : []),
      ...(workspace.isPast
        ? [t(workspace.client.past?.known === 'then' ? 'time.banner.then' : 'time.banner')]
        : []),
      ...(workspace.isReplay ? [t(`banner.${workspace.pacedBy}`)] : []),
    ],
    left: `${session.info?.node.name ?? ''} (${session.info?.node.nation ?? ''}) · ${session.info?.user ?? ''} · ${clock === null ? '' : zuluDate(clock.us)}`,
    right: isOne && first !== undefined ? positions.write(first.look) : '',
    plates: maps.map((one) => plateOf(one, isOne)),
    attribution: basemaps.usable(workspace.layers.basemap)?.attribution ?? '',
  };
}

export const snapshot = new Snapshot();
