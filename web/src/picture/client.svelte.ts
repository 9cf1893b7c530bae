/** The connection to the node's picture: says what is looked at, takes in what comes, comes back when cut. */
import { seeAs } from '../session/see_as';
import { decodeFrame } from './frame';
import { PictureStore } from './store.svelte';

/** What the client looks at; the node sends only that. */
export interface Look {
  /** West, south, east, north in degrees; west > east crosses 180 degrees. */
  bbox: [number, number, number, number];
  zoom: number;
  trails: boolean;
  /** Track ids that are sent wherever they are. */
  selected: string[];
  /** Absent or null: every kind. */
  schemata: string[] | null;
}

/** A time to look back to, how many seconds of it pass in one, and under which knowledge it is shown. */
export interface Moment {
  atUs: number;
  pace: number;
  known: 'now' | 'then';
}

export interface Connection {
  /** `reconnecting`: lost a moment ago; `offline`: several attempts have failed, and more follow. */
  state: 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'offline';
  /** Failed attempts in a row. */
  attempt: number;
  /** When the next attempt is due, and when the last frame came; milliseconds since 1970. */
  retryAt: number | null;
  lastFrameAt: number | null;
}

/** Close codes of the protocol. */
const signInAgain = 4401;
const notUnderstood = 4400;

const viewEveryMs = 250;
/** As docs/reference/picture-protocol.md has it. */
const selectedAtMost = 50;
/** Updates a second while the past plays faster than it was. */
const hurriedHz = 4;
const firstRetryMs = 500;
/** A picture that may be back is worth a question every ten seconds. */
const longestRetryMs = 10_000;
const offlineAfter = 3;

export interface PictureClientOptions {
  url?: string;
  rateHz?: number;
  /** Opens a socket; a test gives its own. */
  connect?: (url: string) => WebSocket;
}

export class PictureClient {
  readonly store = new PictureStore();
  connection = $state.raw<Connection>({ state: 'idle', attempt: 0, retryAt: null, lastFrameAt: null });
  /** The node closed the connection because the sign-in is over. */
  refused = $state(false);
  /** What is looked back to; null for the present. */
  past = $state.raw<Moment | null>(null);

  private look: Look | null = null;
  private socket: WebSocket | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | null = null;
  private viewTimer: ReturnType<typeof setTimeout> | null = null;
  private viewSentAt = 0;
  private readonly retryNow = () => this.retryTimer && this.connect();

  constructor(private readonly options: PictureClientOptions = {}) {}

  open(): void {
    if (this.connection.state !== 'idle') return;
    this.refused = false;
    globalThis.addEventListener?.('online', this.retryNow);
    this.connect();
  }

  close(): void {
    globalThis.removeEventListener?.('online', this.retryNow);
    this.cancelTimers();
    const socket = this.socket;
    this.socket = null;
    socket?.close(1000);
    this.change({ state: 'idle', attempt: 0, retryAt: null });
  }

  /** Says what is looked at now. Many calls in a row become one message every quarter of a second. */
  view(look: Look): void {
    this.look = look;
    if (this.viewTimer !== null) return;
    const wait = Math.max(0, this.viewSentAt + viewEveryMs - performance.now());
    this.viewTimer = setTimeout(() => {
      this.viewTimer = null;
      this.sendView();
    }, wait);
  }

  /** Have these objects sent wherever they are, as many as the node takes, the first ones first. */
  attendTo(objects: readonly string[]): void {
    const before = [...this.store.alerting];
    if (objects.length === before.length && objects.every((id, index) => id === before[index])) return;
    this.store.attendTo(objects);
    if (this.look) this.view(this.look);
  }

  /** Look back, go elsewhere in the past, or (null) return to the present. */
  lookBack(moment: Moment | null): void {
    this.past = moment === null ? null : { ...moment, atUs: Math.max(0, Math.round(moment.atUs)) };
    if (this.past) this.store.expectPast(this.past.atUs, this.past.pace);
    else this.store.expectPresent();
    if (this.look) this.view(this.look);
  }

  private connect(): void {
    this.cancelTimers();
    const { attempt, state } = this.connection;
    this.change({ state: attempt ? state : 'connecting', retryAt: null });
    const open = this.options.connect ?? ((url: string) => new WebSocket(url));
    const socket = open(this.options.url ?? pictureUrl());
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    socket.onopen = () => this.opened();
    socket.onmessage = ({ data }) => this.received(socket, data as ArrayBuffer);
    socket.onclose = ({ code, reason }) => socket === this.socket && this.closed(code, reason);
  }

  private opened(): void {
    this.change({ state: 'connected', attempt: 0, retryAt: null });
    // A new connection goes on where the one before was.
    if (this.past && this.store.clock?.mode === 'past')
      this.past = { ...this.past, atUs: this.store.clock.us };
    this.sendView();
  }

  private received(socket: WebSocket, bytes: ArrayBuffer): void {
    if (socket !== this.socket) return;
    const frame = decodeFrame(bytes);
    this.store.apply(frame);
    this.change({ lastFrameAt: Date.now() });
    if (frame.header.seq !== undefined) this.send({ type: 'ack', seq: frame.header.seq });
  }

  private closed(code: number, reason: string): void {
    this.socket = null;
    if (code === signInAgain) {
      this.refused = true;
      this.close();
      return;
    }
    if (code === notUnderstood) {
      console.error(`the node did not take a message: ${reason}`);
      this.past = null; // it may be what was refused, and the present always works
    }
    const attempt = this.connection.attempt + 1;
    const longest = Math.min(longestRetryMs, firstRetryMs * 2 ** (attempt - 1));
    const wait = longest * (0.5 + Math.random() / 2);
    this.change({
      state: attempt > offlineAfter ? 'offline' : 'reconnecting',
      attempt,
      retryAt: Date.now() + wait,
    });
    this.retryTimer = setTimeout(() => this.connect(), wait);
  }

  private sendView(): void {
    if (!this.look || this.socket?.readyState !== 1) return;
    const { bbox, zoom, trails, selected, schemata } = this.look;
    const past = this.past && {
      past: { at_us: this.past.atUs, pace: this.past.pace, known: this.past.known },
    };
    const hurried = this.past !== null && this.past.pace > 1;
    const rate = { rate_hz: hurried ? hurriedHz : (this.options.rateHz ?? 1) };
    this.send({
      type: 'view',
      bbox,
      zoom,
      ...rate,
      trails,
      selected: [...new Set([...selected, ...this.store.alerting])].slice(0, selectedAtMost),
      ...(schemata && { schemata }),
      ...past,
    });
    this.viewSentAt = performance.now();
  }

  private send(message: object): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(message));
  }

  private change(part: Partial<Connection>): void {
    this.connection = { ...this.connection, ...part };
  }

  private cancelTimers(): void {
    if (this.retryTimer !== null) clearTimeout(this.retryTimer);
    if (this.viewTimer !== null) clearTimeout(this.viewTimer);
    this.retryTimer = null;
    this.viewTimer = null;
  }
}

function pictureUrl(): string {
  const { protocol, host } = globalThis.location;
  const imagined = seeAs();
  const query = imagined === null ? '' : `?${new URLSearchParams({ see_as: imagined })}`;
  return `${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}/api/v1/picture${query}`;
}
