/** West, south, east, north in degrees. */
export type Box = [number, number, number, number];

/**
 * The box that holds nearly all of some places: the outermost twentieth on each side is left out, so that one
 * wrong position does not push everything else to a dot. Null for no places.
 */
export function extent(places: readonly { lon: number; lat: number }[]): Box | null {
  if (places.length === 0) return null;
  const middle = (values: number[]): [number, number] => {
    const sorted = values.sort((a, b) => a - b);
    const cut = Math.floor(sorted.length / 20);
    return [sorted[cut] ?? 0, sorted[sorted.length - 1 - cut] ?? 0];
  };
  const [west, east] = middle(places.map((place) => place.lon));
  const [south, north] = middle(places.map((place) => place.lat));
  const margin = Math.max(0.05, (east - west) * 0.05, (north - south) * 0.05);
  return [
    Math.max(-180, west - margin),
    Math.max(-85, south - margin),
    Math.min(180, east + margin),
    Math.min(85, north + margin),
  ];
}
