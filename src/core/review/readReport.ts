import type { z } from 'zod';
import { readJsonText } from '../project/jsonText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import type { Place, Problem } from '../shared/problem.ts';

/** A report as it was found. Without value and problem it is not there yet, which is no fault. */
export interface Report<T> {
  readonly value: T | null;
  /** Why a file that is there cannot be used. */
  readonly problem: Problem | null;
}

/** What writes a report anew. */
const WRITERS: Readonly<Record<string, string>> = {
  [ARTEFACTS.catalogSummary]: 'extract-specs',
  [ARTEFACTS.mockManifest]: 'generate-mock-data',
  [ARTEFACTS.mappingSummary]: 'analyze-semantic-mapping',
  [ARTEFACTS.contractSummary]: 'build-mapping-contract',
  [ARTEFACTS.migrationReport]: 'run-contract-migration',
  [ARTEFACTS.migrationTableStats]: 'run-contract-migration',
  [ARTEFACTS.qualityReport]: 'run-enterprise-pipeline',
  [ARTEFACTS.gateReport]: 'run-release-gates',
  [ARTEFACTS.lifecycleRun]: 'run-product-lifecycle',
  [ARTEFACTS.loadReport]: 'load',
  [ARTEFACTS.reconciliationReport]: 'reconcile',
};

/**
 * Reads a report that a stage wrote. Never throws: a file that is cut short, is something else or may not be read gives
 * a problem that names it, says what is wrong and what to run. No value of the file is repeated.
 */
export async function readReport<T>(project: Project, path: string, shape: z.ZodType<T>): Promise<Report<T>> {
  let text: string | null;
  try {
    text = await readOptionalText(project, path);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return unusable({ file: path }, error.message.slice(path.length + 2));
  }
  if (text === null) return { value: null, problem: null };
  const value = parsed(text);
  const read = value === undefined ? null : shape.safeParse(value);
  if (read?.success === true) return { value: read.data, problem: null };
  // Only a file with a fault is read a second time, for the place of it.
  const place = readJsonText(text, path, shape, '').problems[0]?.place ?? { file: path };
  const first = read?.error.issues[0];
  if (first === undefined) return unusable(place, 'It is cut short or is no JSON.');
  if (first.code === 'custom') return unusable(place, first.message);
  const part = first.path.length === 0 ? 'It' : first.path.join('.');
  return unusable(
    place,
    isCount(first)
      ? `${part} is no number that this report can hold, so its numbers are not believable.`
      : `${part} is missing, or is not what it must be.`,
  );
}

/** A report that is there and cannot be used, with what to do. */
export function unusable(place: Place, why: string): { readonly value: null; readonly problem: Problem } {
  const { file } = place;
  const writer = WRITERS[file];
  const next = writer === undefined ? '' : ` Run ${writer} again, which writes it anew.`;
  const message = `${file} cannot be used. ${why}${next}`;
  return { value: null, problem: { code: 'report-unreadable', severity: 'error', message, place } };
}

/** Whether a count was asked for and something else was there. */
function isCount(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'invalid_type') return issue.expected === 'int' || issue.expected === 'number';
  return issue.code === 'too_small' || issue.code === 'too_big';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
