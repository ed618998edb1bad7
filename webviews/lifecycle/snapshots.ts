import type { LifecycleSnapshot, LifecycleStage } from '../../src/core/review/lifecycleModel.ts';
import { html } from '../shared/dom.ts';
import { count } from '../shared/format.ts';
import { actionRow, button, type Content, card, empty, keyed, moment, select, table } from '../shared/ui.ts';

interface SnapshotActions {
  readonly restore: (snapshot: string, stage: string | null) => void;
  readonly compare: (snapshot: string) => void;
}

const KINDS: Readonly<Record<string, string>> = {
  on_demand: 'made by hand',
  before_run: 'before a run',
  before_restore: 'before a restore',
  incident: 'frozen by an incident',
};

/** What part of the project a restore puts back; all of it at first. */
let from = '';

/** What the project can go back to. */
export function snapshotsCard(
  snapshots: readonly LifecycleSnapshot[],
  stages: readonly LifecycleStage[],
  idle: boolean,
  actions: SnapshotActions,
): HTMLElement {
  if (snapshots.length === 0)
    return card(
      'Snapshots',
      empty('There is no snapshot yet', 'Each run of the lifecycle keeps one before it begins.'),
    );
  const choices = [
    { value: '', label: 'the whole project' },
    ...stages.map(({ id, title }) => ({ value: id, label: `what ${title} and later stages write` })),
  ];
  const what = select('Restore puts back', choices, from, (value) => {
    from = value;
  });
  return card(
    'Snapshots',
    html('p', {}, what),
    table(
      'Snapshots, newest first',
      [
        { title: 'Why', cell: (one: LifecycleSnapshot) => whyAndId(one) },
        { title: 'Made', cell: (one) => html('span', {}, moment(one.at), ` ${KINDS[one.kind] ?? one.kind}`) },
        { title: 'Gates then', cell: (one) => one.verdict ?? '–' },
        { title: 'Rejected rows', number: true, cell: (one) => count(one.rejects) },
        { title: 'Files', number: true, cell: (one) => `${count(one.files)} (${(one.bytes / 1e6).toFixed(1)} MB)` },
        { title: 'Actions', cell: (one) => buttons(one, idle, actions) },
      ],
      snapshots,
    ),
  );
}

/** The name people know it by, and the one that commands and messages use. */
function whyAndId({ reason, id }: LifecycleSnapshot): Content {
  return reason === '' ? id : html('span', {}, reason, ' ', html('span', { class: 'note' }, id));
}

function buttons({ id }: LifecycleSnapshot, idle: boolean, actions: SnapshotActions): Content {
  return actionRow(
    keyed(
      `compare-${id}`,
      button('Compare', () => actions.compare(id), { disabled: !idle, title: `Tell what changed since ${id}` }),
    ),
    keyed(
      `restore-${id}`,
      button('Restore…', () => actions.restore(id, from === '' ? null : from), {
        disabled: !idle,
        title: `Go back to ${id}; the present state is kept first`,
      }),
    ),
  );
}
