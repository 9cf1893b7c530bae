/** The line of a search: words, and filters as in `kind:Vessel`. Pure. */

/** The line with this filter, or without it where it has it. */
export function withFilter(line: string, name: string, value: string): string {
  const filter = `${name}:${/\s/.test(value) ? `"${value}"` : value}`;
  const parts = line.match(/\S*"[^"]*"\S*|\S+/g) ?? [];
  const others = parts.filter((part) => part !== filter);
  return (others.length < parts.length ? others : [...parts, filter]).join(' ');
}
