import type { RunLine, Runs } from '../../src/core/review/runsModel.ts';
import { html } from '../shared/dom.ts';
import { count, counted, duration, moments, share } from '../shared/format.ts';
import { trendChart } from '../shared/trend.ts';
import {
  actionRow,
  button,
  type Content,
  card,
  checkbox,
  keyed,
  link,
  moment,
  type Standing,
  select,
  table,
  verdict,
} from '../shared/ui.ts';

export interface Chosen {
  readonly before: string | null;
  readonly after: string | null;
  readonly shown: string | null;
  /** Whether commands that moved no data are listed too. */
  readonly others: boolean;
}

const ENDS: Readonly<Record<string, readonly [standing: Standing, word: string]>> = {
  passed: ['good', 'Passed'],
  failed: ['bad', 'Failed'],
  error: ['bad', 'Could not run'],
  cancelled: ['warning', 'Cancelled'],
};

/** How a run ended, with the code a terminal got. */
export function ended({ status, returnCode }: RunLine): HTMLElement {
  const [standing, word] = ENDS[status] ?? ['unknown', status];
  return verdict(standing, `${word} (code ${returnCode})`);
}

function gatesOf({ gates }: RunLine): Content {
  if (gates === null) return '–';
  return verdict(gates.status === 'PASS' ? 'good' : 'bad', `${gates.profile}: ${gates.status.toLowerCase()}`);
}

/** The two runs to compare, as lists, so that it also goes without the table. */
export function chosenCard(
  before: RunLine | null,
  after: RunLine | null,
  { runs, last }: Runs,
  clear: () => void,
  choose: (next: Partial<Chosen>) => void,
): HTMLElement {
  const comparable = runs.filter((run) => run.kept.length > 0);
  const times = moments(runs.map(({ at }) => at));
  if (comparable.length < 2)
    return card(
      'Compare two runs',
      html('p', {}, `${counted(comparable.length, 'run')} left reports to compare; two are needed.`),
    );
  const choices = [
    { value: '', label: 'choose a run' },
    ...comparable.map((run) => ({ value: run.id, label: `${times.get(run.at)} ${run.name} (${run.status})` })),
  ];
  const list = (label: string, side: 'before' | 'after', run: RunLine | null): HTMLElement => {
    const made = select(label, choices, run?.id ?? '', (id) => choose({ [side]: id === '' ? null : id }));
    const inner = made.querySelector('select');
    if (inner !== null) keyed(`choose-${side}`, inner);
    return made;
  };
  return card(
    'Compare two runs',
    html(
      'div',
      { class: 'chosen' },
      list('Earlier run', 'before', before),
      list('Later run', 'after', after),
      keyed(
        'compare-last',
        button('Compare the last two', () => choose({ before: last?.[0] ?? null, after: last?.[1] ?? null })),
      ),
      ...(before === null && after === null ? [] : [keyed('clear', button('Clear', clear))]),
    ),
  );
}

interface ListActions {
  readonly pick: (side: 'before' | 'after', id: string) => void;
  readonly show: (id: string) => void;
  readonly others: (shown: boolean) => void;
}

/** The history, newest first: runs of stages, lifecycle and loads, and what else was done when that is asked for. */
export function runsCard(all: Runs, chosen: Chosen, actions: ListActions): HTMLElement {
  const runs = chosen.others ? [...all.runs, ...all.others].sort((a, b) => (a.at < b.at ? 1 : -1)) : all.runs;
  const more = all.more + (chosen.others ? all.moreOthers : 0);
  const times = moments(runs.map(({ at }) => at));
  const marks = (run: RunLine): string =>
    run.id === chosen.before ? ' (earlier run)' : run.id === chosen.after ? ' (later run)' : '';
  return card(
    'History',
    ...(all.others.length === 0
      ? []
      : [
          checkbox(
            `Show the ${counted(all.others.length + all.moreOthers, 'other command')} too`,
            chosen.others,
            actions.others,
          ),
        ]),
    table(
      'Past runs, newest first',
      [
        {
          title: 'Run',
          cell: (run: RunLine) =>
            keyed(
              `run-${run.id}`,
              link(run.name, () => actions.show(run.id), 'Details'),
            ),
        },
        { title: 'When', cell: (run) => html('span', {}, times.get(run.at) ?? '', ', ', moment(run.at), marks(run)) },
        { title: 'Took', number: true, cell: (run) => duration(run.durationMs) },
        { title: 'Ended', cell: ended },
        { title: 'Gates', cell: gatesOf },
        { title: 'Rejected rows', number: true, cell: (run) => (run.rows === null ? '–' : count(run.rows.rejected)) },
        {
          title: 'Failing rows',
          number: true,
          cell: (run) => (run.quality === null ? '–' : count(run.quality.errors + run.quality.warnings)),
        },
        { title: 'Compare', cell: (run) => pickers(run, times.get(run.at) ?? '', chosen, actions) },
      ],
      runs,
    ),
    ...(more === 0
      ? []
      : [html('p', { class: 'note' }, `and ${counted(more, 'older one')}; runs list --limit shows them.`)]),
  );
}

function pickers(run: RunLine, time: string, chosen: Chosen, { pick }: ListActions): Content {
  if (run.kept.length === 0) return html('span', { class: 'note' }, 'left no reports');
  const one = (side: 'before' | 'after', word: string): HTMLElement => {
    const made = link(word, () => pick(side, run.id), `Take the run of ${time} as the ${word}`);
    made.setAttribute('aria-pressed', String(chosen[side] === run.id));
    return keyed(`${side}-${run.id}`, made);
  };
  return html('span', { class: 'chosen' }, one('before', 'earlier'), one('after', 'later'));
}

interface RunActions {
  readonly close: () => void;
  readonly openKept: (path: string) => void;
}

/** What one run did and left. */
export function runCard(run: RunLine, time: string, { close, openKept }: RunActions): HTMLElement {
  const facts: readonly (readonly [string, Content])[] = [
    ['Began', html('span', {}, time, ', ', moment(run.at))],
    ['Took', duration(run.durationMs)],
    ['Ended', ended(run)],
    ['Options', run.options || 'as usual'],
    ...(run.message === '' ? [] : [['Message', run.message] as const]),
    ...(run.gates === null ? [] : [['Gates', gatesOf(run)] as const]),
    ...(run.gates === null || run.gates.failed.length === 0
      ? []
      : [['Failed gates', run.gates.failed.join(', ')] as const]),
    ...(run.gates === null || run.gates.notProven.length === 0
      ? []
      : [['Not proven', run.gates.notProven.join(', ')] as const]),
    ...(run.rows === null
      ? []
      : [
          ['Rows loaded', share(run.rows.loaded, run.rows.read)] as const,
          ['Rows rejected', share(run.rows.rejected, run.rows.read)] as const,
        ]),
    ...(run.quality === null ? [] : [['Rules that fail', share(run.quality.failed, run.quality.rules)] as const]),
  ];
  return card(
    html('span', {}, `${run.name}, ${time}`),
    table(
      'Facts of the run',
      [
        { title: 'What', cell: ([name]: (typeof facts)[number]) => name },
        { title: 'Value', cell: ([, value]) => value },
      ],
      facts,
    ),
    ...(run.kept.length === 0
      ? [html('p', { class: 'note' }, 'This run kept no files.')]
      : [
          html('h3', {}, 'Files as it left them'),
          html(
            'ul',
            {},
            ...run.kept.map((path) =>
              html(
                'li',
                {},
                keyed(
                  `kept-${path}`,
                  link(path, () => openKept(path)),
                ),
              ),
            ),
          ),
        ]),
    actionRow(keyed('close', button('Close', close))),
  );
}

/** Rejected and failing rows over the runs. */
export function trendCard(runs: readonly RunLine[]): HTMLElement {
  const points = runs.map(({ at, rows, quality }) => ({
    at,
    rejected: rows?.rejected ?? null,
    errors: quality?.errors ?? null,
    warnings: quality?.warnings ?? null,
  }));
  return card('Over time', trendChart(points));
}
