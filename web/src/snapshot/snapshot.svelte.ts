/** Saves or prints what the map shows, never without its marking. */
import { zuluDate } from '../i18n/format';
import { language, t } from '../i18n/index.svelte';
import { type MapLook, mapText, scaleBar } from '../map';
import { inWords } from '../label/wording.svelte';
import { positions } from '../position/choice.svelte';
import { session } from '../session/session.svelte';
import { workspace } from '../workspace/workspace.svelte';
import { saveFile } from './save_file';
import { type Imprint, sheetOf } from './sheet';

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
      const sheet = sheetOf(await map.photograph(), imprint(map.look()), devicePixelRatio);
      return await new Promise((done) => sheet.toBlob(done, 'image/png'));
    } finally {
      this.busy = false;
    }
  }
}

function imprint(look: MapLook): Imprint {
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
      ...(workspace.isReplay ? [t('banner.replay')] : []),
    ],
    left: `${session.info?.node.name ?? ''} (${session.info?.node.nation ?? ''}) · ${session.info?.user ?? ''} · ${clock === null ? '' : zuluDate(clock.us)}`,
    right: positions.write(look),
    scale: scaleBar(look.metresPerPixel, SCALE_PIXELS, language()),
    vectors: workspace.layers.vectors ? mapText[language()].vectors(look.vectorMinutes) : '',
  };
}

export const snapshot = new Snapshot();
