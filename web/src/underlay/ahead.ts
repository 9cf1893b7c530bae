/** How far ahead a forecast is: `+15 min`, and in hours from two on, `+3 h`. */
export function aheadText(aheadS: number): string {
  const minutes = Math.round(aheadS / 60);
  return minutes < 120 ? `+${minutes} min` : `+${Number((minutes / 60).toFixed(1))} h`;
}
