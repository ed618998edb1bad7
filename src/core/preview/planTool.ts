import { z } from 'zod';
import { CONTRACT_COLUMNS } from '../contract/contractFile.ts';
import { parseCsvText } from '../csv/csvText.ts';
import { PROFILE_NAMES } from '../gates/profiles.ts';
import { defineStage } from '../lifecycle/stage.ts';
import { tablesFileOf } from '../migration/migrationInputs.ts';
import { IMPUTE_MODES } from '../migration/plan.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { readOptionalText, readRequiredText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { type Chosen, planContract } from './planContract.ts';
import { planText } from './planText.ts';

/** Tries a changed contract on the project's data and tells what would change. */
export const planContractTool = defineStage({
  id: 'contract plan',
  title: 'Preview contract change',
  owner: 'data_mapping_analyst',
  summary: 'Try a changed contract on the project’s data: rows, patients, rejects and gates before and after.',
  example: 'pas-migration contract plan pending/mapping_contract.csv',
  positional: ['contract_file'],
  paths: ['contract_file'],
  readOnly: true,
  options: z.object({
    contract_file: z
      .string()
      .min(1)
      .describe('the changed contract; <name>_tables.csv beside it counts when it is there'),
    profile: z.enum(PROFILE_NAMES).optional().describe('gate profile to decide for (default: the last run’s)'),
    impute_mode: z
      .enum(IMPUTE_MODES)
      .optional()
      .describe('whether missing values may be filled (default: as in the last run)'),
    source_dir: z.string().min(1).optional().describe('folder with one CSV per source table (default: the last run’s)'),
  }),
  reads: [ARTEFACTS.contract, ARTEFACTS.contractTables],
  writes: [],
  async run(context, options) {
    const { project } = context;
    const name = project.name(options.contract_file);
    const contract = await readRequiredText(project, options.contract_file, 'Name the changed contract.');
    if (parseCsvText(contract, name, CONTRACT_COLUMNS.slice(0, 14)).problems.some(isHeader))
      throw new UserError(`${name}: is no mapping contract: its first line lacks columns of one.`);
    const tables = await readOptionalText(project, tablesFileOf(options.contract_file));
    const pending = new Map<string, string>([[ARTEFACTS.contract, contract]]);
    if (tables !== null) pending.set(ARTEFACTS.contractTables, tables);
    const chosen: Chosen = {
      ...(options.profile === undefined ? {} : { profile: options.profile }),
      ...(options.impute_mode === undefined ? {} : { imputeMode: options.impute_mode }),
      ...(options.source_dir === undefined ? {} : { sourceDir: project.name(options.source_dir) }),
    };
    const plan = await planContract(context, pending, chosen).catch((error: unknown) => {
      if (!(error instanceof UserError) || name === ARTEFACTS.contract) throw error;
      throw inOwnWords(
        error,
        name,
        new Map([
          [ARTEFACTS.contract, name],
          ...(tables === null
            ? []
            : [[ARTEFACTS.contractTables, project.name(tablesFileOf(options.contract_file))] as const]),
        ]),
      );
    });
    return { status: 'passed', summary: { ...plan }, text: planText(plan), inputs: [], outputs: [] };
  },
});

/** The trial had the pending texts in the contract's places; what it says is about the files they came from. */
function inOwnWords(error: UserError, name: string, files: ReadonlyMap<string, string>): UserError {
  const renamed = (text: string): string =>
    [...files].reduce((words, [place, file]) => words.replaceAll(place, file), text);
  const told = renamed(error.message);
  return new UserError(
    told.includes(name) ? told : `${name}, tried as the contract: ${told}`,
    error.problems.map((problem) => ({
      ...problem,
      message: renamed(problem.message),
      place: { ...problem.place, file: files.get(problem.place.file) ?? problem.place.file },
    })),
  );
}

function isHeader({ place }: { readonly place: { readonly line?: number } }): boolean {
  return place.line === undefined || place.line === 1;
}
