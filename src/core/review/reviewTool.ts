import { z } from 'zod';
import { recordContractChange } from '../audit/contractAudit.ts';
import { REVIEW_STATUSES } from '../contract/contract.ts';
import { withEdits } from '../csv/csvSheet.ts';
import { defineStage } from '../lifecycle/stage.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { readRequiredText } from '../project/readText.ts';
import { counted } from '../shared/counted.ts';
import { UserError } from '../shared/errors.ts';
import { Checking } from './checking.ts';
import { ContractSheet } from './contractSheet.ts';
import { projectProblems } from './projectProblems.ts';
import { reviewerOf } from './reviewer.ts';
import type { RowMark } from './rowSheet.ts';

/** Reviews contract rows from a terminal, by the same rules as the grid. */
export const reviewContractTool = defineStage({
  id: 'contract review',
  title: 'Review contract rows',
  owner: 'data_mapping_analyst',
  summary:
    'Set the review status of contract rows as their reviewer, by the rules of the contract grid; what they do not allow is left and told, with exit code 1.',
  example: 'pas-migration contract review APPROVED LOAD_PATIENT.SEX --comment "checked against the old system"',
  positional: ['status', 'rows'],
  options: z.object({
    status: z.enum(REVIEW_STATUSES).describe('the status to set'),
    rows: z
      .string()
      .trim()
      .min(1)
      .describe('TABLE, TABLE.FIELD or TABLE.FIELD@ROW_SET, several with commas; all for every row'),
    comment: z.string().trim().max(2_000).default('').describe('what the reviewer says; a rejection needs it'),
  }),
  reads: [ARTEFACTS.contract, ARTEFACTS.contractTables, ARTEFACTS.targetCatalog, ARTEFACTS.roles],
  writes: [ARTEFACTS.contract],
  async run(context, { status, rows, comment }) {
    const { project } = context;
    const text = await readRequiredText(project, ARTEFACTS.contract, 'Run build-mapping-contract first.');
    const sheet = new ContractSheet(text, 1);
    const indexes = rowsNamed(sheet, rows);
    const engine = await context.openEngine();
    const checking = new Checking(engine);
    const reviewer = await (async () => {
      sheet.mark(await marksOf(project, checking));
      return reviewerOf(project, await context.identity(), checking);
    })().finally(() => engine.close());
    const words = { comment, mayNotDecide: reviewer.mayNotDecide };
    const plan = sheet.plan({ indexes }, { status }, reviewer.name, words);
    if (plan.changed > 0) {
      await publishing(project, (publication) =>
        publication.writeText(ARTEFACTS.contract, withEdits(text, plan.edits)),
      );
      const at = context.now();
      const review = { at: at.toISOString(), who: reviewer.name, decision: status, comment, rows: plan.reviewed };
      await recordContractChange(project, { who: reviewer.name, at, reviews: [review] });
    }
    return {
      status: plan.refused.length === 0 ? 'passed' : 'failed',
      summary: {
        reviewer: reviewer.name,
        status,
        changed: plan.changed,
        unchanged: plan.unchanged,
        refused: plan.refused,
      },
      text: [
        `${counted(plan.changed, 'row')} set to ${status} by ${reviewer.name}${plan.unchanged === 0 ? '' : `, ${plan.unchanged} were so already`}.`,
        ...plan.refused.map(
          ({ reason, rows: left, first }) =>
            `  ${left} left as ${left === 1 ? 'it is' : 'they are'} (${first} first): ${reason}`,
        ),
      ],
      inputs: [ARTEFACTS.contract],
      outputs: plan.changed === 0 ? [] : [ARTEFACTS.contract],
    };
  },
});

/** Rows by their names; a name that fits none is a `UserError`. */
function rowsNamed(sheet: ContractSheet, names: string): number[] {
  const cells: ReturnType<ContractSheet['cells']>[] = [];
  for (let index = 0; sheet.row(index) !== null; index += 1) cells.push(sheet.cells(index));
  if (names === 'all') return [...cells.keys()];
  return names.split(',').flatMap((given) => {
    const name = given.trim();
    const found = [...cells.entries()].filter(([, row]) => {
      const field = `${row['target_table']}.${row['target_field']}`;
      return [row['target_table'], field, `${field}@${row['row_set']}`].includes(name);
    });
    if (found.length === 0)
      throw new UserError(
        `${ARTEFACTS.contract}: no row is named ${name}; give TABLE, TABLE.FIELD or TABLE.FIELD@ROW_SET as they stand there.`,
      );
    return found.map(([index]) => index);
  });
}

/** What the Problems panel says of each line, as the grid has it. */
async function marksOf(project: Project, checking: Checking): Promise<Map<number, RowMark[]>> {
  const marks = new Map<number, RowMark[]>();
  for (const { code, severity, message, place } of await projectProblems(project, new Map(), checking)) {
    if (place.file !== ARTEFACTS.contract || place.line === undefined) continue;
    marks.set(place.line, [...(marks.get(place.line) ?? []), { code, severity, message }]);
  }
  return marks;
}
