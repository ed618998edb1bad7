import type { StageContext } from '../core/lifecycle/stage.ts';
import { planContract } from '../core/preview/planContract.ts';
import type { Project } from '../core/project/layout.ts';
import { UserError } from '../core/shared/errors.ts';
import { compareContracts, comparisonCsv, comparisonText } from '../core/snapshots/compareContracts.ts';
import {
  type ContractVersion,
  contractVersionOf,
  inKeyOrder,
  readContractVersion,
} from '../core/snapshots/contractVersion.ts';
import type { CoreAnswers, VersionAsked } from './protocol.ts';

/** Answers of the core's thread about versions of the contract. */

/** A plan, or why the pending contract cannot run: that is an answer too, with the places to mend. */
export async function answerPlan(
  context: StageContext,
  files: ReadonlyMap<string, string>,
): Promise<CoreAnswers['planContract']> {
  try {
    return { plan: await planContract(context, files), refusal: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const problems = error.problems.flatMap(({ severity, message, place: { file, line = 1 } }) =>
      severity === 'error' ? [{ message, file, line }] : [],
    );
    return { plan: null, refusal: { message: error.message, problems } };
  }
}

/** Two versions side by side, each in key order, and what differs. */
export async function answerDiff(
  project: Project,
  before: VersionAsked,
  after: VersionAsked,
): Promise<CoreAnswers['contractDiff']> {
  const [old, now] = [await versionOf(project, before), await versionOf(project, after)];
  const found = compareContracts(old, now);
  return {
    before: ordered(old),
    after: ordered(now),
    rows: found.changes.length,
    tableRows: found.changes.filter((row) => row.targetField === '').length,
    text: comparisonText(found),
    csv: comparisonCsv(found),
  };
}

function ordered({ name, fields, tables }: ContractVersion) {
  return { name, fields: inKeyOrder(fields), tables: inKeyOrder(tables ?? '') };
}

async function versionOf(project: Project, asked: VersionAsked): Promise<ContractVersion> {
  if (typeof asked === 'string') return readContractVersion(project, asked);
  const own = asked.fields === null || asked.tables === null ? await readContractVersion(project, 'now') : null;
  return contractVersionOf(asked.name, asked.fields ?? own?.fields ?? '', asked.tables ?? own?.tables ?? null);
}
