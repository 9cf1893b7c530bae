/** Whether every word that was typed occurs in a text, without regard to case and accents. */
export function fits(text: string, typed: string): boolean {
  const held = plain(text);
  return plain(typed)
    .split(/\s+/)
    .every((word) => held.includes(word));
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
