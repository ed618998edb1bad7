import { copyFile, mkdir, readdir, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Catalog } from '../catalog/catalog.ts';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { type ContractRowChange, diffContracts } from '../contract/contractDiff.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier, quoteLiteral } from '../engine/sqlText.ts';
import { PROFILE_NAMES } from '../gates/profiles.ts';
import { runReleaseGates } from '../gates/runReleaseGates.ts';
import { defineStage, type StageContext } from '../lifecycle/stage.ts';
import { runContractMigration } from '../migration/runContractMigration.ts';
import { ARTEFACTS, Project } from '../project/layout.ts';
import { readRequiredText } from '../project/readText.ts';
import { runEnterprisePipeline } from '../quality/runEnterprisePipeline.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import { readGateReport, readMigrationTotals } from './reports.ts';

/** What a run reads besides the contract; seen by a trial through links, never copied and never written. */
const INPUTS = [
  'requirement_spec',
  'schemas',
  ARTEFACTS.mockSource,
  ARTEFACTS.mockTarget,
  ARTEFACTS.mockManifest,
] as const;

/** Rows of one target table that a pending contract would change. */
export interface TableEffect {
  readonly table: string;
  /** Rows as they are now that would not be there so, and rows that would be there instead or in addition. */
  readonly rowsGone: number;
  readonly rowsNew: number;
  /** Patients whose rows those are; null where the table does not name its patient. */
  readonly patients: number | null;
}

/** A gate whose verdict a pending contract would change. */
export interface GateEffect {
  readonly gate: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Tries a pending contract on the project's data beside the present one, by the very stages that run it later, and says
 * what would change. The project's own outputs and reports are not touched.
 */
export const previewContract = defineStage({
  id: 'contract plan',
  title: 'Preview contract',
  owner: 'Mapping Analyst',
  summary: 'Try a changed contract on the project’s data: rows, patients, rejects and gates before and after.',
  example: 'pas-migration contract plan pending/mapping_contract.csv',
  positional: ['contract_file'],
  readOnly: true,
  options: z.object({
    contract_file: z
      .string()
      .min(1)
      .describe('the changed contract; <name>_tables.csv beside it counts when it is there'),
    profile: z.enum(PROFILE_NAMES).default('development').describe('gate profile to decide for'),
  }),
  reads: [ARTEFACTS.contract, ARTEFACTS.contractTables, ...INPUTS],
  writes: [],
  async run(context, options) {
    const { project } = context;
    const present = await readRequiredText(project, ARTEFACTS.contract, 'Run build-mapping-contract first.');
    const pending = await readRequiredText(project, options.contract_file, 'Name the changed contract.');
    const tables = options.contract_file.replace(/\.csv$/i, '_tables.csv');
    const pendingTables = (await isFile(project.at(tables))) ? tables : ARTEFACTS.contractTables;
    const changes = diffContracts(present, pending);
    const before = new Project(project.scratch('preview-before'));
    const after = new Project(project.scratch('preview-after'));
    const engine = await context.openEngine();
    try {
      const old = await trial(context, before, ARTEFACTS.contract, ARTEFACTS.contractTables, options.profile);
      const now = await trial(context, after, options.contract_file, pendingTables, options.profile);
      const catalog = await loadCatalog(project, ARTEFACTS.targetCatalog, 'target');
      const effects = await tableEffects(engine, before, after, catalog);
      const gates = [...now.verdicts].flatMap(([gate, verdict]): GateEffect[] => {
        const was = old.verdicts.get(gate) ?? 'none';
        return was === verdict ? [] : [{ gate, before: was, after: verdict }];
      });
      return {
        status: 'passed',
        summary: {
          contract_rows: changes.length,
          breaking: changes.filter((row) => row.impact === 'breaking').length,
          changes: changes.map(({ targetTable, targetField, rowSet, kind, impact }) => ({
            table: targetTable,
            field: targetField,
            row_set: rowSet,
            kind,
            impact,
          })),
          tables: effects,
          rejects: { before: old.rejects, after: now.rejects },
          gates,
        },
        text: told(changes, effects, old.rejects, now.rejects, gates),
        inputs: [],
        outputs: [],
      };
    } finally {
      await engine.close();
      for (const { root } of [before, after]) await rm(root, { recursive: true, force: true });
    }
  },
});

interface Trial {
  readonly rejects: number;
  readonly verdicts: ReadonlyMap<string, string>;
}

/** Runs migration, quality rules and gates in a folder of their own, over links to the project's inputs. */
async function trial(
  context: StageContext,
  own: Project,
  contract: string,
  tables: string,
  profile: (typeof PROFILE_NAMES)[number],
): Promise<Trial> {
  const { project } = context;
  for (const input of INPUTS) {
    const found = await stat(project.at(input)).catch(() => null);
    if (found === null) continue;
    await mkdir(dirname(own.at(input)), { recursive: true });
    if (found.isDirectory()) await symlink(project.at(input), own.at(input), 'junction');
    else await copyFile(project.at(input), own.at(input));
  }
  await mkdir(dirname(own.at(ARTEFACTS.contract)), { recursive: true });
  await copyFile(project.at(contract), own.at(ARTEFACTS.contract));
  await copyFile(project.at(tables), own.at(ARTEFACTS.contractTables));
  const inside: StageContext = { ...context, project: own };
  await runContractMigration.run(inside, runContractMigration.options.parse({ impute_mode: profile }));
  throwIfCancelled(context.signal);
  await runEnterprisePipeline.run(inside, runEnterprisePipeline.options.parse({}));
  throwIfCancelled(context.signal);
  await runReleaseGates.run(inside, { profile });
  const rows = await readMigrationTotals(own);
  const gates = await readGateReport(own);
  return {
    rejects: rows?.rows_rejected ?? 0,
    verdicts: new Map((gates?.gates ?? []).map((gate) => [gate.id, gate.verdict])),
  };
}

async function tableEffects(engine: Engine, before: Project, after: Project, catalog: Catalog): Promise<TableEffect[]> {
  const names = new Set<string>();
  for (const project of [before, after])
    for (const name of await readdir(project.at(ARTEFACTS.targetContract)).catch(() => []))
      if (name.endsWith('.csv')) names.add(name.slice(0, -'.csv'.length));
  const effects: TableEffect[] = [];
  for (const table of [...names].sort(compareText)) {
    const side = async (project: Project): Promise<string | null> => {
      const path = project.at(join(ARTEFACTS.targetContract, `${table}.csv`));
      return (await isFile(path))
        ? `FROM read_csv(${quoteLiteral(path)}, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"')`
        : null;
    };
    const [old, now] = [await side(before), await side(after)];
    const whole = old ?? now;
    if (whole === null) continue;
    const patient = catalog.tables.get(table)?.fields.find((field) => field.concept === 'patient_id')?.field;
    const nothing = `SELECT * ${whole} LIMIT 0`;
    const [was, is] = [old === null ? nothing : `SELECT * ${old}`, now === null ? nothing : `SELECT * ${now}`];
    const who = patient === undefined ? 'NULL' : quoteIdentifier(patient);
    const [row] = await engine.rows(`
      WITH gone AS ((${was}) EXCEPT ALL (${is})), new AS ((${is}) EXCEPT ALL (${was}))
      SELECT (SELECT count(*) FROM gone)::DOUBLE AS gone, (SELECT count(*) FROM new)::DOUBLE AS new,
        (SELECT count(DISTINCT who) FROM (SELECT ${who} AS who FROM gone UNION ALL SELECT ${who} FROM new))::DOUBLE AS patients`);
    const [rowsGone, rowsNew] = [Number(row?.['gone']), Number(row?.['new'])];
    if (rowsGone + rowsNew > 0)
      effects.push({ table, rowsGone, rowsNew, patients: patient === undefined ? null : Number(row?.['patients']) });
  }
  return effects;
}

function told(
  changes: readonly ContractRowChange[],
  effects: readonly TableEffect[],
  before: number,
  after: number,
  gates: readonly GateEffect[],
): string[] {
  const breaking = changes.filter((row) => row.impact === 'breaking').length;
  return [
    `${changes.length} contract rows differ, ${breaking} of them breaking.`,
    ...(effects.length === 0 ? ['No target row would change.'] : []),
    ...effects.map(
      ({ table, rowsGone, rowsNew, patients }) =>
        `  ${table}: ${rowsGone} rows go, ${rowsNew} come${patients === null ? '' : `, of ${patients} patients`}`,
    ),
    `Rejected rows: ${before} → ${after}.`,
    ...gates.map(({ gate, before: was, after: is }) => `Gate ${gate}: ${was} → ${is}.`),
  ];
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() === true;
}
