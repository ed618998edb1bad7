import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { csvText, parseCsvText } from '../csv/csvText.ts';
import { defineStage } from '../lifecycle/stage.ts';
import { readMatrixText } from '../mapping/mappingMatrix.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { readOptionalText, readRequiredText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import { hasErrors } from '../shared/problem.ts';
import { readContractText } from './contractFile.ts';
import { type Merged, mergeFields, mergeTables } from './mergeContract.ts';
import { emptyRow, loadOrders, proposeTable } from './proposeContract.ts';

const RETIRED = 'reports/mapping_contract_retired.csv';

/** Turns the mapping proposals into a contract, or lays them under the contract that people have already edited. */
export const buildMappingContract = defineStage({
  id: 'build-mapping-contract',
  title: 'Build mapping contract',
  owner: 'Mapping Analyst',
  summary: 'Make the mapping contract, or bring an existing one up to date without touching what people wrote.',
  example: 'pas-migration build-mapping-contract',
  options: z.object({}),
  reads: [
    ARTEFACTS.mappingMatrix,
    ARTEFACTS.sourceCatalog,
    ARTEFACTS.targetCatalog,
    ARTEFACTS.contract,
    ARTEFACTS.contractTables,
  ],
  writes: [ARTEFACTS.contract, ARTEFACTS.contractTables, ARTEFACTS.contractSummary],
  async run(context) {
    const { project } = context;
    const source = await loadCatalog(project, ARTEFACTS.sourceCatalog, 'source');
    const target = await loadCatalog(project, ARTEFACTS.targetCatalog, 'target');
    const matrixText = await readRequiredText(project, ARTEFACTS.mappingMatrix, 'Run analyze-semantic-mapping first.');
    const matrix = readMatrixText(matrixText, ARTEFACTS.mappingMatrix);
    if (hasErrors(matrix.problems)) throw UserError.from(matrix.problems);
    const fieldsText = await readOptionalText(project, ARTEFACTS.contract);
    const tablesText = await readOptionalText(project, ARTEFACTS.contractTables);
    requireReadable(fieldsText, tablesText);
    const names = await readdir(project.at(ARTEFACTS.crosswalks)).catch(() => [] as string[]);
    const crosswalks = new Set(names.filter((name) => name.endsWith('.csv')).map((name) => name.slice(0, -4)));
    const orders = loadOrders(target);
    const proposals = [...target.tables.values()].map((table) =>
      proposeTable(table, { source, target, matrix: matrix.value, crosswalks }, orders.get(table.name) ?? 1),
    );
    const fields = mergeFields(
      fieldsText,
      proposals.flatMap((proposal) => proposal.fields),
    );
    const tables = mergeTables(
      tablesText,
      proposals.flatMap((proposal) => proposal.tables),
      target,
    );
    const retiredText = await retiredFile(await readOptionalText(project, RETIRED), fields, tables);
    const built = readContractText(fields.text, ARTEFACTS.contract, tables.text, ARTEFACTS.contractTables).value;
    const known = new Set(built.fields.map((row) => `${row.targetTable}.${row.targetField}`));
    const missing = target.fields.filter((field) => !known.has(`${field.table}.${field.field}`)).map(emptyRow);
    const unresolved = [...built.fields, ...missing].filter(
      (row) => row.mandatory && row.mappingClass === 'unresolved',
    );
    const summary = {
      schema_version: 1,
      run_id: context.runId,
      run_at_utc: context.now().toISOString(),
      status: 'passed' as const,
      rows: built.fields.length,
      table_rows: built.tables.length,
      by_class: countBy(built.fields.map((row) => row.mappingClass)),
      by_status: countBy(built.fields.map((row) => row.status)),
      unresolved_mandatory: unresolved.map((row) => `${row.targetTable}.${row.targetField}`),
      rebuild: {
        kept: fields.kept,
        added: fields.added,
        changed: fields.changed,
        proposed: fields.proposed,
        retired: fields.retired.length,
        tables_added: tables.added,
        tables_retired: tables.retired.length,
      },
      contract_sha256: createHash('sha256').update(fields.text, 'utf8').digest('hex'),
    };
    const outputs = await publishing(project, async (publication) => {
      await publication.writeText(ARTEFACTS.contract, fields.text);
      await publication.writeText(ARTEFACTS.contractTables, tables.text);
      if (retiredText !== null) await publication.writeText(RETIRED, retiredText);
      await publication.writeJson(ARTEFACTS.contractSummary, summary);
      return publication.outputs;
    });
    return {
      status: 'passed',
      summary,
      text: [
        `${built.fields.length} contract rows: ${fields.kept} kept, ${fields.added} added, ${fields.changed} changed by the catalog, ${fields.proposed} proposed anew, ${fields.retired.length} retired.`,
        `${unresolved.length} mandatory target fields are unresolved.`,
      ],
      inputs: [ARTEFACTS.mappingMatrix, ARTEFACTS.sourceCatalog, ARTEFACTS.targetCatalog],
      outputs,
    };
  },
});

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

/** Retired rows are added below those of earlier rebuilds. */
async function retiredFile(existing: string | null, fields: Merged, tables: Merged): Promise<string | null> {
  const rows = [
    ...fields.retired.map((cells) => ({ ...cells, retired_from: ARTEFACTS.contract })),
    ...tables.retired.map((cells) => ({ ...cells, retired_from: ARTEFACTS.contractTables })),
  ] as Record<string, string>[];
  if (rows.length === 0) return null;
  const before = parseCsvText(existing ?? '', RETIRED, []).value;
  const columns = [...new Set(['retired_from', ...before.columns, ...fields.columns, ...tables.columns])];
  const all = [...before.records.map((record) => record.cells), ...rows];
  return csvText(
    columns,
    all.map((cells) => columns.map((name) => cells[name] ?? '')),
  );
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of [...words].sort(compareText)) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
