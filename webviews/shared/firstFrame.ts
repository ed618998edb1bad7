/** Leaves for tests when the first content was on the screen, in milliseconds of the clock; a test knows when it was asked for. */
export function tellFirstFrame(): void {
  requestAnimationFrame(() => {
    document.body.dataset['firstAt'] ??= String(Date.now());
  });
}
