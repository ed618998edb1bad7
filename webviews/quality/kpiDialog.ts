import {
  type KpiDirection,
  type KpiRefresh,
  type KpiUnit,
  type KpiValue,
  MOST_KPI_TITLE,
  thresholdFault,
  windowFault,
} from '../../src/core/kpis/kpi.ts';
import type { Kpis } from '../../src/extension/panels/qualityProtocol.ts';
import { html } from '../shared/dom.ts';
import { FormDialog, formField } from './dialog.ts';
import { writeValue } from './kpis.ts';

/** What the dialog asks to be changed. */
export interface KpiSetting {
  readonly name: string;
  readonly note: string;
  readonly title?: string;
  readonly source?: string;
  readonly threshold?: number;
  readonly direction?: KpiDirection;
  readonly window?: number;
  readonly refresh?: KpiRefresh;
}

/** Changes threshold, window and refresh of a key figure. A threshold needs a note. */
export function editKpi(kpi: KpiValue, save: (setting: KpiSetting) => Promise<void>): void {
  const share = kpi.unit === 'share';
  const threshold = numberInput(share ? Number((kpi.threshold * 100).toFixed(6)) : kpi.threshold);
  const direction = directionInput(kpi.direction);
  const window = numberInput(kpi.window);
  const refresh = refreshInput(kpi.refresh);
  const note = html('textarea', { rows: 3, 'aria-required': 'true' });
  new FormDialog(
    `Threshold of “${kpi.title}”`,
    'Save',
    [
      html(
        'p',
        {},
        `Now ${kpi.value === null ? 'not measured' : writeValue(kpi, kpi.value)}; the threshold is ${writeValue(kpi, kpi.threshold)}.`,
      ),
      formField(share ? 'Threshold in %' : 'Threshold', threshold),
      formField('Is met by', direction),
      formField('Past runs in the trend', window, '2 to 200'),
      formField('Measured', refresh),
      formField(
        'Note: why does it change?',
        note,
        'Needed for a threshold; kept in its history and in the audit log. Write no patient’s data here.',
      ),
    ],
    async () => {
      const limit = readThreshold(threshold, kpi.unit);
      const runs = readNumber(window) ?? Number.NaN;
      const fault = windowFault(runs);
      if (fault !== null) throw new Error(fault);
      const judgedAnew = limit !== kpi.threshold || direction.value !== kpi.direction;
      if (judgedAnew && note.value.trim() === '') throw new Error('Say why the threshold changes.');
      await save({
        name: kpi.name,
        note: note.value.trim(),
        threshold: limit,
        direction: directionOf(direction.value),
        window: runs,
        refresh: refreshOf(refresh.value),
      });
    },
  ).open();
}

/** Makes a key figure from what can be measured. */
export function addKpi(
  { sources, kpis }: Pick<Kpis, 'sources' | 'kpis'>,
  save: (setting: KpiSetting) => Promise<void>,
): void {
  const list = html(
    'datalist',
    { id: 'kpi-sources' },
    ...sources.map(({ name, words }) => html('option', { value: name }, words)),
  );
  const source = html('input', { type: 'text', list: 'kpi-sources', 'aria-required': 'true' });
  const told = html('span', { class: 'note', role: 'status' });
  const threshold = numberInput(0);
  const limit = formField('Threshold', threshold);
  const chosen = () => sources.find(({ name }) => name === source.value.trim());
  source.addEventListener('input', () => {
    told.textContent = chosen()?.words ?? '';
    const label = limit.querySelector('span');
    if (label !== null) label.textContent = chosen()?.unit === 'share' ? 'Threshold in %' : 'Threshold';
  });
  const title = html('input', { type: 'text', maxlength: MOST_KPI_TITLE, 'aria-required': 'true' });
  const direction = directionInput('at_most');
  const note = html('textarea', { rows: 3, 'aria-required': 'true' });
  new FormDialog(
    'Add a KPI',
    'Add',
    [
      formField('What is measured', source, 'A rule (rule:VAL-01), a domain (domain:PMI), or one of the list'),
      told,
      list,
      formField('Title', title),
      limit,
      formField('Is met by', direction),
      formField('Note: why this one?', note),
    ],
    async () => {
      const what = chosen();
      if (what === undefined) throw new Error('Choose what is measured from the list.');
      const name = nameOf(title.value);
      if (name === '') throw new Error('Give it a title, with letters from a to z or digits among others.');
      if (kpis.some((known) => known.name === name))
        throw new Error('There is a KPI with such a title already; give this one another, or edit that one.');
      if (note.value.trim() === '') throw new Error('Say why it is measured.');
      await save({
        name,
        title: title.value.trim(),
        source: what.name,
        threshold: readThreshold(threshold, what.unit),
        direction: directionOf(direction.value),
        note: note.value.trim(),
      });
    },
  ).open();
}

/** A short name from a title. */
function nameOf(title: string): string {
  const name = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return name
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
}

function numberInput(value: number): HTMLInputElement {
  const input = html('input', { type: 'text', inputmode: 'decimal' });
  input.value = String(value);
  return input;
}

/** The number of a field; null when it holds none. */
function readNumber(input: HTMLInputElement): number | null {
  const text = input.value.trim().replace(/\s*%$/, '');
  // A comma stands between thousands, as the panels write it. Any other could as well be meant as a point.
  const value = Number(/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text);
  return text === '' || !Number.isFinite(value) ? null : value;
}

/** A threshold as it is kept: the field of a share is in per cent. */
function readThreshold(input: HTMLInputElement, unit: KpiUnit): number {
  const value = readNumber(input);
  if (value === null) throw new Error('The threshold must be a number, such as 1,000 or 2.5.');
  const threshold = unit === 'share' ? Number((value / 100).toFixed(8)) : value;
  if (unit === 'share' && thresholdFault(unit, threshold) !== null)
    throw new Error('The threshold is a share: it must be from 0 to 100 %.');
  const fault = thresholdFault(unit, threshold);
  if (fault !== null) throw new Error(fault);
  return threshold;
}

function directionInput(value: KpiDirection): HTMLSelectElement {
  const list = html(
    'select',
    {},
    html('option', { value: 'at_most' }, 'at most the threshold'),
    html('option', { value: 'at_least' }, 'at least the threshold'),
  );
  list.value = value;
  return list;
}

function directionOf(value: string): KpiDirection {
  return value === 'at_least' ? 'at_least' : 'at_most';
}

function refreshInput(value: KpiRefresh): HTMLSelectElement {
  const list = html(
    'select',
    {},
    html('option', { value: 'on_change' }, 'anew when a report changes'),
    html('option', { value: 'by_hand' }, 'only when asked'),
  );
  list.value = value;
  return list;
}

function refreshOf(value: string): KpiRefresh {
  return value === 'by_hand' ? 'by_hand' : 'on_change';
}
