import type { PlanOutcome, PlanShown } from '../../src/extension/panels/planProtocol.ts';
import { html } from '../shared/dom.ts';
import { change, count, counted } from '../shared/format.ts';
import * as ui from '../shared/ui.ts';

/** What can be opened from a preview. */
export interface PlanActions {
  /** A contract row; an empty field stands for a row of the tables file. */
  openRow(table: string, field: string, rowSet: string): void;
  openPlace(file: string, line: number): void;
}

/** Rows of a list that are shown; the first are the gravest. */
const MOST = 300;
type Refusal = NonNullable<PlanOutcome['refusal']>;
type ChangedRow = PlanShown['changes'][number];
type Effect = PlanShown['gates'][number];

const IMPACTS: Readonly<Record<PlanShown['impact'], { standing: ui.Standing; word: string; why: string }>> = {
  breaking: {
    standing: 'bad',
    word: 'Breaking',
    why: 'Values, types or rejects of fields that were agreed may change, or a field goes.',
  },
  additive: {
    standing: 'warning',
    word: 'Additive',
    why: 'Fields that had no source get one, or rows are added to the contract; nothing that was agreed changes.',
  },
  review: { standing: 'neutral', word: 'Review only', why: 'Only who and how it was agreed changes.' },
  none: { standing: 'good', word: 'No change', why: 'The contract says the same as before.' },
};
const WEIGHT: Readonly<Record<PlanShown['impact'], number>> = { breaking: 0, additive: 1, review: 2, none: 3 };

/** A contract that cannot run, with the places to mend. */
export function refusalView({ message, problems }: Refusal, act: PlanActions): HTMLElement {
  return ui.card(
    ui.verdict('bad', 'This contract cannot run'),
    html('p', {}, message),
    ...(problems.length < 2
      ? []
      : [
          html('h3', {}, counted(problems.length, 'problem')),
          html(
            'ul',
            { class: 'places' },
            ...problems.slice(0, MOST).map(({ message: text, file, line }) =>
              html(
                'li',
                {},
                ui.link(`${file}:${line}`, () => act.openPlace(file, line)),
                ` ${text}`,
              ),
            ),
          ),
          more(problems.length),
        ]),
    ...(problems.length === 1 && problems[0] !== undefined ? [placeButton(problems[0], act)] : []),
  );
}

function placeButton({ file, line }: Refusal['problems'][number], act: PlanActions): HTMLElement {
  return ui.actionRow(ui.button(`Open ${file}:${line}`, () => act.openPlace(file, line)));
}

/** All sections of a preview, the weightiest first. */
export function planView(plan: PlanShown, act: PlanActions): HTMLElement[] {
  return [
    summary(plan),
    contractChanges(plan, act),
    rowsAndPatients(plan, act),
    rejects(plan, act),
    verdicts(
      'Gates before → after',
      `No gate of the profile ${plan.release.profile} would be decided or measured otherwise.`,
      plan.gates,
      true,
    ),
    verdicts(
      'Quality rules before → after',
      'No quality rule would find more or less.',
      plan.rules,
      plan.rules.length > 0,
    ),
    basis(plan),
  ].filter((part) => part !== null);
}

function summary(plan: PlanShown): HTMLElement {
  const { standing, word, why } = IMPACTS[plan.impact];
  const { before, after, profile } = plan.release;
  const rejected = plan.rows.rejected.after - plan.rows.rejected.before;
  const turned = plan.gates.filter((gate) => gate.before !== gate.after).length;
  return ui.card(
    ui.verdict(standing, word),
    html('p', {}, why),
    html(
      'div',
      { class: 'figures' },
      ui.figure(count(plan.changes.length + plan.crosswalks.length), 'contract rows and crosswalks differ'),
      ui.figure(count(plan.tables.length), plan.tables.length === 1 ? 'target table changes' : 'target tables change'),
      ui.figure(count(plan.patients), plan.patients === 1 ? 'patient affected' : 'patients affected'),
      ui.figure(change(rejected), 'rejected rows'),
      ui.figure(count(turned), turned === 1 ? 'gate turns' : 'gates turn'),
    ),
    html('p', {}, `Release, profile ${profile}: `, gateVerdict(before), ' → ', gateVerdict(after)),
  );
}

function contractChanges(plan: PlanShown, act: PlanActions): HTMLElement {
  const rows = [...plan.changes].sort((a, b) => WEIGHT[a.impact] - WEIGHT[b.impact]);
  return ui.card(
    'What changes in the contract',
    ...(rows.length === 0 && plan.crosswalks.length === 0 ? [html('p', {}, 'No row differs.')] : []),
    ...(rows.length === 0
      ? []
      : [
          ui.table(
            'Contract rows that differ',
            [
              { title: 'Row', cell: (row: ChangedRow) => rowLink(row, act) },
              {
                title: 'Impact',
                cell: (row) => ui.verdict(IMPACTS[row.impact].standing, IMPACTS[row.impact].word),
              },
              { title: 'Change', cell: cellChanges },
            ],
            rows.slice(0, MOST),
          ),
          more(rows.length),
        ]),
    ...plan.crosswalks.map((path) =>
      html(
        'p',
        {},
        ui.verdict('bad', 'Breaking'),
        ' ',
        ui.link(path, () => act.openPlace(path, 1)),
        ' differs.',
      ),
    ),
  );
}

function rowLink({ targetTable, targetField, rowSet, kind }: ChangedRow, act: PlanActions): ui.Content {
  const name = targetField === '' ? targetTable || rowSet : `${targetTable}.${targetField}`;
  const label = rowSet === '' || name === rowSet ? name : `${name} (row set ${rowSet})`;
  // A row that goes is in the file still; one that comes is there once the change is saved or open.
  return kind === 'removed' ? label : ui.link(label, () => act.openRow(targetTable, targetField, rowSet));
}

/** Cells before and after; a row that comes or goes as a whole is told in words. */
function cellChanges(row: ChangedRow): ui.Content {
  if (row.kind !== 'changed') return row.words;
  return html(
    'ul',
    { class: 'cells' },
    ...row.changes.map(({ column, before, after }) =>
      html(
        'li',
        {},
        html('span', { class: 'column' }, column.replaceAll('_', ' ')),
        ' ',
        html('del', {}, before === '' ? 'empty' : before),
        ' → ',
        html('ins', {}, after === '' ? 'empty' : after),
      ),
    ),
  );
}

function rowsAndPatients(plan: PlanShown, act: PlanActions): HTMLElement {
  const { tables } = plan;
  if (tables.length === 0)
    return ui.card(
      'Rows and patients',
      html('p', {}, 'No target row would change, so no patient is affected.'),
      fates(plan),
    );
  return ui.card(
    'Rows and patients',
    html(
      'p',
      {},
      `${counted(tables.length, 'table')} and ${counted(plan.patients, 'patient')} in all; a patient with rows in several tables counts once.`,
    ),
    ui.table(
      'Target tables whose rows change',
      [
        {
          title: 'Table',
          cell: ({ table }) => ui.link(table, () => act.openRow(table, '', ''), `Open what makes rows of ${table}`),
        },
        { title: 'Before', number: true, cell: (table) => count(table.rows.before) },
        { title: 'After', number: true, cell: (table) => count(table.rows.after) },
        { title: 'Other values', number: true, cell: (table) => count(table.rowsChanged) },
        { title: 'Added', number: true, cell: (table) => count(table.rowsNew - table.rowsChanged) },
        { title: 'Removed', number: true, cell: (table) => count(table.rowsGone - table.rowsChanged) },
        { title: 'Patients', number: true, cell: (table) => count(table.patients) },
        {
          title: 'Fields with other values',
          cell: ({ table, columns }) =>
            columns.length === 0
              ? '–'
              : html(
                  'span',
                  {},
                  ...columns.flatMap(({ field, rows }, index) => [
                    ...(index === 0 ? [] : [', ']),
                    ui.link(field, () => act.openRow(table, field, ''), `Open ${table}.${field} in the contract`),
                    ` (${count(rows)})`,
                  ]),
                ),
        },
      ],
      tables,
    ),
    fates(plan),
  );
}

function fates({ rows, imputed }: PlanShown): HTMLElement {
  const told = (name: string, value: { before: number; after: number }): string =>
    value.before === value.after
      ? `${name} ${count(value.after)}`
      : `${name} ${count(value.before)} → ${count(value.after)}`;
  return html(
    'p',
    { class: 'note' },
    `Source rows: ${[
      told('read', rows.read),
      told('loaded', rows.written),
      told('rejected', rows.rejected),
      told('excluded', rows.excluded),
      told('merged', rows.merged),
    ].join(', ')}; ${told('cells imputed', imputed)}.`,
  );
}

function rejects(plan: PlanShown, act: PlanActions): HTMLElement {
  if (plan.rejects.length === 0) return ui.card('Rejects by reason', html('p', {}, 'No reject would come or go.'));
  return ui.card(
    'Rejects by reason',
    ui.table(
      'Rejects by reason',
      [
        { title: 'Reason', cell: (reject) => reject.reason },
        { title: 'Before', number: true, cell: (reject) => count(reject.before) },
        { title: 'After', number: true, cell: (reject) => count(reject.after) },
        { title: 'New', number: true, cell: (reject) => count(reject.added) },
        { title: 'Gone', number: true, cell: (reject) => count(reject.gone) },
      ],
      plan.rejects,
    ),
    html('h3', {}, 'Where they arise'),
    ui.table(
      'Rejects that come or go, by field',
      [
        {
          title: 'Field',
          cell: ({ table, field }) => {
            const name = field === '' ? table : `${table}.${field}`;
            // A reject of a whole row names the key's fields.
            const [first = ''] = field.split('|');
            return first === '' ? name : ui.link(name, () => act.openRow(table, first, ''));
          },
        },
        { title: 'Reason', cell: (reject) => reject.reason },
        { title: 'New', number: true, cell: (reject) => count(reject.added) },
        { title: 'Gone', number: true, cell: (reject) => count(reject.gone) },
      ],
      plan.rejectFields,
    ),
  );
}

function verdicts(title: string, none: string, effects: readonly Effect[], shown: boolean): HTMLElement | null {
  if (!shown) return null;
  if (effects.length === 0) return ui.card(title, html('p', {}, none));
  return ui.card(
    title,
    ui.table(
      title,
      [
        { title: 'Id', cell: (effect) => effect.id },
        { title: 'Asks that', cell: (effect) => effect.title },
        { title: 'Before', cell: (effect) => gateVerdict(effect.before) },
        { title: 'After', cell: (effect) => gateVerdict(effect.after) },
        { title: 'Measured', cell: (effect) => `${effect.actualBefore} → ${effect.actualAfter}` },
      ],
      effects,
    ),
  );
}

const STANDINGS: Readonly<Record<string, ui.Standing>> = {
  PASS: 'good',
  passed: 'good',
  FAIL: 'bad',
  failed: 'bad',
  error: 'bad',
  NOT_PROVEN: 'unknown',
  not_applicable: 'neutral',
};

function gateVerdict(word: string): HTMLElement {
  return ui.verdict(STANDINGS[word] ?? 'neutral', word.replaceAll('_', ' '));
}

function basis({ basis: { before, reason, profile, imputeMode, sourceDir } }: PlanShown): HTMLElement {
  const how = {
    'current outputs': 'The present side is what the last run wrote; its files still are what its reports say.',
    run: `The present contract was run too, because ${reason}.`,
    'cannot run': `The present contract cannot run (${reason}), so every row of the pending one counts as new.`,
  }[before];
  return ui.card(
    'How this was found out',
    html(
      'p',
      {},
      `Migration, quality rules and gates were run on the pending contract in a scratch folder that is gone again, with the options of the project’s last run: source ${sourceDir}, impute mode ${imputeMode}, profile ${profile}. ${how} The next run with these options gives the same.`,
    ),
    html('p', {}, 'Nothing was written to the project.'),
  );
}

function more(rows: number): HTMLElement {
  return html('p', { class: 'note', hidden: rows <= MOST }, `The first ${count(MOST)} of ${count(rows)} are shown.`);
}
