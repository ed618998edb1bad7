import './quality.css';
import type { KpiValue } from '../../src/core/kpis/kpi.ts';
import type { IssueFilter, IssueGrouping } from '../../src/core/review/issues/issueQuery.ts';
import type { QualityOverview, RuleChoice } from '../../src/core/review/qualityModel.ts';
import type { Kpis } from '../../src/extension/panels/qualityProtocol.ts';
import { QUALITY } from '../../src/extension/panels/qualityProtocol.ts';
import { html } from '../shared/dom.ts';
import { Host } from '../shared/host.ts';
import { redraw } from '../shared/redraw.ts';
import { empty, failure, loading, moment, Shell, tabs } from '../shared/ui.ts';
import { dashboard } from './dashboard.ts';
import { Explorer } from './explorer.ts';
import { addKpi, editKpi, type KpiSetting } from './kpiDialog.ts';
import { kpiCards } from './kpis.ts';
import { readKept, TABS, type TabName } from './state.ts';

const shell = new Shell('Quality');
const host = new Host(QUALITY, (setup) => begin(setup));
const state = readKept(host.kept);
const keep = (): void => host.keep(state);
let trusted = false;
let projectName = '';
/** Values of key figures that are measured only when asked, as they were measured last. */
const held = new Map<string, KpiValue>();

/** Which of the rules are listed; null for all. */
let chosenRules: RuleChoice | null = null;

const parts = {
  dashboard: html('div', { class: 'tab-content' }),
  kpis: html('div', { class: 'tab-content' }),
};
const explorer = new Explorer({
  host,
  state,
  keep,
  canDecide: () => trusted,
  say: (text) => shell.say(text),
  rule: (rule) => void openRule(rule),
});
let tabBar: HTMLElement | null = null;

host.on('changed', () => void refresh());
host.on('wanted', ({ tab, filter, grouping, rules }) => {
  if (rules !== undefined) chooseRules(rules);
  else {
    if (tab === 'issues') explorer.takeFocus();
    show(tab, tab === 'issues' ? filter : null, grouping ?? null);
  }
});

async function begin({ project, trusted: may }: Parameters<ConstructorParameters<typeof Host>[1]>[0]): Promise<void> {
  trusted = may;
  if (project === null) {
    shell.head([]);
    shell.show(empty('No migration project is open', 'Open a folder with a requirement_spec folder in it.'));
    host.shown();
    return;
  }
  projectName = project.name;
  shell.head([projectName]);
  parts.dashboard.replaceChildren(loading('Reading the quality report'));
  tabBar = tabs(
    'Quality',
    [
      { id: 'dashboard', title: 'Dashboard', content: parts.dashboard },
      { id: 'kpis', title: 'KPI Widgets', content: parts.kpis },
      { id: 'issues', title: 'Issue Explorer', content: explorer.element },
    ],
    state.tab,
    (id) => turnTo(TABS.find((known) => known === id) ?? 'dashboard'),
  );
  shell.show(tabBar);
  turnTo(state.tab);
  // What is looked at comes first; the other tab is read while the person reads this one.
  const order = state.tab === 'kpis' ? [readKpis, drawOverview] : [drawOverview, readKpis];
  await order[0]?.();
  host.shown();
  await order[1]?.();
}

function turnTo(tab: TabName): void {
  state.tab = tab;
  keep();
  if (tab === 'issues') explorer.begin();
}

/** Shows a tab; the list with a filter when one is given. */
function show(tab: TabName, filter: IssueFilter | null, grouping: IssueGrouping | null = null): void {
  if (filter !== null) {
    state.grouping = grouping;
    explorer.narrow(filter);
  }
  tabBar?.setAttribute('activeid', `tab-${tab}`);
  turnTo(tab);
}

/** Shows the list of rules, with only those of a number. */
function chooseRules(rules: RuleChoice | null): void {
  chosenRules = rules;
  show('dashboard', null);
  void drawOverview().then(() => {
    const list = parts.dashboard.querySelector<HTMLElement>('.all-rules summary');
    list?.scrollIntoView({ block: 'start' });
    list?.focus();
  });
}

async function refresh(): Promise<void> {
  await Promise.all([drawOverview(), readKpis(), explorer.refresh()]);
}

function drawOverview(): Promise<void> {
  return into(parts.dashboard, async () => drawDashboard(await host.ask('overview', {})));
}

function readKpis(): Promise<void> {
  return into(parts.kpis, async () => drawKpis(await host.ask('kpis', {}), false));
}

/** Draws a part, or why it cannot be drawn. */
async function into(part: HTMLElement, draw: () => Promise<void>): Promise<void> {
  try {
    await draw();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    // A newer question took the place of this one.
    if (text !== 'Cancelled.') part.replaceChildren(failure(text, () => void into(part, draw)));
  }
}

async function drawDashboard(overview: QualityOverview): Promise<void> {
  const { report } = overview;
  shell.head(
    report === null
      ? [
          projectName,
          overview.unreadable === null ? ' · no quality report yet' : ' · the quality report cannot be used',
        ]
      : [projectName, ` · rules ${report.status} · report of `, moment(report.at)],
  );
  redraw(parts.dashboard, () =>
    parts.dashboard.replaceChildren(
      ...dashboard(overview, chosenRules, {
        issues: (only) => show('issues', { text: '', only }),
        rules: chooseRules,
        rule: (rule) => void openRule(rule),
        run: (command) => void host.ask('run', { command }).catch((error: Error) => shell.say(error.message)),
      }),
    ),
  );
}

let shownKpis: Kpis | null = null;
async function drawKpis(now: Kpis, everything: boolean): Promise<void> {
  const kpis = now.kpis.map((kpi) => {
    const before = held.get(kpi.name);
    if (kpi.refresh !== 'by_hand' || before === undefined || everything) {
      held.set(kpi.name, kpi);
      return kpi;
    }
    // The value stays as it was measured; what was changed about its threshold is seen at once.
    const { value, numerator, denominator, reason, at, trend } = before;
    const met = kpi.direction === 'at_most' ? (value ?? 0) <= kpi.threshold : (value ?? 0) >= kpi.threshold;
    return {
      ...kpi,
      value,
      numerator,
      denominator,
      reason,
      at,
      trend,
      status: value === null ? 'unknown' : met ? 'met' : 'missed',
    } as const;
  });
  shownKpis = { ...now, kpis };
  redrawKpis();
}

function redrawKpis(): void {
  const shown = shownKpis;
  if (shown === null) return;
  redraw(parts.kpis, () =>
    parts.kpis.replaceChildren(
      ...kpiCards(shown, {
        issues: (only) => show('issues', { text: '', only }),
        rules: chooseRules,
        canEdit: trusted,
        hidden: state.hiddenKpis,
        hide: (name, hidden) => {
          state.hiddenKpis = hidden ? [...state.hiddenKpis, name] : state.hiddenKpis.filter((known) => known !== name);
          keep();
          redrawKpis();
        },
        edit: (kpi) => editKpi(kpi, saveKpi),
        add: () => addKpi(shown, saveKpi),
        refresh: () => void into(parts.kpis, async () => drawKpis(await host.ask('kpis', {}), true)),
      }),
    ),
  );
}

async function saveKpi(setting: KpiSetting): Promise<void> {
  await host.ask('setKpi', setting);
  await drawKpis(await host.ask('kpis', {}), false);
  shell.say('The key figure was changed.');
}

async function openRule(rule: string): Promise<void> {
  await host.ask('openRule', { rule }).catch((error: Error) => shell.say(error.message));
}
