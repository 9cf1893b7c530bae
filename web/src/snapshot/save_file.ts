/** Hands a file to the browser's downloads, its time in its name. */
import { workspace } from '../workspace/workspace.svelte';

export function saveFile(blob: Blob, name: string, ending: string): void {
  saveAs(blob, `${name}-${fileTime()}.${ending}`);
}

/** Under this name as it is. */
export function saveAs(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The picture's time as a file system takes it: `20261127T193000Z`. */
function fileTime(): string {
  const us = workspace.clock?.us ?? Date.now() * 1000;
  return new Date(us / 1000).toISOString().replace(/[-:]|\.\d+/g, '');
}
