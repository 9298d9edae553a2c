// @ts-check
// A tab that nobody uses is signed out: the token must not stand open on a desk. What is typed in a dialog stays: the
// dialog asks for the token anew when it is sent.

const IDLE_MS = 30 * 60_000;
const LOOK_MS = 15_000;
let used = Date.now();

for (const sign of ["pointerdown", "keydown", "wheel", "touchstart"]) {
  document.addEventListener(sign, () => { used = Date.now(); }, { passive: true, capture: true });
}

/** @param {() => boolean} isSignedIn @param {() => void} signOut */
export function signOutWhenIdle(isSignedIn, signOut) {
  const look = () => {
    if (isSignedIn() && Date.now() - used >= IDLE_MS) signOut();
  };
  setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", look); // a laptop that slept runs no timer
}
