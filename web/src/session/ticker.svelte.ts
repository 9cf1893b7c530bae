/** One clock for all screens: ages count on together, once a second, and only while the page is seen. */
const state = $state({ ms: Date.now() });

function tick(): void {
  if (!document.hidden) state.ms = Date.now();
}

setInterval(tick, 1000);
document.addEventListener('visibilitychange', tick);

/** Milliseconds since 1970 of this browser, read anew each second; reactive. */
export function nowMs(): number {
  return state.ms;
}
