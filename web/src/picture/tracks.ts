/** The tracks a connection holds, as columns without gaps: row 0 to `size` - 1. */
import { columnOf, type Frame } from './frame';

export const LIVE = 0;
export const FADING = 1;
export const ENDED = 2;

const smallest = 256;

export class TrackTable {
  size = 0;
  /** The connection's number of each track. */
  id = new Uint32Array(smallest);
  lon = new Float64Array(smallest);
  lat = new Float64Array(smallest);
  /** Metres per second over ground; NaN when not known, like all that follow. */
  speed = new Float32Array(smallest);
  /** Degrees from true north. */
  course = new Float32Array(smallest);
  heading = new Float32Array(smallest);
  /** Metres, standard deviation of the position; along the longer axis where `minor` is known. */
  std = new Float32Array(smallest);
  /** Metres across the longer axis of the error ellipse, and degrees of that axis from true north. */
  minor = new Float32Array(smallest);
  axis = new Float32Array(smallest);
  altitude = new Float32Array(smallest);
  /** Microseconds since 1970 of the last report. */
  valid = new Float64Array(smallest);
  state = new Uint8Array(smallest);
  label = new Int32Array(smallest);
  private readonly rows = new Map<number, number>();

  rowOf(id: number): number | undefined {
    return this.rows.get(id);
  }

  clear(): void {
    this.size = 0;
    this.rows.clear();
  }

  /** Takes in a `tracks` frame's rows, each in place of what was known of its track; says how many. */
  apply(frame: Frame): number {
    const ids = columnOf(frame, 'id', Uint32Array);
    const from = {
      lon: columnOf(frame, 'lon', Float64Array),
      lat: columnOf(frame, 'lat', Float64Array),
      speed: columnOf(frame, 'speed', Float32Array),
      course: columnOf(frame, 'course', Float32Array),
      heading: columnOf(frame, 'heading', Float32Array),
      std: columnOf(frame, 'std', Float32Array),
      minor: columnOf(frame, 'minor', Float32Array, NaN),
      axis: columnOf(frame, 'axis', Float32Array, NaN),
      altitude: columnOf(frame, 'altitude', Float32Array),
      valid: columnOf(frame, 'valid', Float64Array),
      state: columnOf(frame, 'state', Uint8Array),
      label: columnOf(frame, 'label', Int32Array),
    };
    const rows = ids.map((id) => this.rowFor(id));
    for (const name of Object.keys(from) as (keyof typeof from)[]) {
      const [source, target] = [from[name], this[name]];
      for (let i = 0; i < rows.length; i++) target[rows[i]!] = source[i]!;
    }
    return rows.length;
  }

  /** Forgets a track: the last row moves into its place. */
  remove(id: number): void {
    const row = this.rows.get(id);
    if (row === undefined) return;
    const last = --this.size;
    this.rows.delete(id);
    if (row === last) return;
    for (const column of this.columns()) column[row] = column[last]!;
    this.rows.set(this.id[row]!, row);
  }

  private rowFor(id: number): number {
    const known = this.rows.get(id);
    if (known !== undefined) return known;
    if (this.size === this.id.length) this.grow();
    const row = this.size++;
    this.id[row] = id;
    this.rows.set(id, row);
    return row;
  }

  private grow(): void {
    const doubled = <C extends Float64Array | Float32Array | Uint32Array | Int32Array | Uint8Array>(
      column: C,
      Type: new (length: number) => C,
    ): C => {
      const larger = new Type(column.length * 2);
      larger.set(column);
      return larger;
    };
    this.id = doubled(this.id, Uint32Array);
    for (const name of ['lon', 'lat', 'valid'] as const) this[name] = doubled(this[name], Float64Array);
    for (const name of ['speed', 'course', 'heading', 'std', 'minor', 'axis', 'altitude'] as const)
      this[name] = doubled(this[name], Float32Array);
    this.state = doubled(this.state, Uint8Array);
    this.label = doubled(this.label, Int32Array);
  }

  private columns() {
    const { id, lon, lat, speed, course, heading, std, minor, axis, altitude, valid, state, label } = this;
    return [id, lon, lat, speed, course, heading, std, minor, axis, altitude, valid, state, label];
  }
}
