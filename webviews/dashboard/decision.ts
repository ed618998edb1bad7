import type { Dashboard, DashboardBlocker, DashboardGates } from '../../src/core/review/dashboardModel.ts';
import type { Place } from '../../src/core/review/place.ts';
import type { Decided } from '../../src/extension/panels/dashboardProtocol.ts';
import { html } from '../shared/dom.ts';
import { counted, when } from '../shared/format.ts';
import { gateChanges } from '../shared/gateChanges.ts';
import { restored } from '../shared/restored.ts';
import { runDifference } from '../shared/runDifference.ts';
import {
  actionRow,
  badge,
  button,
  type Content,
  card,
  empty,
  keyed,
  link,
  moment,
  type Standing,
  table,
  verdict,
} from '../shared/ui.ts';
import { unusable } from './unusable.ts';

type Open = (place: Place) => void;

/** Words for profiles as people say them. */
const PROFILES: Readonly<Record<string, string>> = {
  development: 'Development',
  pre_production: 'Pre-production',
  cutover_ready: 'Cutover ready',
};

/** What blocks promotion, and who owns it. */
export function blockersCard(dashboard: Dashboard, open: Open): HTMLElement {
  const { blockers, gates } = dashboard;
  const rolesUnread = unusable(dashboard, 'roles', open, 'The roles file cannot be read, so owners are not known');
  const asked = gates.find((gate) => gate.current);
  if (blockers.length === 0) {
    const profile = PROFILES[asked?.profile ?? ''] ?? 'the profile last asked for';
    return card(
      'What blocks promotion',
      ...(rolesUnread === null ? [] : [rolesUnread]),
      html('p', {}, verdict('good', `Nothing blocks ${profile}: every gate passes.`)),
    );
  }
  return card(
    html('span', {}, 'What blocks promotion ', badge(String(blockers.length))),
    ...(rolesUnread === null ? [] : [rolesUnread]),
    table(
      'What blocks promotion',
      [
        {
          title: 'Gate',
          cell: (one: DashboardBlocker) =>
            keyed(
              one.id,
              link(one.title, () => open(one.place), one.id),
            ),
        },
        { title: 'Verdict', cell: (one) => word(one.verdict) },
        { title: 'Why', cell: (one) => one.message },
        { title: 'Rows behind it', cell: (one) => rowsOf(one, open) },
        { title: 'Owner', cell: (one) => ownerOf(one, rolesUnread !== null) },
      ],
      blockers,
    ),
  );
}

/** The gate's name opens its lines in the report; its numbers open what it counted. */
function rowsOf({ id, rows }: DashboardBlocker, open: Open): Content {
  if (rows.length === 0) return '–';
  const links = rows.map(({ label, place }) =>
    html(
      'div',
      {},
      keyed(
        `rows-${id}-${label}`,
        link(label, () => open(place)),
      ),
    ),
  );
  return html('div', {}, ...links);
}

function ownerOf({ ownerRole, people }: DashboardBlocker, unknown: boolean): string {
  if (unknown) return `${ownerRole} (who is not known)`;
  return people.length === 0 ? `${ownerRole} (nobody named)` : `${people.join(', ')} (${ownerRole})`;
}

function word(text: string): HTMLElement {
  const standings: Readonly<Record<string, Standing>> = { PASS: 'good', FAIL: 'bad' };
  return verdict(
    standings[text] ?? 'unknown',
    text === 'NOT_PROVEN' ? 'Not proven' : text === 'FAIL' ? 'Fails' : 'Passes',
  );
}

/** The verdict of each profile: the one in force, earlier ones, and those asked for now. */
export function gatesCard(
  dashboard: Dashboard,
  decided: readonly Decided[] | null,
  open: Open,
  decide: () => void,
): HTMLElement {
  const told = unusable(dashboard, 'gates', open);
  return card(
    'Release gates',
    ...(told === null ? [] : [told]),
    table(
      'Release gates by profile',
      [
        { title: 'Profile', cell: (gate: DashboardGates) => profileName(gate, open) },
        { title: 'Verdict', cell: (gate) => standing(gate) },
        { title: 'Gates', cell: (gate) => gateCounts(gate) },
        ...(decided === null
          ? []
          : [{ title: 'On the evidence now', cell: (gate: DashboardGates) => decidedNow(gate, decided) }]),
      ],
      dashboard.gates,
    ),
    actionRow(
      keyed(
        'decide',
        button('Decide for all profiles', decide, {
          title: 'Judges the evidence as it is for each profile. Reads only: no verdict is written.',
        }),
      ),
    ),
  );
}

function profileName(gate: DashboardGates, open: Open): Content {
  const name = PROFILES[gate.profile] ?? gate.profile;
  const { place } = gate;
  return place === null
    ? name
    : keyed(
        `profile-${gate.profile}`,
        link(name, () => open(place)),
      );
}

function standing(gate: DashboardGates): Content {
  if (gate.standing === 'UNKNOWN') return verdict('unknown', 'Not known');
  if (gate.standing === 'NOT_DECIDED' || gate.decidedAt === null) return verdict('unknown', 'Not decided');
  const told = verdict(gate.standing === 'PASS' ? 'good' : 'bad', gate.standing === 'PASS' ? 'Pass' : 'Fail');
  const older = gate.current ? [] : [html('span', { class: 'note' }, ' of an earlier state')];
  return html('span', {}, told, ' ', html('span', { class: 'note' }, moment(gate.decidedAt)), ...older);
}

function gateCounts({ standing: decided, passed, failed, notProven }: DashboardGates): string {
  if (decided === 'NOT_DECIDED' || decided === 'UNKNOWN') return '–';
  const total = passed + failed.length + notProven.length;
  // Runs of earlier versions did not count those that passed.
  if (passed === 0) return `${failed.length} fail, ${notProven.length} not proven`;
  return `${passed} of ${total} pass`;
}

function decidedNow(gate: DashboardGates, decided: readonly Decided[]): Content {
  const now = decided.find(({ profile }) => profile === gate.profile);
  if (now === undefined) return '–';
  const open = [...now.failed, ...now.notProven];
  return html(
    'span',
    {},
    verdict(now.status === 'PASS' ? 'good' : 'bad', now.status === 'PASS' ? 'Would pass' : 'Would fail'),
    open.length === 0 ? '' : `: ${open.join(', ')}`,
  );
}

/** Crosswalks that were changed meanwhile, each with a way to it; nothing when none was. */
function crosswalksChanged(when: string, all: Dashboard['changes']['crosswalks'], open: Open): HTMLElement[] {
  if (all.length === 0) return [];
  const links = all.flatMap(({ name, lines, place }, at) => [
    ...(at === 0 ? [] : [', ']),
    keyed(
      `crosswalk-${when}-${name}`,
      link(`${name} (${counted(lines, 'line')})`, () => open(place)),
    ),
  ]);
  return [html('p', {}, 'Crosswalks changed: ', ...links, '.')];
}

/** What changed since the last run, and from the one before it. */
export function changesCard({ changes }: Dashboard, open: Open): HTMLElement {
  const { run, previous, contractRows, people, staleStages } = changes;
  const back = changes.restored === null ? [] : [restored(changes.restored, changes.restored.who)];
  if (run === null)
    return card(
      'What changed',
      ...back,
      empty('Nothing was run yet', 'Run the lifecycle; the next runs are compared with it.'),
    );
  const since =
    contractRows === 0
      ? 'No contract row was changed'
      : `${counted(contractRows, 'contract row')} changed by ${people.join(', ')}`;
  const sinceLast = [
    html('h3', {}, 'Since the last run, ', moment(run.at)),
    ...back,
    ...(back.length === 0
      ? []
      : [html('p', {}, 'The cards show what the files say now, which is not what the last run left.')]),
    html('p', {}, `${since}.`),
    ...crosswalksChanged('since', changes.crosswalks, open),
    staleStages.length === 0
      ? html('p', {}, verdict('good', 'No stage’s inputs changed since it ran.'))
      : html('p', {}, verdict('warning', 'Stale:'), ' ', staleStages.join(', ')),
  ];
  const toLast = [
    html('h3', {}, 'From the run before it to the last run'),
    ...(previous === null
      ? [html('p', {}, 'There is no earlier run to compare with.')]
      : [
          ...runDifference(previous),
          ...crosswalksChanged('between', previous.crosswalks, open),
          html('p', { class: 'note' }, `Compared with the run of ${when(previous.at)}.`),
          html('p', {}, `${counted(previous.gates.length, 'gate has', 'gates have')} another verdict.`),
          ...gateChanges(previous),
          html(
            'p',
            {},
            keyed(
              'compare',
              link('Compare the two runs', () => open(previous.place)),
            ),
          ),
        ]),
  ];
  const made = card(
    'What changed',
    html('div', { class: 'changes' }, html('div', {}, ...sinceLast), html('div', {}, ...toLast)),
  );
  made.classList.add('two-wide');
  return made;
}
