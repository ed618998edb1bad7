/**
 * Gives the focus back to the control that had it when a person returns to the page from a dialog, the palette or
 * another editor: the editor takes the focus from the page's controls when it leaves the page.
 */
export function keepFocusForReturn(): void {
  let last: HTMLElement | null = null;
  document.addEventListener('focusin', ({ target }) => {
    last = target instanceof HTMLElement ? target : null;
  });
  // Who presses beside every control leaves the one they were at.
  document.addEventListener('pointerdown', () => {
    last = null;
  });
  window.addEventListener('focus', () => {
    if (document.activeElement !== document.body || last === null || !last.checkVisibility()) return;
    last.focus({ preventScroll: true });
  });
}
