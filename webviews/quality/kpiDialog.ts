import type { KpiDirection, KpiRefresh, KpiValue } from '../../src/core/kpis/kpi.ts';
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
      const limit = readNumber(threshold, share);
      const judgedAnew = limit !== kpi.threshold || direction.value !== kpi.direction;
      if (judgedAnew && note.value.trim() === '') throw new Error('Say why the threshold changes.');
      await save({
        name: kpi.name,
        note: note.value.trim(),
        threshold: limit,
        direction: directionOf(direction.value),
        window: Math.round(Number(window.value)),
        refresh: refreshOf(refresh.value),
      });
    },
  ).open();
}

/** Makes a key figure from what can be measured. */
export function addKpi(sources: Kpis['sources'], save: (setting: KpiSetting) => Promise<void>): void {
  const list = html(
    'datalist',
    { id: 'kpi-sources' },
    ...sources.map(({ name, words }) => html('option', { value: name }, words)),
  );
  const source = html('input', { type: 'text', list: 'kpi-sources', 'aria-required': 'true' });
  const told = html('span', { class: 'note', role: 'status' });
  source.addEventListener('input', () => {
    told.textContent = sources.find(({ name }) => name === source.value)?.words ?? '';
  });
  const title = html('input', { type: 'text', 'aria-required': 'true' });
  const threshold = numberInput(0);
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
      formField('Threshold', threshold, 'A share is a number from 0 to 1'),
      formField('Is met by', direction),
      formField('Note: why this one?', note),
    ],
    async () => {
      if (title.value.trim() === '') throw new Error('Give it a title.');
      if (note.value.trim() === '') throw new Error('Say why it is measured.');
      await save({
        name: nameOf(title.value),
        title: title.value.trim(),
        source: source.value.trim(),
        threshold: readNumber(threshold, false),
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

function readNumber(input: HTMLInputElement, share: boolean): number {
  const value = Number(input.value.trim().replace(',', '.').replace(/%$/, ''));
  if (input.value.trim() === '' || !Number.isFinite(value)) throw new Error('The threshold must be a number.');
  return share ? Number((value / 100).toFixed(8)) : value;
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
