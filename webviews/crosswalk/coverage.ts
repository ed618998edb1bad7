import type { OpenCode } from '../../src/core/crosswalk/crosswalkShapes.ts';
import { html } from '../shared/dom.ts';
import { count, counted, percent } from '../shared/format.ts';
import { badge, link, partsBar, verdict } from '../shared/ui.ts';
import { meaningOf, type State } from './state.ts';

export interface CoverageActions {
  /** Adds DRAFT lines for open codes. */
  readonly map: (lines: readonly { readonly sourceCode: string; readonly targetCode: string }[]) => void;
  readonly showLine: (index: number) => void;
  readonly showUnused: () => void;
  readonly openContract: (row: { readonly table: string; readonly field: string; readonly rowSet: string }) => void;
}

/** Name, agreement and how far the crosswalk goes in the project's data. */
export function headView({ facts }: State, actions: CoverageActions): Node[] {
  if (facts === null) return [html('p', { class: 'note', role: 'status' }, 'Counting the codes of the source data…')];
  const { entry, coverage } = facts;
  const told = [
    entry?.codeSet ? `to ${entry.codeSet}` : 'no target list named in the index',
    entry?.rowPolicy === 'load_null'
      ? 'a row with an unknown code loads without it'
      : 'a row with an unknown code is held',
    ...(entry?.eventDates.length ? [`dates by ${entry.eventDates.map(dateName).join(', ')}`] : []),
    ...(entry?.owner ? [`owner ${entry.owner}`] : []),
  ];
  return [
    html(
      'div',
      { class: 'title' },
      html('h1', {}, facts.name),
      ...(facts.safetyCritical ? [badge('safety-critical')] : []),
      html('span', { class: 'note' }, told.join(' · ')),
    ),
    ...(coverage === null ? [] : [sums(facts.uses.length, coverage, actions)]),
    ...facts.notSeen.map((sentence) => html('p', { class: 'mark warning' }, sentence)),
  ];
}

function dateName({ table, column }: { readonly table: string; readonly column: string }): string {
  return table === '' ? column : `${table}.${column}`;
}

function sums(
  uses: number,
  coverage: NonNullable<NonNullable<State['facts']>['coverage']>,
  actions: CoverageActions,
): Node {
  const { codes, mappedCodes, rows, mappedRows, unusedLines } = coverage;
  if (codes === 0)
    return html(
      'p',
      { class: 'coverage' },
      uses === 0 ? 'No contract row translates codes by this crosswalk.' : 'The source data hold no code for it.',
    );
  const whole = mappedRows === rows;
  return html(
    'div',
    { class: 'coverage' },
    verdict(
      whole ? 'good' : 'bad',
      `${count(mappedCodes)} of ${counted(codes, 'code')} mapped, ${percent(mappedRows, rows)} of ${counted(rows, 'row')}`,
    ),
    partsBar([
      { name: 'mapped', value: mappedRows, standing: 'good' },
      { name: 'unmapped', value: rows - mappedRows, standing: 'bad' },
    ]),
    ...(unusedLines === 0
      ? []
      : [
          link(
            `${counted(unusedLines, 'line')} that no row uses`,
            actions.showUnused,
            'Show only lines that no row uses',
          ),
        ]),
  );
}

/** Open codes with a field each to map them in place, and the contract rows that ask. */
export function asideView(state: State, canEdit: boolean, actions: CoverageActions): Node[] {
  const { facts } = state;
  const coverage = facts?.coverage ?? null;
  if (facts === null || coverage === null) return [];
  return [
    html('h2', {}, `Unmapped codes (${count(coverage.openCodes)})`),
    ...(coverage.openCodes === 0
      ? [html('p', { class: 'note' }, coverage.codes === 0 ? 'Nothing to map.' : 'Every code of the data is mapped.')]
      : [openCodes(state, coverage.open, canEdit, actions)]),
    ...(coverage.openCodes > coverage.open.length
      ? [
          html(
            'p',
            { class: 'note' },
            `The ${count(coverage.open.length)} with most rows are shown; “crosswalk gaps --out” writes all.`,
          ),
        ]
      : []),
    html('h2', {}, 'Used by'),
    ...(facts.uses.length === 0 ? [html('p', { class: 'note' }, 'No contract row.')] : [usesList(facts.uses, actions)]),
    html('p', { class: 'note' }, `Counted in ${facts.sourceDir}.`),
  ];
}

function openCodes(state: State, open: readonly OpenCode[], canEdit: boolean, actions: CoverageActions): Node {
  const addAll = html('button', { hidden: true, click: () => actions.map(filled(state, open)) });
  const drawAll = (): void => {
    const ready = filled(state, open).length;
    addAll.hidden = ready < 2;
    addAll.textContent = `Add ${count(ready)} DRAFT lines`;
  };
  drawAll();
  const rows = open.map((code) => openRow(state, code, canEdit, actions, drawAll));
  return html(
    'div',
    {},
    html(
      'table',
      { class: 'open' },
      html('caption', { class: 'sr-only' }, 'Codes of the data that no line in force maps'),
      html(
        'thead',
        {},
        html(
          'tr',
          {},
          ...['Code', 'Rows', 'Target code'].map((name) =>
            html('th', { scope: 'col' }, html('span', { class: 'plain' }, name)),
          ),
        ),
      ),
      html('tbody', {}, ...rows),
    ),
    addAll,
  );
}

function filled(state: State, open: readonly OpenCode[]): { sourceCode: string; targetCode: string }[] {
  return open.flatMap(({ code, waiting }) => {
    const targetCode = state.typed.get(code)?.trim() ?? '';
    return waiting !== null || targetCode === '' ? [] : [{ sourceCode: code, targetCode }];
  });
}

function openRow(state: State, code: OpenCode, canEdit: boolean, actions: CoverageActions, changed: () => void): Node {
  const { rows, waiting, otherTime } = code;
  const name = code.code === '' ? '(empty)' : code.code;
  return html(
    'tr',
    {},
    html(
      'th',
      { scope: 'row', title: name },
      html('span', { class: 'plain code' }, name),
      otherTime ? html('span', { class: 'note' }, 'mapped at another time') : '',
    ),
    html('td', { class: 'number' }, count(rows)),
    html(
      'td',
      {},
      waiting !== null
        ? link(
            `${waiting.status.replace('_', ' ')} → ${waiting.target || '(empty)'}`,
            () => actions.showLine(waiting.index),
            `Show line ${waiting.line}`,
          )
        : canEdit
          ? targetField(state, code.code, name, actions, changed)
          : '',
    ),
  );
}

function targetField(state: State, code: string, name: string, actions: CoverageActions, changed: () => void): Node {
  const note = html('span', { class: 'note', 'aria-live': 'polite' });
  const input = html('input', {
    type: 'text',
    list: 'targets',
    'aria-label': `Target code for ${name}`,
    placeholder: 'target',
    'data-code': code,
  });
  const add = html(
    'button',
    { class: 'secondary', click: () => send(), 'aria-label': `Add a DRAFT line for ${name}` },
    'Add',
  );
  const send = (): void => {
    if (input.value.trim() !== '') actions.map([{ sourceCode: code, targetCode: input.value.trim() }]);
  };
  const draw = (): void => {
    const meaning = meaningOf(state.facts, input.value.trim());
    note.textContent = meaning === '' ? 'not in the target list' : (meaning ?? '');
    add.disabled = input.value.trim() === '';
  };
  input.value = state.typed.get(code) ?? '';
  input.addEventListener('input', () => {
    state.typed.set(code, input.value);
    draw();
    changed();
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') send();
  });
  draw();
  return html('div', { class: 'map' }, input, add, note);
}

function usesList(uses: NonNullable<State['facts']>['uses'], actions: CoverageActions): Node {
  return html(
    'ul',
    { class: 'uses' },
    ...uses.map((use) =>
      html(
        'li',
        {},
        link(
          `${use.targetTable}.${use.targetField}`,
          () =>
            actions.openContract({
              table: use.targetTable,
              field: use.targetField,
              rowSet: use.rowSet === 'main' ? '' : use.rowSet,
            }),
          'Open the contract row',
        ),
        html(
          'span',
          { class: 'note' },
          ` ← ${use.sourceField === '' ? `a rule over ${use.sourceTable}` : `${use.sourceTable}.${use.sourceField}`}`,
        ),
      ),
    ),
  );
}
