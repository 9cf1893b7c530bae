/**
 * How a room writes its words: both languages side by side. A French key that is missing, or one too many, is a
 * type error. `{name}` in a text is filled from the parameters.
 */
export interface Words<K extends string> {
  en: Readonly<Record<K, string>>;
  fr: Readonly<Record<K, string>>;
}

export function words<const E extends Readonly<Record<string, string>>>(
  en: E,
  fr: Readonly<Record<keyof E & string, string>>,
): Words<keyof E & string> {
  return { en, fr };
}
