/** Fields that take no letters; a list takes the first ones of its choices. */
const SILENT = ['checkbox', 'radio', 'range', 'button', 'submit', 'reset', 'color', 'file'];

/** Whether letters go into what has the keyboard. */
export function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !SILENT.includes(target.type);
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('textarea, select'));
}
