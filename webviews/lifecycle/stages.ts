import type { LifecycleStage } from '../../src/core/review/lifecycleModel.ts';
import type { Place } from '../../src/core/review/place.ts';
import { html, svg } from '../shared/dom.ts';
import { count, counted, duration, when } from '../shared/format.ts';
import { actionRow, button, keyed, link, moment, type Standing, verdict } from '../shared/ui.ts';

export interface StageActions {
  /** Nothing runs, and this folder may run something. */
  readonly idle: boolean;
  readonly running: string | null;
  readonly open: (place: Place) => void;
  readonly run: (stage: string) => void;
  readonly rerunFrom: (stage: string) => void;
}

/** More files than these are told by their number. */
const MOST_FILES = 6;

/** One stage of the flow: how it stands, what it reads and writes, how long it took, what can be done. */
export function stageItem(stage: LifecycleStage, actions: StageActions): HTMLElement {
  const running = actions.running === stage.id;
  const owner = stage.people.length === 0 ? stage.ownerRole : `${stage.people.join(', ')} (${stage.ownerRole})`;
  return html(
    'li',
    { class: running ? 'stage running' : 'stage', 'aria-current': running ? 'step' : null },
    html(
      'section',
      { class: 'card', 'aria-label': stage.title },
      html('div', { class: 'top' }, html('h2', {}, stage.title), standing(stage, running)),
      html('p', { class: 'note' }, `${stage.summary} Owner: ${owner}.`),
      ...(stage.message === '' ? [] : [html('p', {}, stage.message)]),
      html(
        'div',
        { class: 'facts' },
        files('Reads', `${stage.id}-in`, stage.inputs, stage.changed, actions.open),
        files('Writes', `${stage.id}-out`, stage.outputs, [], actions.open),
        durations(stage),
      ),
      actionRow(
        keyed(
          `run-${stage.id}`,
          button('Run this stage…', () => actions.run(stage.id), { disabled: !actions.idle }),
        ),
        keyed(
          `from-${stage.id}`,
          button('Rerun from here', () => actions.rerunFrom(stage.id), {
            disabled: !actions.idle,
            title: 'Runs this stage and all later ones, with the options of the last run.',
          }),
        ),
      ),
    ),
  );
}

function standing(stage: LifecycleStage, running: boolean): HTMLElement {
  if (running) return verdict('neutral', 'Running');
  if (stage.madeAt === null)
    return stage.status === 'error' || stage.status === 'unreadable'
      ? verdict(...(STANDINGS[stage.status] ?? ['unknown', '']))
      : verdict('unknown', 'Not run yet');
  const made = html(
    'span',
    { class: 'note' },
    moment(stage.madeAt),
    ...(stage.restored === null ? [] : [', restored ', moment(stage.restored.at)]),
  );
  if (stage.stale) return html('span', {}, verdict('warning', 'Stale'), ' ', made);
  const [shown, word] = STANDINGS[stage.status] ?? ['good', 'Done'];
  return html('span', {}, verdict(shown, word), ' ', made);
}

const STANDINGS: Readonly<Record<string, readonly [shown: Standing, word: string]>> = {
  passed: ['good', 'Passed'],
  failed: ['bad', 'Failed'],
  error: ['bad', 'Could not run'],
  cancelled: ['warning', 'Cancelled'],
  unreadable: ['bad', 'Report unreadable'],
};

function files(
  title: string,
  key: string,
  all: LifecycleStage['inputs'],
  changed: readonly string[],
  open: (place: Place) => void,
): HTMLElement {
  const lines = all.slice(0, MOST_FILES).map(({ path, changedAt, place }) => {
    const name = changedAt === null ? `${path} (missing)` : path;
    // Folders have nothing to open in an editor.
    const isFile = /\.\w+$/.test(path) && changedAt !== null;
    const text = isFile
      ? keyed(
          `${key}-${path}`,
          link(name, () => open(place)),
        )
      : name;
    return html('li', {}, text, ...(changed.includes(path) ? [' ', verdict('warning', 'changed since')] : []));
  });
  if (all.length > MOST_FILES) lines.push(html('li', { class: 'more' }, `and ${count(all.length - MOST_FILES)} more`));
  return html('div', {}, html('h3', {}, title), html('ul', {}, ...lines));
}

/** How long the last runs took, one bar each; the numbers stand beside them. */
function durations({ durations: all }: LifecycleStage): HTMLElement {
  const last = all.at(-1);
  if (last === undefined) return html('div', {}, html('h3', {}, 'Duration'), html('p', {}, 'No run is on record.'));
  const longest = Math.max(...all.map(({ ms }) => ms), 1);
  const width = 100 / Math.max(all.length, 8);
  const bars = all.map(({ ms, status }, index) => {
    const height = Math.max(2, (ms / longest) * 30);
    const bad = status === 'failed' || status === 'error';
    return svg('rect', { class: bad ? 'bad' : null, x: index * width, y: 32 - height, width: width * 0.7, height });
  });
  const sorted = all.map(({ ms }) => ms).sort((a, b) => a - b);
  const usual = sorted[Math.floor(sorted.length / 2)] ?? last.ms;
  return html(
    'div',
    {},
    html('h3', {}, 'Duration'),
    html(
      'p',
      {},
      `${duration(last.ms)} at ${when(last.at)}; usually ${duration(usual)} (${counted(all.length, 'run')})`,
    ),
    ...(all.length < 2
      ? []
      : [
          svg(
            'svg',
            { class: 'spark', viewBox: '0 0 100 32', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
            ...bars,
          ),
        ]),
  );
}
