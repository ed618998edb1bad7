import type { CauseChange, Comparison, ContractChange, RunLine } from '../../src/core/review/runsModel.ts';
import { html } from '../shared/dom.ts';
import { count, counted } from '../shared/format.ts';
import { gateChanges } from '../shared/gateChanges.ts';
import { runDifference } from '../shared/runDifference.ts';
import { type Content, card, figure, keyed, link, type Standing, table, verdict } from '../shared/ui.ts';

type OpenKept = (path: string, run: RunLine) => void;

const ISSUES = 'reports/enterprise_pipeline_issues.csv';
const REJECTS = 'reports/contract_migration_rejects.csv';

/** Two runs compared: what a person decides on first, then contract, gates and rejects. */
export function comparisonParts(
  found: Comparison,
  before: RunLine,
  after: RunLine,
  { times, openKept }: { readonly times: ReadonlyMap<string, string>; readonly openKept: OpenKept },
): HTMLElement[] {
  const { totals, impacts } = found;
  const issues = (): void => openKept(ISSUES, after);
  const rejectedNow = found.rejects.reduce((sum, one) => sum + one.added, 0);
  return [
    card(
      `From ${times.get(before.at)} to ${times.get(after.at)}`,
      ...runDifference(found),
      html(
        'div',
        { class: 'figures' },
        figure(count(totals.added), 'issues new', after.kept.includes(ISSUES) ? issues : null),
        figure(count(totals.back), 'issues back', after.kept.includes(ISSUES) ? issues : null),
        figure(count(totals.worse), found.otherInput ? 'causes with more' : 'causes worse', null),
        figure(
          count(totals.fixed),
          found.otherInput ? 'issues gone' : 'issues fixed',
          before.kept.includes(ISSUES) ? () => openKept(ISSUES, before) : null,
        ),
        figure(count(found.contractTotal), 'contract rows differ', null),
        figure(count(found.gates.length), 'gate verdicts differ', null),
        figure(count(rejectedNow), 'rejects new', after.kept.includes(REJECTS) ? () => openKept(REJECTS, after) : null),
      ),
      ...(totals.added +
        totals.back +
        totals.fixed +
        found.contractTotal +
        found.gates.length +
        found.rejects.length ===
        0 && !found.otherInput
        ? [html('p', {}, verdict('good', 'Nothing differs: the same contract, verdicts, rejects and issues.'))]
        : []),
      html(
        'p',
        { class: 'note' },
        found.pastRuns === 0
          ? 'No run before the earlier one is on record, so an issue that came back counts as new.'
          : `An issue is back when it was in one of ${counted(found.pastRuns, 'run')} before the earlier one.`,
        ' Rejects are counted apart, line by line.',
      ),
    ),
    ...issuesCard(found),
    ...gatesCard(found),
    ...rejectsCard(found, after, openKept),
    ...contractCard(found, impacts),
  ];
}

function issuesCard({ issues, issuesTotal, otherInput }: Comparison): HTMLElement[] {
  if (issues.length === 0) return [];
  return [
    card(
      'Issues by cause',
      table(
        'Issues by cause: a rule on one field',
        [
          { title: 'Rule', cell: (cause: CauseChange) => cause.rule },
          {
            title: 'Where',
            cell: (cause) => [cause.table, cause.field].filter((part) => part !== '').join('.') || 'all',
          },
          { title: 'Severity', cell: severity },
          { title: 'Before', number: true, cell: (cause) => count(cause.before) },
          { title: 'After', number: true, cell: (cause) => count(cause.after) },
          { title: 'New', number: true, cell: (cause) => count(cause.added) },
          { title: 'Back', number: true, cell: (cause) => count(cause.back) },
          { title: otherInput ? 'Gone' : 'Fixed', number: true, cell: (cause) => count(cause.fixed) },
          { title: 'So', cell: (cause) => (otherInput ? counts(cause) : judged(cause)) },
        ],
        issues,
      ),
      ...rest(issues.length, issuesTotal, 'cause'),
    ),
  ];
}

function severity({ severityBefore, severityAfter }: CauseChange): string {
  if (severityBefore === null || severityAfter === null || severityBefore === severityAfter)
    return severityAfter ?? severityBefore ?? '';
  return `${severityBefore} → ${severityAfter}`;
}

/** In one word what became of the cause. */
function judged(cause: CauseChange): Content {
  const [standing, word]: readonly [Standing, string] = cause.worse
    ? ['bad', 'Worse']
    : cause.back > 0
      ? ['bad', 'Back']
      : cause.before === 0
        ? ['bad', 'New']
        : cause.after === 0
          ? ['good', 'Fixed']
          : cause.after < cause.before
            ? ['good', 'Fewer']
            : ['warning', 'Other rows'];
  return verdict(standing, word);
}

/** The same where the two runs did not read the same rows: less is then nothing to be glad of, nor is more a fault. */
function counts({ before, after, back }: CauseChange): Content {
  if (back > 0) return verdict('warning', 'Back');
  if (before === 0) return verdict('warning', 'New');
  if (after === 0) return verdict('neutral', 'Gone');
  if (after === before) return verdict('neutral', 'Other rows');
  return after < before ? verdict('neutral', 'Fewer') : verdict('warning', 'More');
}

function gatesCard(found: Comparison): HTMLElement[] {
  const parts = gateChanges(found);
  return parts.length === 0 ? [] : [card('Gates', ...parts)];
}

function rejectsCard({ rejects }: Comparison, after: RunLine, openKept: OpenKept): HTMLElement[] {
  if (rejects.length === 0) return [];
  return [
    card(
      'Rejects by crosswalk or reason',
      table(
        'Rejects by crosswalk or reason',
        [
          {
            title: 'Crosswalk or reason',
            cell: (one: Comparison['rejects'][number]) =>
              keyed(
                `reject-${one.name}`,
                link(one.name, () => openKept(REJECTS, after)),
              ),
          },
          { title: 'Before', number: true, cell: (one) => count(one.before) },
          { title: 'After', number: true, cell: (one) => count(one.after) },
          { title: 'New', number: true, cell: (one) => count(one.added) },
          { title: 'Gone', number: true, cell: (one) => count(one.gone) },
        ],
        rejects,
      ),
    ),
  ];
}

function contractCard({ contract, contractTotal }: Comparison, impacts: Comparison['impacts']): HTMLElement[] {
  if (contract.length === 0) return [];
  const told = `${count(impacts.breaking)} breaking (what is loaded may change), ${count(impacts.additive)} additive, ${count(impacts.review)} review only.`;
  return [
    card(
      'Contract rows',
      html('p', {}, told),
      table(
        'Contract rows that differ',
        [
          {
            title: 'Field',
            cell: (row: ContractChange) =>
              `${row.targetTable}.${row.targetField}${row.rowSet === '' ? '' : ` (${row.rowSet})`}`,
          },
          { title: 'Change', cell: (row) => row.kind },
          { title: 'Means', cell: meaning },
          { title: 'Cells', cell: cells },
        ],
        contract,
      ),
      ...rest(contract.length, contractTotal, 'row'),
    ),
  ];
}

function meaning({ impact }: ContractChange): Content {
  if (impact === 'breaking') return verdict('warning', 'Breaking');
  return impact === 'additive' ? verdict('neutral', 'Additive') : verdict('neutral', 'Review only');
}

function cells({ kind, changes }: ContractChange): Content {
  if (kind !== 'changed') return `${counted(changes.length, 'cell')}`;
  return changes
    .map(({ column, before, after }) => `${column}: ${before || '(empty)'} → ${after || '(empty)'}`)
    .join('; ');
}

function rest(shown: number, total: number, what: string): HTMLElement[] {
  if (shown >= total) return [];
  return [html('p', { class: 'note' }, `and ${counted(total - shown, `more ${what}`)}; runs compare --json has all.`)];
}
