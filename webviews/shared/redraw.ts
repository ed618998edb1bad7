const CONTROLS = 'button, vscode-button, input, select, textarea, summary, [tabindex]';

/**
 * Draws a part of the page anew; where the person was stays. The focus goes to the control of the same key or, without
 * one, of the same words; where that is gone or can no longer be pressed, to what is nearest to its place. What was
 * unfolded stays so.
 */
export function redraw(part: HTMLElement, draw: () => void): void {
  const before = [...part.querySelectorAll<HTMLElement>(CONTROLS)];
  const was = before.find((control) => control === document.activeElement);
  const unfolded = new Set([...part.querySelectorAll<HTMLElement>('details[open] > summary')].map(foldName));
  draw();
  for (const summary of part.querySelectorAll<HTMLElement>('details > summary'))
    if (unfolded.has(foldName(summary))) summary.parentElement?.setAttribute('open', '');
  // Only a focus that the drawing took away is given back.
  if (was === undefined || document.activeElement !== document.body) return;
  const after = [...part.querySelectorAll<HTMLElement>(CONTROLS)];
  const same = after.findIndex((control) => nameOf(control) === nameOf(was));
  const place = same < 0 ? before.indexOf(was) : same;
  const usable = after
    .map((control, index) => ({ control, away: Math.abs(index - place) }))
    .filter(({ control }) => !control.matches('[tabindex="-1"], [disabled], [hidden] *'));
  usable.sort((one, other) => one.away - other.away)[0]?.control.focus();
}

/** The key under which a control is found again, or its words. */
function nameOf(control: HTMLElement): string {
  const { key } = control.dataset;
  if (key !== undefined) return `key ${key}`;
  const words = control.ariaLabel ?? control.closest('label')?.firstChild?.textContent ?? control.textContent ?? '';
  return `${control.tagName} ${words}`;
}

function foldName(summary: HTMLElement): string {
  return summary.parentElement?.dataset['key'] ?? summary.textContent ?? '';
}
