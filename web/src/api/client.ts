/** The one way to the node's REST API: cookies, CSRF header, time limit, problems as `ApiError`. */
import { SEE_AS_HEADER } from '../session/see_as';
import { ApiError, kindOfStatus, late, onlyReads, type Problem } from './errors';

const BASE = '/api/v1';
const TIME_LIMIT_MS = 20_000;

type QueryValue = string | number | boolean | null | undefined;
/** What is asked for; a list is the same name several times. */
export type Query = Readonly<Record<string, QueryValue | readonly QueryValue[]>>;

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface RequestOptions {
  method?: Method;
  query?: Query;
  body?: unknown;
  /** As whom to look this once, in the place of what the tab looks as. */
  seeAs?: string;
  signal?: AbortSignal;
}

export interface Client {
  /**
   * Ask the node.
   *
   * @throws ApiError whatever went wrong; an aborted request throws the browser's AbortError.
   */
  request<T>(path: string, options?: RequestOptions): Promise<T>;

  /**
   * Ask for an answer that grows: lines of JSON, each handed out as it comes. It lasts as long as it lasts,
   * and ends when the signal does.
   *
   * @throws ApiError as `request` does, also where the lines break off.
   */
  lines<T>(path: string, options: RequestOptions & { signal: AbortSignal }): AsyncGenerator<T>;

  /**
   * Ask for a file, however long it takes, and say how many bytes of it are here.
   *
   * @throws ApiError as `request` does, also where the file breaks off.
   */
  file(
    path: string,
    options: RequestOptions & { signal: AbortSignal },
    oncount: (bytes: number) => void,
  ): Promise<FileAnswer>;
}

/** A file, what it is called, and what the answer's head tells of it: percent-encoded JSON. */
export interface FileAnswer {
  blob: Blob;
  name: string;
  told(header: string): unknown;
}

/** What the client needs from the session: its token, and to be told that the session is over. */
export interface SessionHooks {
  csrfToken(): string | null;
  /** As whom this tab looks, as the header has it; null for the person signed in. */
  seeAs(): string | null;
  ended(): void;
}

export function makeClient(hooks: SessionHooks, send: typeof fetch = (...args) => fetch(...args)): Client {
  return {
    async request<T>(path: string, options: RequestOptions = {}): Promise<T> {
      const response = await sendRequest(send, hooks, path, options);
      if (response.ok) return read<T>(response);
      const error = await problemOf(response, options.method);
      if (error.kind === 'signed_out' && !error.is('sign-in-refused')) hooks.ended();
      throw error;
    },
    async *lines<T>(path: string, options: RequestOptions & { signal: AbortSignal }): AsyncGenerator<T> {
      const response = await sendRequest(send, hooks, path, options, options.signal);
      if (!response.ok) throw await problemOf(response, options.method);
      if (response.body === null) throw new ApiError('broken');
      yield* readLines<T>(response.body, options.signal);
    },
    async file(path, options, oncount): Promise<FileAnswer> {
      const response = await sendRequest(send, hooks, path, options, options.signal);
      if (!response.ok) throw await problemOf(response, options.method);
      if (response.body === null) throw new ApiError('broken');
      const type = response.headers.get('Content-Type') ?? '';
      const blob = new Blob(await readAll(response.body, options.signal, oncount), { type });
      const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1];
      return { blob, name: name ?? 'alliage', told: (header) => toldIn(response.headers.get(header)) };
    },
  };
}

function toldIn(header: string | null): unknown {
  return header === null ? null : (JSON.parse(decodeURIComponent(header)) as unknown);
}

async function readAll(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  oncount: (bytes: number) => void,
): Promise<BlobPart[]> {
  const reader = body.getReader();
  const parts: BlobPart[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return parts;
      parts.push(value as BlobPart);
      bytes += value.byteLength;
      oncount(bytes);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiError('offline');
  }
}

async function* readLines<T>(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<T> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const parts = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) yield JSON.parse(part) as T;
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiError('offline');
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

async function sendRequest(
  send: typeof fetch,
  hooks: SessionHooks,
  path: string,
  options: RequestOptions,
  limit: AbortSignal = AbortSignal.timeout(TIME_LIMIT_MS),
): Promise<Response> {
  const method = options.method ?? 'GET';
  const headers: Record<string, string> = { Accept: 'application/json' };
  const token = hooks.csrfToken();
  if (!onlyReads(method) && token !== null) headers['X-CSRF-Token'] = token;
  const imagined = options.seeAs ?? hooks.seeAs();
  if (imagined !== null) headers[SEE_AS_HEADER] = imagined;
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  const signal = options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]);
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  try {
    return await send(address(path, options.query), {
      method,
      headers,
      body,
      signal,
      credentials: 'same-origin',
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(limit.aborted ? late(method) : 'offline');
  }
}

/** The path under the API with its query; what is null, undefined or empty is left out. */
export function address(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, values] of Object.entries(query)) {
    for (const value of [values].flat()) {
      if (value !== null && value !== undefined && value !== '') parameters.append(name, String(value));
    }
  }
  const text = parameters.toString();
  return BASE + path + (text === '' ? '' : `?${text}`);
}

async function read<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch {
    throw new ApiError('broken');
  }
}

async function problemOf(response: Response, method?: Method): Promise<ApiError> {
  let problem: Problem | null = null;
  if (response.headers.get('Content-Type')?.includes('json')) {
    problem = (await response.json().catch(() => null)) as Problem | null;
  }
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return new ApiError(kindOfStatus(response.status, method), problem, Number.isNaN(seconds) ? null : seconds);
}
