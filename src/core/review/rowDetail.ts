import { rowHistory } from '../audit/contractAudit.ts';
import { readCrosswalks } from '../crosswalk/crosswalk.ts';
import { parseCsvText } from '../csv/csvText.ts';
import type { Engine } from '../engine/engine.ts';
import { type MatrixRow, readMatrixText } from '../mapping/mappingMatrix.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import type { Checking } from './checking.ts';
import { unknownCodes } from './projectProblems.ts';
import type { RowDetail } from './rowFacts.ts';
import { rowSample } from './rowSample.ts';

/**
 * Collects what is known about a contract row.
 *
 * @param cells the row's cells by column
 * @param openEngine a database to try the row in on the project's data; only when a person asks, else null
 */
export async function rowDetail(
  project: Project,
  cells: Readonly<Record<string, string>>,
  checking: Checking,
  openEngine: (() => Promise<Engine>) | null,
): Promise<RowDetail> {
  const text = (column: string): string => cells[column] ?? '';
  const [table, field] = [text('target_table'), text('target_field')];
  return {
    candidates: await candidatesOf(project, table, field, checking),
    profile: await profileOf(project, text('source_table'), text('source_field'), checking),
    crosswalk: await crosswalkOf(project, text('crosswalk'), checking),
    history: await rowHistory(project, table, field, text('row_set')),
    samples: openEngine === null ? null : await sampleOf(project, cells, openEngine),
  };
}

async function candidatesOf(
  project: Project,
  table: string,
  field: string,
  checking: Checking,
): Promise<RowDetail['candidates']> {
  const byField = await checking.of(project, 'candidates', [ARTEFACTS.mappingMatrix], async () => {
    const text = await readOptionalText(project, ARTEFACTS.mappingMatrix);
    const rows = text === null ? [] : readMatrixText(text, ARTEFACTS.mappingMatrix).value;
    const grouped = new Map<string, MatrixRow[]>();
    for (const row of rows) {
      const key = `${row.targetTable}\0${row.targetField}`;
      const own = grouped.get(key);
      if (own === undefined) grouped.set(key, [row]);
      else own.push(row);
    }
    return grouped;
  });
  return (byField.get(`${table}\0${field}`) ?? [])
    .filter((row) => row.sourceField !== '')
    .map(({ rank, sourceTable, sourceField, score, proposedClass, reasons }) => ({
      rank,
      sourceTable,
      sourceField,
      score,
      proposedClass,
      reasons,
    }));
}

async function profileOf(
  project: Project,
  table: string,
  field: string,
  checking: Checking,
): Promise<RowDetail['profile']> {
  if (field === '') return null;
  const byColumn = await checking.of(project, 'profile', [ARTEFACTS.sourceProfile], async () => {
    const text = await readOptionalText(project, ARTEFACTS.sourceProfile);
    const records = text === null ? [] : parseCsvText(text, ARTEFACTS.sourceProfile, []).value.records;
    return new Map(records.map(({ cells }) => [`${cells['table_name']}\0${cells['field_name']}`, cells]));
  });
  return byColumn.get(`${table}\0${field}`) ?? null;
}

async function crosswalkOf(project: Project, name: string, checking: Checking): Promise<RowDetail['crosswalk']> {
  if (name === '') return null;
  const all = await readCrosswalks(project, ARTEFACTS.crosswalks).catch(() => null);
  const found = all?.value.get(name);
  if (found === undefined) return null;
  const unknown = (await unknownCodes(project, checking)).filter((code) => code.crosswalk === name);
  return {
    name,
    file: found.file,
    codes: found.lines.length,
    safetyCritical: found.safetyCritical,
    unknown: unknown.map(({ code, rows }) => ({ value: code, rows })),
  };
}

async function sampleOf(project: Project, cells: Readonly<Record<string, string>>, openEngine: () => Promise<Engine>) {
  const engine = await openEngine();
  try {
    return await rowSample(project, cells, engine);
  } finally {
    await engine.close();
  }
}
