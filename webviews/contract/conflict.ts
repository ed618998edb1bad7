import type { MergeConflict, Side } from '../../src/core/review/mergeContracts.ts';
import type { Resolution, ShownMerge } from '../../src/extension/panels/contractProtocol.ts';
import { html } from '../shared/dom.ts';
import { count, counted } from '../shared/format.ts';
import { title } from '../shared/gridCells.ts';
import { send } from './state.ts';
import { rows, shown } from './words.ts';

/** Tells that the file on disk and the text went different ways, and lets a person bring them together. */
export class ConflictBanner {
  readonly element = html('div', { class: 'banner', role: 'alert', hidden: true });
  readonly dialog = html('dialog', { 'aria-label': 'Merge with the file on disk' });
  #merge: ShownMerge | null = null;

  draw(merge: ShownMerge | null): void {
    const before = JSON.stringify(this.#merge);
    this.#merge = merge;
    this.element.hidden = merge === null;
    if (merge === null) {
      this.dialog.close();
      return;
    }
    // Choices that were begun stay while nothing else changed.
    if (before === JSON.stringify(merge)) return;
    this.dialog.close();
    this.element.replaceChildren(
      html('strong', {}, 'The file changed on disk'),
      html('span', {}, ` while this text has unsaved changes; it cannot be saved over it. ${inWords(merge)}`),
      html('span', { class: 'space' }),
      ...(merge.refusal === null ? [html('button', { click: () => this.#open(merge) }, 'Merge…')] : []),
      html('button', { class: 'secondary', click: () => settle('compare') }, 'Compare'),
      html('button', { class: 'secondary', click: () => settle('mine') }, 'Keep mine'),
      html('button', { class: 'secondary', click: () => settle('theirs') }, 'Take theirs'),
    );
  }

  #open(merge: ShownMerge): void {
    const choices = new Map<string, Side>();
    const apply = html('button', { click: () => this.#settle(choices) }, 'Merge');
    const drawApply = (): void => {
      apply.disabled = choices.size < merge.conflicts.length;
    };
    const lines = merge.conflicts.map((conflict, at) => conflictLine(conflict, at, choices, drawApply));
    const all = (side: Side): void => {
      for (const line of lines) line.choose(side);
      drawApply();
    };
    drawApply();
    this.dialog.replaceChildren(
      html('h2', {}, 'Merge with the file on disk'),
      html('p', {}, inWords(merge)),
      ...(merge.backToDraft.length === 0
        ? []
        : [html('p', {}, `Back to DRAFT, for what was reviewed is another mapping now: ${some(merge.backToDraft)}.`)]),
      ...(lines.length === 0
        ? []
        : [
            html(
              'p',
              { class: 'actions' },
              'Choose for each: ',
              html('button', { class: 'link', click: () => all('mine') }, 'all mine'),
              html('button', { class: 'link', click: () => all('theirs') }, 'all theirs'),
            ),
            html('div', { class: 'conflicts' }, ...lines.map(({ element }) => element)),
          ]),
      html(
        'div',
        { class: 'actions' },
        apply,
        html('button', { class: 'secondary', click: () => this.dialog.close() }, 'Cancel'),
      ),
    );
    this.dialog.showModal();
  }

  #settle(choices: ReadonlyMap<string, Side>): void {
    this.dialog.close();
    settle('merge', Object.fromEntries(choices));
  }
}

function settle(how: Resolution, choices: Readonly<Record<string, Side>> = {}): void {
  send({ type: 'resolve', how, choices });
}

function inWords({ refusal, conflicts, fromMine, fromTheirs }: ShownMerge): string {
  if (refusal !== null) return refusal;
  const both = conflicts.length === 0 ? 'no cell was changed by both' : `${count(conflicts.length)} changed by both`;
  return `${changes(fromMine)} of yours, ${count(fromTheirs)} on disk, ${both}.`;
}

function changes(number: number): string {
  return counted(number, 'change');
}

function some(names: readonly string[]): string {
  const more = names.length - 5;
  return `${names.slice(0, 5).join(', ')}${more > 0 ? ` and ${rows(more)} more` : ''}`;
}

interface ConflictLine {
  readonly element: HTMLElement;
  choose(side: Side): void;
}

function conflictLine(
  conflict: MergeConflict,
  at: number,
  choices: Map<string, Side>,
  chosen: () => void,
): ConflictLine {
  const option = (side: Side, label: string, value: string | null): HTMLInputElement => {
    const input = html('input', {
      type: 'radio',
      name: `conflict-${at}`,
      change: () => {
        choices.set(conflict.id, side);
        chosen();
      },
    });
    const said = value === null ? 'the row is removed' : value === '' ? '(empty)' : html('q', {}, shown(value));
    options.push(html('label', {}, input, html('span', {}, `${label}: `, said)));
    return input;
  };
  const options: HTMLElement[] = [];
  const inputs = {
    mine: option('mine', 'Mine', conflict.mine),
    theirs: option('theirs', 'Theirs', conflict.theirs),
  };
  const what = conflict.column === null ? 'whole row' : title(conflict.column).toLowerCase();
  const was = conflict.base === null || conflict.base === '' ? '' : `, was ${conflict.base}`;
  return {
    element: html('fieldset', {}, html('legend', {}, `${conflict.row}, ${what}${was}`), ...options),
    choose(side) {
      inputs[side].checked = true;
      choices.set(conflict.id, side);
    },
  };
}
