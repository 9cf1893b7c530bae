import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { type Look, PictureClient } from './client.svelte';
import { encodeFrame, tracksFrame, wordsFor } from './encode.testing';

/** A socket whose other end is the test. */
class TestSocket {
  readyState = 0;
  binaryType = '';
  sent: Record<string, unknown>[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  accept(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  give(bytes: ArrayBuffer): void {
    this.onmessage?.({ data: bytes });
  }

  close(code = 1000, reason = ''): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }
}

const look: Look = { bbox: [7, 53, 17, 60], zoom: 6, trails: true, selected: [], schemata: null };
let sockets: TestSocket[];
let client: PictureClient;
const socket = (): TestSocket => sockets.at(-1)!;

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  const connect = () => {
    sockets.push(new TestSocket());
    return socket() as unknown as WebSocket;
  };
  client = new PictureClient({ url: 'ws://node/api/v1/picture', connect });
});

afterEach(() => {
  client.close();
  vi.useRealTimers();
});

test('the view is sent as soon as the node accepts', () => {
  client.view(look);
  client.open();
  expect(client.connection.state).toBe('connecting');
  socket().accept();
  expect(client.connection.state).toBe('connected');
  expect(socket().sent).toEqual([
    { type: 'view', bbox: [7, 53, 17, 60], zoom: 6, rate_hz: 1, trails: true, selected: [] },
  ]);
});

test('many moves of the map become few messages, the last of them included', () => {
  client.open();
  socket().accept();
  for (let zoom = 1; zoom <= 50; zoom++) {
    client.view({ ...look, zoom });
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(1000);
  expect(socket().sent.length).toBeLessThan(6);
  expect(socket().sent.at(-1)).toMatchObject({ zoom: 50 });
});

test('a batch is acknowledged once it is taken in; a notice has nothing to acknowledge', () => {
  client.open();
  socket().accept();
  socket().give(tracksFrame([{ id: 1, lon: 1, lat: 1 }], { seq: 17, reset: true, strings: wordsFor(1) }));
  socket().give(encodeFrame({ type: 'notice', notice: 'sources' }));
  expect(socket().sent).toEqual([{ type: 'ack', seq: 17 }]);
  expect(client.store.track('track-1')).not.toBeNull();
});

test('a lost connection comes back, and the picture stays meanwhile', () => {
  client.view(look);
  client.open();
  socket().accept();
  socket().give(tracksFrame([{ id: 1, lon: 1, lat: 1 }], { reset: true, strings: wordsFor(1) }));
  socket().close(1006);
  expect(client.connection).toMatchObject({ state: 'reconnecting', attempt: 1 });
  expect(client.store.tracks()).toHaveLength(1);
  vi.advanceTimersByTime(1000);
  expect(sockets).toHaveLength(2);
  socket().accept();
  expect(client.connection).toMatchObject({ state: 'connected', attempt: 0 });
  expect(socket().sent[0]).toMatchObject({ type: 'view' });
});

test('after several failures the state is offline, and attempts go on at growing distances', () => {
  client.open();
  const waits: number[] = [];
  for (let i = 0; i < 10; i++) {
    socket().close(1006);
    waits.push(client.connection.retryAt! - Date.now());
    vi.advanceTimersByTime(11_000);
  }
  expect(client.connection.state).toBe('offline');
  expect(sockets).toHaveLength(11);
  expect(waits[0]).toBeLessThanOrEqual(500);
  expect(waits[9]).toBeGreaterThanOrEqual(5_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(10_000);
});

test('a sign-in that is over ends the connection', () => {
  client.open();
  socket().accept();
  socket().close(4401);
  vi.advanceTimersByTime(60_000);
  expect(client.refused).toBe(true);
  expect(client.connection.state).toBe('idle');
  expect(sockets).toHaveLength(1);
});

test('a closed client does not come back', () => {
  client.open();
  socket().accept();
  client.close();
  vi.advanceTimersByTime(60_000);
  expect(sockets).toHaveLength(1);
});
