type Language = 'en' | 'fr';
export type Parameters = Readonly<Record<string, string | number>>;

/**
 * Fill `{name}` places; an unknown place stays, so that it is seen. `{name|ship|ships}` is one of the two words,
 * by how many there are: as a number, or as a number is written.
 */
export function fill(text: string, parameters?: Parameters, language: Language = 'en'): string {
  if (parameters === undefined) return text;
  return text.replace(
    /\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g,
    (place, name: string, one?: string, many?: string) => {
      const value = parameters[name];
      if (value === undefined) return place;
      if (one === undefined || many === undefined) return String(value);
      return isSingular(value, language) ? one : many;
    },
  );
}

/** In French nothing is one of it, too. What is written with spaces or commas is more. */
function isSingular(value: string | number, language: Language): boolean {
  const count = Number(value);
  return count === 1 || (count === 0 && language === 'fr');
}
