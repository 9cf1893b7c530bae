/** The source whose plots a tracker's stream follows; every other stream is its own source. */
export function sourceOf(stream: string): string {
  return stream.replace(/^tracker:(.*)@\d+$/, '$1');
}
