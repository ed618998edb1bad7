import { stat } from 'node:fs/promises';
import type { Catalog, CatalogSide } from '../catalog/catalog.ts';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { parseConnectorChoices } from '../connectors/connectorsFile.ts';
import { readContractText } from '../contract/contractFile.ts';
import { type Crosswalk, readCrosswalks, withOpenTexts } from '../crosswalk/crosswalk.ts';
import { quoteLiteral } from '../engine/sqlText.ts';
import { governanceProblems } from '../governance/governanceProblems.ts';
import { REJECT_COLUMNS } from '../project/evidenceColumns.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { counted } from '../shared/counted.ts';
import { UserError } from '../shared/errors.ts';
import type { Parsed, Problem } from '../shared/problem.ts';
import { approvalProblems } from './approvalProblems.ts';
import type { Checking } from './checking.ts';
import { contractProblems } from './contractProblems.ts';
import { reportProblems } from './reportProblems.ts';
import { readGateReport, readSummary } from './reports.ts';

/** Texts of files that are open and not saved yet; they stand for the files on disk. */
export type OpenTexts = ReadonlyMap<string, string>;

/**
 * Everything a person should look at in a project, each at the place that causes it: documents, contract, crosswalks,
 * rejects of the last run and gates that did not pass. Files that are not there yet are no problem. Nothing is run.
 */
export async function projectProblems(project: Project, open: OpenTexts, checking: Checking): Promise<Problem[]> {
  const parts = [
    specProblems,
    contractAndCrosswalks,
    approvalProblems,
    crosswalkGaps,
    rejectProblems,
    gateProblems,
    governanceProblems,
    connectorProblems,
    reportProblems,
  ];
  const found: Problem[] = [];
  for (const part of parts) {
    try {
      found.push(...(await part(project, open, checking)));
    } catch (error) {
      // A broken file is told once, where it lies; the other parts are still looked at.
      if (!(error instanceof UserError)) throw error;
      const [, file = '.', message = error.message] =
        /^([^:\s]+\.\w+)(?::[\d:]*)?:?\s*(.*)$/s.exec(error.message) ?? [];
      found.push({ code: 'project-unreadable', severity: 'error', message, place: { file } });
    }
  }
  return found;
}

/** What is wrong with `connectors.json`, above all a secret in it. */
async function connectorProblems(project: Project, open: OpenTexts): Promise<readonly Problem[]> {
  const text = open.get(ARTEFACTS.connectors) ?? (await readOptionalText(project, ARTEFACTS.connectors));
  return text === null ? [] : parseConnectorChoices(text, ARTEFACTS.connectors).problems;
}

async function specProblems(project: Project): Promise<Problem[]> {
  const summary = await readSummary(project);
  return (summary === null ? [] : [...summary.source.files, ...summary.target.files]).flatMap((file) =>
    file.problems.map(({ code, severity, message, line }) => ({
      code,
      severity,
      message,
      place: line === null ? { file: file.path } : { file: file.path, line },
    })),
  );
}

async function contractAndCrosswalks(project: Project, open: OpenTexts, checking: Checking): Promise<Problem[]> {
  const textOf = async (path: string): Promise<string | null> =>
    open.get(path) ?? (await readOptionalText(project, path));
  const [fields, tables] = [await textOf(ARTEFACTS.contract), await textOf(ARTEFACTS.contractTables)];
  if (fields === null || tables === null) return [];
  const against = await checkedAgainst(project, checking);
  if (against === null) return [];
  const crosswalks = withOpenTexts(against.crosswalks, open);
  const own = await contractProblems(
    {
      fields: { file: ARTEFACTS.contract, text: fields },
      tables: { file: ARTEFACTS.contractTables, text: tables },
      ...against,
      crosswalks: crosswalks.value,
    },
    checking,
  );
  return [...own.map(asReviewed), ...crosswalks.problems];
}

/** A run may go on without it, promotion may not: for a person who reviews it is an error. */
export function asReviewed(problem: Problem): Problem {
  return problem.code === 'contract-unresolved-mandatory' ? { ...problem, severity: 'error' } : problem;
}

/** What a contract is checked against; null while there are no catalogs. */
export async function checkedAgainst(
  project: Project,
  checking: Checking,
): Promise<{
  readonly source: Catalog;
  readonly target: Catalog;
  readonly crosswalks: Parsed<ReadonlyMap<string, Crosswalk>>;
} | null> {
  const catalogs = await Promise.all(
    [ARTEFACTS.sourceCatalog, ARTEFACTS.targetCatalog].map((path) => stat(project.at(path)).catch(() => null)),
  );
  if (catalogs.includes(null)) return null;
  const crosswalks = await checking
    .of(project, 'crosswalks', [ARTEFACTS.crosswalks, ARTEFACTS.crosswalkIndex], () =>
      readCrosswalks(project, ARTEFACTS.crosswalks),
    )
    .catch((error: unknown) => {
      if (error instanceof UserError) return { value: new Map<string, Crosswalk>(), problems: [] };
      throw error;
    });
  const catalog = (side: CatalogSide, path: string): Promise<Catalog> =>
    checking.of(project, `${side} catalog`, [path], () => loadCatalog(project, path, side));
  return {
    source: await catalog('source', ARTEFACTS.sourceCatalog),
    target: await catalog('target', ARTEFACTS.targetCatalog),
    crosswalks,
  };
}

/** Codes that the last run's data held and a crosswalk does not know: one problem a crosswalk, at its file. */
async function crosswalkGaps(project: Project, _open: OpenTexts, checking: Checking): Promise<Problem[]> {
  const gaps = await unknownCodes(project, checking);
  const byCrosswalk = new Map<string, { codes: number; rows: number; safety: boolean }>();
  for (const gap of gaps) {
    const sum = byCrosswalk.get(gap.crosswalk) ?? { codes: 0, rows: 0, safety: false };
    byCrosswalk.set(gap.crosswalk, {
      codes: sum.codes + 1,
      rows: sum.rows + gap.rows,
      safety: sum.safety || gap.safetyCritical,
    });
  }
  return [...byCrosswalk].map(([crosswalk, { codes, rows, safety }]) => ({
    code: 'crosswalk-gap',
    severity: safety ? 'error' : 'warning',
    message: `${counted(codes, 'code')} of the last run ${codes === 1 ? 'is' : 'are'} not in this crosswalk: ${counted(rows, 'reject')}${safety ? ', safety-critical' : ''}. Add ${codes === 1 ? 'it' : 'them'}, then run the migration again.`,
    place: { file: `${ARTEFACTS.crosswalks}/${crosswalk}.csv`, line: 1 },
  }));
}

/** A code that a crosswalk did not know in the last run. */
export interface UnknownCode {
  readonly crosswalk: string;
  readonly code: string;
  readonly rows: number;
  readonly safetyCritical: boolean;
}

/** Codes are few, also when their rejects are many; more than these are not listed. */
const MOST_CODES = 5_000;

/** Unknown codes of the last run, by crosswalk and code. Empty before the first run. */
export async function unknownCodes(project: Project, checking: Checking): Promise<UnknownCode[]> {
  const rows = await fromRejects(
    project,
    checking,
    `SELECT crosswalk, source_value AS code, count(*)::DOUBLE AS rows, bool_or(safety_critical = 'Y') AS safety
     FROM rejects WHERE reason = 'UNKNOWN_CODE' GROUP BY ALL ORDER BY crosswalk, code LIMIT ${MOST_CODES}`,
  );
  return rows.map((row) => ({
    crosswalk: String(row['crosswalk']),
    code: String(row['code'] ?? ''),
    rows: Number(row['rows']),
    safetyCritical: row['safety'] === true,
  }));
}

/** Rejects of the last run at the contract rows that caused them. */
async function rejectProblems(project: Project, open: OpenTexts, checking: Checking): Promise<Problem[]> {
  const rows = await fromRejects(
    project,
    checking,
    `SELECT target_table AS "table", target_field AS field, reason, count(*)::DOUBLE AS rows, bool_or(safety_critical = 'Y') AS safety
     FROM rejects GROUP BY ALL ORDER BY rows DESC, reason`,
  );
  if (rows.length === 0) return [];
  const fields = open.get(ARTEFACTS.contract) ?? (await readOptionalText(project, ARTEFACTS.contract)) ?? '';
  const tables =
    open.get(ARTEFACTS.contractTables) ?? (await readOptionalText(project, ARTEFACTS.contractTables)) ?? '';
  const contract = readContractText(fields, ARTEFACTS.contract, tables, ARTEFACTS.contractTables).value;
  interface Sum {
    place: Problem['place'];
    reasons: string[];
    rows: number;
    safety: boolean;
  }
  const found = new Map<string, Sum>();
  for (const row of rows) {
    const [table, field] = [String(row['table'] ?? ''), String(row['field'] ?? '')];
    const own = contract.fields.find((known) => known.targetTable === table && known.targetField === field);
    // A row held for its joins or its key has no field; the line of its table is the cause.
    const whole = contract.tables.find((known) => known.targetTable === table);
    const place =
      own !== undefined
        ? { file: ARTEFACTS.contract, line: own.line }
        : { file: ARTEFACTS.contractTables, line: whole?.line ?? 1 };
    const key = `${place.file}:${place.line}`;
    const entry: Sum = found.get(key) ?? { place, reasons: [], rows: 0, safety: false };
    entry.reasons.push(`${String(row['reason'])} ${Number(row['rows'])}`);
    found.set(key, {
      ...entry,
      rows: entry.rows + Number(row['rows']),
      safety: entry.safety || row['safety'] === true,
    });
  }
  return [...found.values()].map(({ place, reasons, rows: count, safety }) => ({
    code: 'contract-rejects',
    severity: safety ? 'error' : 'warning',
    message: `${counted(count, 'reject')} in the last run: ${reasons.join(', ')}${safety ? '; safety-critical' : ''}.`,
    place,
  }));
}

/** Asks the rejects of the last run, as `rejects`. Empty before the first run, and for a file that is gone or half-copied. */
async function fromRejects(project: Project, checking: Checking, query: string): Promise<Record<string, unknown>[]> {
  const there = await stat(project.at(ARTEFACTS.migrationRejects)).catch(() => null);
  if (there === null || (await readOptionalText(project, ARTEFACTS.migrationReport)) === null) return [];
  const path = quoteLiteral(project.at(ARTEFACTS.migrationRejects));
  const columns = REJECT_COLUMNS.map((name) => `'${name}': 'VARCHAR'`).join(', ');
  const ask = (): Promise<Record<string, unknown>[]> =>
    checking.engine.rows(
      `WITH rejects AS (FROM read_csv(${path}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = {${columns}})) ${query}`,
    );
  // Rejects may be many; they are counted once a run, not once a key stroke.
  return checking.of(project, query, [ARTEFACTS.migrationRejects], ask).catch(() => []);
}

/** Gates that did not pass, at the line of the profile that asks for them. */
async function gateProblems(project: Project): Promise<Problem[]> {
  const report = await readGateReport(project);
  if (report === null) return [];
  const profiles = (await readOptionalText(project, ARTEFACTS.gateProfiles)) ?? '';
  const lines = profiles.split('\n');
  const profileLine = lines.findIndex((line) => line.replaceAll(' ', '').includes(`"${report.profile}":{`)) + 1;
  return report.gates
    .filter((gate) => gate.verdict !== 'PASS')
    .map((gate) => {
      const told = gate.verdict === 'FAIL' ? 'fails' : 'is not proven';
      const threshold = lines.findIndex((line, index) => index >= profileLine - 1 && line.includes(`"${gate.id}`)) + 1;
      return {
        code: 'gate-not-passed',
        severity: gate.verdict === 'FAIL' ? ('error' as const) : ('warning' as const),
        message: `Gate ${gate.id} of ${report.profile} ${told}: ${gate.message}`,
        place: { file: ARTEFACTS.gateProfiles, line: Math.max(1, threshold || profileLine) },
      };
    });
}
