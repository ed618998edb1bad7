import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import type { Catalog } from '../catalog/catalog.ts';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { defineStage } from '../lifecycle/stage.ts';
import { type MatrixRow, readMatrixText } from '../mapping/mappingMatrix.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { readOptionalText, readRequiredText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { compareText, groupBy } from '../shared/order.ts';
import { hasErrors } from '../shared/problem.ts';
import type { Contract } from './contract.ts';
import { readContractText } from './contractFile.ts';
import { type Merged, mergeFields, mergeTables } from './mergeContract.ts';
import { proposeContract } from './proposeContract.ts';
import { RETIRED_FILE, readRetired, writeRetired } from './retiredRows.ts';

/** Turns the mapping proposals into a contract, or lays them under the contract that people have already edited. */
export const buildMappingContract = defineStage({
  id: 'build-mapping-contract',
  title: 'Build mapping contract',
  owner: 'data_mapping_analyst',
  summary: 'Make the mapping contract, or bring an existing one up to date without touching what people wrote.',
  example: 'pas-migration build-mapping-contract',
  options: z.object({}),
  reads: [
    ARTEFACTS.mappingMatrix,
    ARTEFACTS.sourceCatalog,
    ARTEFACTS.targetCatalog,
    ARTEFACTS.crosswalks,
    ARTEFACTS.contract,
    ARTEFACTS.contractTables,
  ],
  writes: [ARTEFACTS.contract, ARTEFACTS.contractTables, ARTEFACTS.contractSummary],
  async run(context) {
    const { project } = context;
    const source = await loadCatalog(project, ARTEFACTS.sourceCatalog, 'source');
    const target = await loadCatalog(project, ARTEFACTS.targetCatalog, 'target');
    const matrix = await loadMatrix(project);
    const before = await readExisting(project);
    const crosswalks = await crosswalkNames(project);
    const proposed = proposeContract({ source, target, matrix, crosswalks });
    const after = rebuild(before, proposed, target);
    const built = readContractText(after.fields.text, ARTEFACTS.contract, after.tables.text, ARTEFACTS.contractTables);
    if (hasErrors(built.problems)) throw UserError.from(built.problems);
    const summary = {
      schema_version: 1,
      run_id: context.runId,
      run_at_utc: context.now().toISOString(),
      status: 'passed' as const,
      ...summaryOf(built.value, proposed, after, target),
    };
    const outputs = await publishing(project, async (publication) => {
      await requireUnchanged(project, before);
      if (after.fields.text !== before.fieldsText) await publication.writeText(ARTEFACTS.contract, after.fields.text);
      if (after.tables.text !== before.tablesText)
        await publication.writeText(ARTEFACTS.contractTables, after.tables.text);
      const { retiredText } = after;
      if (retiredText === null) publication.remove(RETIRED_FILE);
      else if (retiredText !== before.retiredText) await publication.writeText(RETIRED_FILE, retiredText);
      await publication.writeJson(ARTEFACTS.contractSummary, summary);
      return publication.outputs;
    });
    return {
      status: 'passed',
      summary,
      text: sentences(built.value, after, summary.unresolved_mandatory.length),
      inputs: [ARTEFACTS.mappingMatrix, ARTEFACTS.sourceCatalog, ARTEFACTS.targetCatalog],
      // An unchanged contract keeps its file, but it is still what this stage stands for.
      outputs: [...new Set([...outputs, ARTEFACTS.contract, ARTEFACTS.contractTables])].sort(compareText),
    };
  },
});

interface Existing {
  readonly fieldsText: string | null;
  readonly tablesText: string | null;
  readonly retiredText: string | null;
}

interface Rebuilt {
  readonly fields: Merged;
  readonly tables: Merged;
  readonly retiredText: string | null;
}

async function loadMatrix(project: Project): Promise<MatrixRow[]> {
  const text = await readRequiredText(project, ARTEFACTS.mappingMatrix, 'Run analyze-semantic-mapping first.');
  const { value, problems } = readMatrixText(text, ARTEFACTS.mappingMatrix);
  if (hasErrors(problems)) throw UserError.from(problems);
  return value;
}

async function readExisting(project: Project): Promise<Existing> {
  const existing = {
    fieldsText: await readOptionalText(project, ARTEFACTS.contract),
    tablesText: await readOptionalText(project, ARTEFACTS.contractTables),
    retiredText: await readOptionalText(project, RETIRED_FILE),
  };
  requireReadable(existing.fieldsText, existing.tablesText);
  return existing;
}

/** Somebody may save the contract in an editor while the stage works; that version must not be written over. */
async function requireUnchanged(project: Project, before: Existing): Promise<void> {
  for (const [path, text] of [
    [ARTEFACTS.contract, before.fieldsText],
    [ARTEFACTS.contractTables, before.tablesText],
  ] as const) {
    if ((await readOptionalText(project, path)) !== text)
      throw new UserError(`${path}: was saved while the contract was being built; run build-mapping-contract again.`);
  }
}

async function crosswalkNames(project: Project): Promise<Set<string>> {
  const names = await readdir(project.at(ARTEFACTS.crosswalks)).catch(() => [] as string[]);
  return new Set(names.filter((name) => /^[^_.].*\.csv$/.test(name)).map((name) => name.slice(0, -4)));
}

function rebuild(before: Existing, proposed: Contract, target: Catalog): Rebuilt {
  const retired = readRetired(before.retiredText);
  const { fieldsText, tablesText } = before;
  const tables = mergeTables(
    tablesText === null ? null : { text: tablesText, retired: retired.tables },
    proposed.tables,
    target,
  );
  const rowSets = groupBy(
    readContractText('', '', tables.text, '').value.tables.filter((row) => row.targetTable !== ''),
    (row) => row.targetTable,
  );
  const fields = mergeFields(
    fieldsText === null ? null : { text: fieldsText, retired: retired.fields },
    proposed.fields,
    new Map([...rowSets].map(([table, rows]) => [table, rows.map((row) => row.rowSet)])),
  );
  return { fields, tables, retiredText: writeRetired(retired, fields, tables) };
}

function summaryOf(contract: Contract, proposed: Contract, { fields, tables }: Rebuilt, target: Catalog) {
  const known = new Set(contract.fields.map((row) => `${row.targetTable}.${row.targetField}`));
  const open = contract.fields.filter((row) => row.mandatory && row.mappingClass === 'unresolved');
  const missing = target.fields.filter((field) => field.mandatory && !known.has(`${field.table}.${field.field}`));
  const unresolved = [
    ...open.map((row) => [row.targetTable, row.targetField]),
    ...missing.map((field) => [field.table, field.field]),
  ];
  const byTable = groupBy(contract.fields, (row) => row.targetTable);
  const loaded = groupBy(contract.tables, (row) => row.targetTable);
  return {
    rows: contract.fields.length,
    table_rows: contract.tables.length,
    by_class: countBy(contract.fields.map((row) => row.mappingClass)),
    by_status: countBy(contract.fields.map((row) => row.status)),
    by_table: [...target.tables.keys()].map((table) => ({
      target_table: table,
      driving_tables: [...new Set((loaded.get(table) ?? []).map((row) => row.drivingTable))],
      by_class: countBy((byTable.get(table) ?? []).map((row) => row.mappingClass)),
      by_status: countBy((byTable.get(table) ?? []).map((row) => row.status)),
    })),
    unresolved_mandatory: [...new Set(unresolved.map((name) => name.join('.')))],
    tables_without_row_set: [...target.tables.keys()].filter((table) => !loaded.has(table)),
    rebuild: {
      kept: fields.kept,
      added: fields.added,
      changed: fields.changed.length,
      reopened: fields.reopened.length,
      proposed: fields.proposed.length,
      restored: fields.restored.length,
      retired: fields.retired.length,
      tables_added: tables.added,
      tables_restored: tables.restored.length,
      tables_retired: tables.retired.length,
      drafts_with_another_proposal: otherProposals(contract, proposed),
    },
    changed_fields: fields.changed,
    reopened_fields: fields.reopened,
    proposed_fields: fields.proposed,
    restored_fields: fields.restored,
    retired_fields: fields.retired.map((cells) => `${cells['target_table']}.${cells['target_field']}`),
    contract_sha256: sha256(fields.text),
    tables_sha256: sha256(tables.text),
  };
}

/** DRAFT rows whose source is not what would be proposed today: worth a look, but a person may have chosen it. */
function otherProposals(contract: Contract, proposed: Contract): number {
  const today = new Map(proposed.fields.map((row) => [`${row.targetTable}.${row.targetField}`, row]));
  return contract.fields.filter((row) => {
    const other = today.get(`${row.targetTable}.${row.targetField}`);
    if (row.status !== 'DRAFT' || other === undefined || other.mappingClass === 'unresolved') return false;
    return (['sourceTable', 'sourceField', 'rule'] as const).some((name) => row[name] !== other[name]);
  }).length;
}

function sentences(contract: Contract, { fields }: Rebuilt, unresolved: number): string[] {
  const counts = [
    `${fields.kept} kept`,
    `${fields.added} added`,
    `${fields.changed.length} changed by the catalog`,
    `${fields.proposed.length} proposed anew`,
    `${fields.restored.length} restored`,
    `${fields.retired.length} retired`,
  ];
  const lines = [`${contract.fields.length} contract rows: ${counts.join(', ')}.`];
  if (fields.reopened.length > 0)
    lines.push(`${fields.reopened.length} approved rows are DRAFT again, because their target field has changed.`);
  if (fields.retired.length > 0) lines.push(`Rows of target fields that are gone were moved to ${RETIRED_FILE}.`);
  lines.push(`${unresolved} mandatory target fields are unresolved.`);
  return lines;
}

/** A contract that cannot be read must not be built over: that would lose somebody's work. */
function requireReadable(fieldsText: string | null, tablesText: string | null): void {
  if ((fieldsText === null) !== (tablesText === null)) {
    const [there, missing] =
      fieldsText === null
        ? [ARTEFACTS.contractTables, ARTEFACTS.contract]
        : [ARTEFACTS.contract, ARTEFACTS.contractTables];
    throw new UserError(
      `${missing}: is missing while ${there} exists; put it back, or move ${there} away to start anew.`,
    );
  }
  if (fieldsText === null || tablesText === null) return;
  const { problems } = readContractText(fieldsText, ARTEFACTS.contract, tablesText, ARTEFACTS.contractTables);
  if (hasErrors(problems)) throw UserError.from(problems);
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of [...words].sort(compareText)) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
