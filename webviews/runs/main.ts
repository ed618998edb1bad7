import './runs.css';
import * as z from 'zod/mini';
import type { Comparison, RunLine, Runs } from '../../src/core/review/runsModel.ts';
import { RUNS } from '../../src/extension/panels/runsProtocol.ts';
import { html } from '../shared/dom.ts';
import { counted, moments } from '../shared/format.ts';
import { Host } from '../shared/host.ts';
import { Live } from '../shared/live.ts';
import { empty, keyed, link, Shell, verdict } from '../shared/ui.ts';
import { comparisonParts } from './comparison.ts';
import { chosenCard, runCard, runsCard, trendCard } from './history.ts';

const Kept = z.object({
  before: z.nullable(z.string()),
  after: z.nullable(z.string()),
  shown: z.nullable(z.string()),
  others: z._default(z.boolean(), false),
});

const shell = new Shell('Runs');
const live = new Live({ shell, what: 'the runs', read, shown: () => host.shown() });
const host = new Host(RUNS, (setup) => {
  project = setup.project?.name ?? '';
  live.begin(setup);
});
let project = '';
const kept = Kept.safeParse(host.kept);
/** Runs chosen to be compared, and the one whose details are shown. */
let chosen: z.infer<typeof Kept> = kept.success ? kept.data : { before: null, after: null, shown: null, others: false };
let compared: { readonly key: string; readonly found: Comparison } | null = null;

host.on('changed', () => void live.refresh());
host.on('show', ({ before, after }) => choose({ before, after, shown: before === null ? after : null }));

function choose(next: Partial<typeof chosen>): void {
  chosen = { ...chosen, ...next };
  host.keep(chosen);
  void live.refresh();
}

function act(answer: Promise<unknown>): void {
  answer.catch((error: Error) => shell.tell(error.message));
}

async function read(): Promise<HTMLElement[]> {
  const runs = await host.ask('content', {});
  const known = (id: string | null): RunLine | null =>
    [...runs.runs, ...runs.others].find((run) => run.id === id) ?? null;
  shell.head([`${project} · ${counted(runs.runs.length + runs.more, 'run')} on record`]);
  const unread = unreadLines(runs);
  if (runs.runs.length + runs.others.length === 0)
    return [
      ...unread,
      runs.unread !== null
        ? empty('No run can be listed', 'The next run is listed here, whoever starts it.')
        : empty('Nothing was run yet', 'Each run of a stage or of the lifecycle is listed here, whoever started it.'),
    ];
  const [before, after] = [known(chosen.before), known(chosen.after)];
  const comparison = before === null || after === null ? [] : await compare(before, after);
  const shown = known(chosen.shown);
  const times = moments([...runs.runs, ...runs.others].map(({ at }) => at));
  const pick = (side: 'before' | 'after', id: string): void => choose({ [side]: chosen[side] === id ? null : id });
  return [
    ...unread,
    chosenCard(before, after, runs, () => choose({ before: null, after: null }), choose),
    ...comparison,
    ...(shown === null
      ? []
      : [
          runCard(shown, times.get(shown.at) ?? shown.at, {
            close: () => choose({ shown: null }),
            openKept: (path) => act(host.ask('openKept', { run: shown.id, path })),
          }),
        ]),
    ...trend(runs),
    runsCard(runs, chosen, {
      pick,
      show: (id) => choose({ shown: id }),
      others: (others) => choose({ others }),
    }),
  ];
}

/** Runs that are missing from the list because their lines are damaged. */
function unreadLines({ unread }: Runs): HTMLElement[] {
  if (unread === null) return [];
  const open = link('Open the file at the line', () => act(host.ask('open', unread.place)));
  return [
    html(
      'div',
      { class: 'notice-bar', role: 'status' },
      verdict('warning', unread.message),
      ' ',
      keyed('unread', open),
    ),
  ];
}

function trend({ runs }: Runs): HTMLElement[] {
  const measured = runs.filter((run) => run.rows !== null || run.quality !== null);
  return measured.length < 2 ? [] : [trendCard(measured.slice(0, 30).reverse())];
}

async function compare(before: RunLine, after: RunLine): Promise<HTMLElement[]> {
  const key = `${before.id} ${after.id}`;
  try {
    if (compared?.key !== key)
      compared = { key, found: await host.ask('compare', { before: before.id, after: after.id }) };
    const openKept = (path: string, run: RunLine): void => act(host.ask('openKept', { run: run.id, path }));
    const [earlier, later] = before.at <= after.at ? [before, after] : [after, before];
    const times = moments([earlier.at, later.at]);
    return comparisonParts(compared.found, earlier, later, { times, openKept });
  } catch (error) {
    return [
      html(
        'section',
        { class: 'card' },
        html('h2', {}, 'Comparison'),
        html('p', { role: 'alert' }, (error as Error).message),
      ),
    ];
  }
}
