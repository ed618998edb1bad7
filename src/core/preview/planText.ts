import { rowName } from '../contract/contractDiff.ts';
import { type Change, type ContractPlan, ROW_FATES } from './contractPlan.ts';

/** Contract rows named on a terminal; `--json` has all. */
const MOST_ROWS = 20;

/** A plan as a person reads it on a terminal. */
export function planText(plan: ContractPlan): string[] {
  const { changes, tables, basis } = plan;
  const breaking = changes.filter((row) => row.impact === 'breaking').length;
  return [
    `${count(changes.length, 'contract row')} ${changes.length === 1 ? 'differs' : 'differ'}, ${breaking} of them breaking.`,
    ...changes.slice(0, MOST_ROWS).map((row) => `  ${row.impact.padEnd(8)}  ${rowName(row)}: ${row.words}`),
    ...(changes.length > MOST_ROWS ? [`  and ${changes.length - MOST_ROWS} more; --json has all`] : []),
    ...plan.crosswalks.map((path) => `  breaking  ${path} differs`),
    ...(tables.length === 0 ? ['No target row would change.'] : []),
    ...(tables.length === 0
      ? []
      : [`Rows of ${count(tables.length, 'table')} and ${count(plan.patients, 'patient')} would change:`]),
    ...tables.map(
      ({ table, rowsGone, rowsNew, rowsChanged, patients }) =>
        `  ${table}: ${count(rowsChanged, 'row')} with other values, ${rowsNew - rowsChanged} added, ${rowsGone - rowsChanged} removed${patients === null ? '' : `, of ${count(patients, 'patient')}`}`,
    ),
    `Rows: ${ROW_FATES.map((fate) => `${fate} ${changed(plan.rows[fate])}`).join(', ')}; cells imputed ${changed(plan.imputed)}.`,
    ...plan.rejects.map(
      (reject) => `Rejects ${reject.reason}: ${changed(reject)} (${reject.added} new, ${reject.gone} gone).`,
    ),
    ...plan.rules.map((rule) => `Rule ${rule.id}: ${verdicts(rule)}.`),
    ...plan.gates.map((gate) => `Gate ${gate.id}: ${verdicts(gate)}.`),
    `Release, profile ${plan.release.profile}: ${plan.release.before} → ${plan.release.after}.`,
    basisText(basis),
    'Nothing was written.',
  ];
}

/** How the two sides were made, in a sentence. */
export function basisText({ before, reason, imputeMode, sourceDir }: ContractPlan['basis']): string {
  const how = `Source ${sourceDir}, impute mode ${imputeMode}`;
  if (before === 'current outputs') return `${how}; the present is what the last run wrote, which still holds.`;
  if (before === 'run') return `${how}; the present contract was run too, because ${reason}.`;
  return `${how}; the present contract cannot run (${reason}), so all rows of the pending one count as new.`;
}

function verdicts(effect: ContractPlan['gates'][number]): string {
  const measured = `${effect.actualBefore} → ${effect.actualAfter}`;
  return effect.before === effect.after
    ? `${effect.before} as before, measured ${measured}`
    : `${effect.before} → ${effect.after}, measured ${measured}`;
}

function changed({ before, after }: Change): string {
  return before === after ? String(after) : `${before} → ${after}`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
