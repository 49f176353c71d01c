/** Milliseconds between two frames of a page that nobody sees. */
const hiddenFrameMs = 500;

/** Runs the work before the next frame is drawn; a page that is hidden draws none, but goes on. */
export function nextFrame(work: () => void): void {
  if (document.visibilityState === 'visible') requestAnimationFrame(work);
  else setTimeout(work, hiddenFrameMs);
}
