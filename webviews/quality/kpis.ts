import type { KpiValue } from '../../src/core/kpis/kpi.ts';
import type { Kpis } from '../../src/extension/panels/qualityProtocol.ts';
import { html } from '../shared/dom.ts';
import { count, counted, when } from '../shared/format.ts';
import {
  actionRow,
  button,
  card,
  checkbox,
  empty,
  figure,
  keyed,
  moment,
  type Standing,
  table,
  verdict,
} from '../shared/ui.ts';
import { type KpiRowsActs, openKpiRows } from './kpiRows.ts';
import { spark, trendInWords } from './spark.ts';

export interface KpiActs extends KpiRowsActs {
  readonly canEdit: boolean;
  readonly hidden: readonly string[];
  readonly hide: (name: string, hidden: boolean) => void;
  readonly edit: (kpi: KpiValue) => void;
  readonly add: () => void;
  readonly refresh: () => void;
}

const STANDING: Readonly<Record<KpiValue['status'], Standing>> = { met: 'good', missed: 'bad', unknown: 'unknown' };
const STATUS: Readonly<Record<KpiValue['status'], string>> = { met: 'Met', missed: 'Missed', unknown: 'Not measured' };

/** A share in per cent with as many digits as tell it apart from none and all. */
export function writeValue(kpi: Pick<KpiValue, 'unit'>, value: number): string {
  if (kpi.unit === 'count') return count(value);
  const percent = value * 100;
  if (value > 0 && percent < 0.01) return '<0.01%';
  if (value < 1 && percent > 99.99) return '>99.99%';
  return `${Number(percent.toFixed(2))}%`;
}

/** Cards of key figures, those that are chosen. */
export function kpiCards({ kpis, problem }: Kpis, acts: KpiActs): HTMLElement[] {
  if (problem !== null) return [empty('The key figures cannot be read', problem)];
  const shown = kpis.filter((kpi) => !acts.hidden.includes(kpi.name));
  const missed = shown.filter(({ status }) => status === 'missed').length;
  const chooser = html(
    'details',
    { class: 'chooser' },
    html('summary', {}, `Choose KPIs (${count(shown.length)} of ${count(kpis.length)} shown)`),
    html(
      'div',
      { class: 'choices' },
      ...kpis.map((kpi) =>
        keyed(
          `choose-${kpi.name}`,
          checkbox(kpi.title, !acts.hidden.includes(kpi.name), (on) => acts.hide(kpi.name, !on)),
        ),
      ),
    ),
  );
  const tools = actionRow(
    keyed('kpi-refresh', button('Measure now', acts.refresh, { title: 'Also those that are measured by hand' })),
    ...(acts.canEdit ? [keyed('kpi-add', button('Add KPI…', acts.add))] : []),
  );
  return [
    html(
      'div',
      { class: 'kpi-bar' },
      html('span', { role: 'status' }, `${counted(missed, 'KPI')} missed of ${count(shown.length)} shown`),
      tools,
      chooser,
    ),
    shown.length === 0
      ? empty('No KPI is chosen', 'Choose some above.')
      : html('div', { class: 'cards' }, ...shown.map((kpi) => kpiCard(kpi, acts))),
  ];
}

function kpiCard(kpi: KpiValue, acts: KpiActs): HTMLElement {
  const limit = `${kpi.direction === 'at_most' ? 'at most' : 'at least'} ${writeValue(kpi, kpi.threshold)}`;
  const of =
    kpi.value === null
      ? kpi.reason
      : kpi.denominator === null
        ? kpi.counts
        : `${count(kpi.numerator)} of ${count(kpi.denominator)} ${kpi.counts}`;
  const edit = keyed(
    `edit-${kpi.name}`,
    button('Edit threshold…', () => acts.edit(kpi), { title: `Edit threshold of ${kpi.title}` }),
  );
  return card(
    kpi.title,
    html(
      'div',
      { class: 'figures' },
      keyed(
        `rows-${kpi.name}`,
        figure(kpi.value === null ? '–' : writeValue(kpi, kpi.value), of, openKpiRows(kpi, acts)),
      ),
    ),
    html('p', {}, verdict(STANDING[kpi.status], STATUS[kpi.status]), ` · threshold ${limit}`),
    pastRuns(kpi),
    html('p', { class: 'note' }, ...measuredOn(kpi)),
    changes(kpi),
    actionRow(...(acts.canEdit ? [edit] : [])),
  );
}

/** The shape of past values and what they were; of one that is not measured now, when it last was. */
function pastRuns(kpi: KpiValue): HTMLElement {
  const values = kpi.trend.map(({ value }) => value);
  const words = trendInWords(values, (value) => writeValue(kpi, value));
  const last = kpi.trend.at(-1);
  if (last === undefined) return html('p', { class: 'note' }, 'No run measured it yet.');
  const before = kpi.value === null ? `Last measured ${when(last.at)}: ${writeValue(kpi, last.value)}. ` : '';
  const shown = values.length === 1 ? (before === '' ? words : before.trim()) : `${before}Last ${words}`;
  return html(
    'div',
    { class: 'spark-line' },
    ...(values.length === 1 ? [] : [spark(values, words)]),
    html('span', { class: 'note' }, shown.charAt(0).toUpperCase() + shown.slice(1)),
  );
}

function measuredOn(kpi: KpiValue): (Node | string)[] {
  const anew = kpi.refresh === 'by_hand' ? 'Measured anew only when asked.' : 'Measured anew when that changes.';
  if (kpi.value === null) return [`It is measured on ${kpi.basis}. `, anew];
  const at = kpi.at === null ? [] : [kpi.live ? ', ' : ' of ', moment(kpi.at)];
  return [`Measured on ${kpi.basis}`, ...at, '. ', anew];
}

function changes(kpi: KpiValue): HTMLElement {
  if (kpi.history.length === 0) return html('p', { class: 'note' }, 'First threshold; nobody has changed it.');
  const newest = [...kpi.history].reverse();
  return html(
    'details',
    {},
    html('summary', {}, counted(kpi.history.length, 'change of the threshold', 'changes of the threshold')),
    table(
      `Changes of the threshold of ${kpi.title}`,
      [
        { title: 'When', cell: (change) => when(change.changed_at_utc) },
        { title: 'Threshold', number: true, cell: (change) => writeValue(kpi, change.threshold) },
        { title: 'By', cell: (change) => change.changed_by },
        { title: 'Note', cell: (change) => change.note },
      ],
      newest,
    ),
  );
}
