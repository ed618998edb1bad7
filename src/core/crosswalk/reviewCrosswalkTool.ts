import { z } from 'zod';
import { codeAuthors, recordCrosswalkChange } from '../audit/crosswalkAudit.ts';
import { withEdits } from '../csv/csvSheet.ts';
import { personOf } from '../governance/acting.ts';
import { readRoles, refusal } from '../governance/roles.ts';
import { defineStage } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { readRequiredText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { readIndexText } from './crosswalkIndex.ts';
import { crosswalkFile, crosswalkName } from './crosswalkName.ts';
import { LINE_STATUSES } from './crosswalkShapes.ts';
import { CrosswalkSheet } from './crosswalkSheet.ts';
import { readCrosswalkText } from './crosswalkText.ts';

/** Reviews lines of a crosswalk from a terminal, by the same rules as the grid. */
export const reviewCrosswalkTool = defineStage({
  id: 'crosswalk review',
  title: 'Review crosswalk lines',
  owner: 'data_mapping_analyst',
  summary:
    'Set the review status of crosswalk lines as their reviewer, by the rules of the crosswalk grid; what they do not allow is left and told, with exit code 1.',
  example: 'pas-migration crosswalk review sex APPROVED M,F',
  positional: ['name', 'status', 'codes'],
  options: z.object({
    name: z.string().trim().min(1).describe('the crosswalk: its file without .csv'),
    status: z.enum(LINE_STATUSES).describe('the status to set'),
    codes: z.string().min(1).describe('source codes, several with commas; all for every line'),
  }),
  reads: [ARTEFACTS.crosswalks, ARTEFACTS.crosswalkIndex, ARTEFACTS.roles],
  writes: [ARTEFACTS.crosswalks],
  async run(context, { name, status, codes }) {
    const { project } = context;
    const file = crosswalkFile(name);
    if (crosswalkName(file) === null) throw new UserError(`${name} is no name of a crosswalk.`);
    const text = await readRequiredText(project, file, 'See the folder for the crosswalks there are.');
    const sheet = new CrosswalkSheet(text, 1);
    const indexes = linesOf(sheet, codes, file);
    const { problems } = readCrosswalkText(text, file);
    sheet.mark(
      new Map(problems.map(({ severity, code, message, place }) => [place.line ?? 0, [{ severity, code, message }]])),
    );
    const roles = await readRoles(project);
    const person = await personOf(context);
    const authors = await codeAuthors(project, file);
    const indexText = await readRequiredText(project, ARTEFACTS.crosswalkIndex, 'It names the crosswalks.').catch(
      () => '',
    );
    const plan = sheet.plan(
      { indexes },
      { status },
      {
        who: person.name,
        owner: readIndexText(indexText, ARTEFACTS.crosswalkIndex).value.get(name)?.owner ?? '',
        mayNotDecide: refusal(roles, person, 'crosswalk_approve'),
        author: (code) => authors.get(code) ?? '',
      },
    );
    if (plan.changed > 0) {
      await publishing(project, (publication) => publication.writeText(file, withEdits(text, plan.edits)));
      const at = context.now();
      const review = { at: at.toISOString(), who: person.name, decision: status, rows: plan.reviewed };
      await recordCrosswalkChange(project, file, { who: person.name, at, reviews: [review] });
    }
    return {
      status: plan.refused.length === 0 ? 'passed' : 'failed',
      summary: {
        crosswalk: name,
        reviewer: person.name,
        status,
        changed: plan.changed,
        unchanged: plan.unchanged,
        refused: plan.refused,
      },
      text: [
        `${plan.changed} line${plan.changed === 1 ? '' : 's'} of ${name} set to ${status} by ${person.name}${plan.unchanged === 0 ? '' : `, ${plan.unchanged} were so already`}.`,
        ...plan.refused.map(
          ({ reason, rows, first }) =>
            `  ${rows} left as ${rows === 1 ? 'it is' : 'they are'} (${first} first): ${reason}`,
        ),
      ],
      inputs: [file],
      outputs: plan.changed === 0 ? [] : [file],
    };
  },
});

/** Lines by their source codes; a code that no line has is a `UserError`. */
function linesOf(sheet: CrosswalkSheet, codes: string, file: string): number[] {
  const known: string[] = [];
  for (let index = 0; sheet.row(index) !== null; index += 1)
    known.push((sheet.cells(index)['source_code'] ?? '').trim());
  if (codes === 'all') return [...known.keys()];
  return codes.split(',').flatMap((given) => {
    const found = [...known.keys()].filter((index) => known[index] === given.trim());
    if (found.length === 0) throw new UserError(`${file}: no line has one of the codes that were given; see the file.`);
    return found;
  });
}
