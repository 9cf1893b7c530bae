/** The audible alarm: two tones in turn, for as long as a call for help is unheard. Made here, of no file. */

const STORED = 'alliage.alarm_muted';
/** Far enough apart to be told from most sounds of a bridge, and within what small loudspeakers give. */
const TONES_HZ = [988, 740] as const;
const TONE_S = 0.28;
const PAIRS = 3;
const EVERY_MS = 4000;
const VOLUME = 0.25;
/** Without it each tone begins and ends with a click. */
const EDGE_S = 0.02;
const GESTURES = ['pointerdown', 'keydown'] as const;

class Alarm {
  #muted = $state(localStorage.getItem(STORED) === 'on');
  /** Whether the browser keeps the page silent until somebody clicks or types in it. */
  blocked = $state(false);
  ringing = $state(false);
  /** Calls that somebody has silenced here; the next one is heard again. */
  #hushed = $state.raw<ReadonlySet<string>>(new Set());
  #calls: readonly string[] = [];
  #context: AudioContext | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  readonly #onGesture = () => void this.#sound();

  get muted(): boolean {
    return this.#muted;
  }

  set muted(value: boolean) {
    this.#muted = value;
    localStorage.setItem(STORED, value ? 'on' : 'off');
    if (value) this.#silence();
    else this.ring(this.#calls);
  }

  /** Whether every call there is was silenced here. */
  get hushed(): boolean {
    return this.#calls.length > 0 && this.#calls.every((call) => this.#hushed.has(call));
  }

  /** Silence for the calls there are, or sound again. */
  hush(on: boolean): void {
    this.#hushed = new Set(on ? this.#calls : []);
    this.ring(this.#calls);
  }

  /** Begin, or end where no call is left that has not been silenced. */
  ring(calls: readonly string[]): void {
    this.#calls = calls;
    this.ringing = calls.some((call) => !this.#hushed.has(call));
    if (!this.ringing) return this.#silence();
    if (this.#muted || this.#timer !== null) return;
    this.#timer = setInterval(() => void this.#sound(), EVERY_MS);
    void this.#sound();
  }

  /** Heard once, so that somebody knows what it sounds like and that it does. */
  async try(): Promise<void> {
    await this.#play();
  }

  async #sound(): Promise<void> {
    if (!this.ringing || this.#muted) return;
    const isHeard = await this.#play();
    // It may have been acknowledged meanwhile.
    this.blocked = this.ringing && !isHeard;
    for (const gesture of GESTURES) {
      if (this.blocked) addEventListener(gesture, this.#onGesture, { once: true, capture: true });
      else removeEventListener(gesture, this.#onGesture, { capture: true });
    }
  }

  /** Returns whether anything is heard. */
  async #play(): Promise<boolean> {
    // A context that is made before anybody touched the page is refused, and browsers complain of it.
    if (navigator.userActivation?.hasBeenActive === false || !('AudioContext' in globalThis)) return false;
    this.#context ??= new AudioContext();
    const context = this.#context;
    if (context.state === 'suspended') await context.resume().catch(() => undefined);
    if (context.state !== 'running') return false;
    for (let i = 0; i < 2 * PAIRS; i++) tone(context, TONES_HZ[i % 2]!, context.currentTime + i * TONE_S);
    return true;
  }

  #silence(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.blocked = false;
    // What has been scheduled already must not be heard after the alarm was acknowledged.
    void this.#context?.close().catch(() => undefined);
    this.#context = null;
  }
}

function tone(context: AudioContext, hz: number, at: number): void {
  const oscillator = new OscillatorNode(context, { type: 'square', frequency: hz });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(VOLUME, at + EDGE_S);
  gain.gain.setValueAtTime(VOLUME, at + TONE_S - EDGE_S);
  gain.gain.linearRampToValueAtTime(0, at + TONE_S);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + TONE_S);
}

export const alarm = new Alarm();
