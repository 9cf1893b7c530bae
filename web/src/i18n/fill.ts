export type Parameters = Readonly<Record<string, string | number>>;

/** Fill `{name}` places; an unknown place stays, so that it is seen. */
export function fill(text: string, parameters?: Parameters): string {
  if (parameters === undefined) return text;
  return text.replace(/\{(\w+)\}/g, (place, name: string) =>
    name in parameters ? String(parameters[name]) : place,
  );
}
