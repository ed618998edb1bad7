import { csvText, parseCsvText } from '../csv/csvText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import { formatProblem, type Parsed } from '../shared/problem.ts';
import { DISPOSITIONS, type Disposition } from './dispositions.ts';
import { patientNumberFault } from './freeText.ts';
import type { Action } from './roleNames.ts';

export { DISPOSITIONS, type Disposition };

/** What a role is asked for when a safety-critical reject is decided so; null when nothing is decided yet. */
export function triageAction(disposition: Disposition | ''): Action | null {
  switch (disposition) {
    case '':
      return null;
    case 'accept_with_sign_off':
      return 'triage_accept';
    case 'exclude':
      return 'triage_exclude';
    case 'raise_hazard':
      return 'triage_hazard';
    default:
      return 'triage_fix';
  }
}

export const TRIAGE_KINDS = ['issue', 'reject'] as const;
export type TriageKind = (typeof TRIAGE_KINDS)[number];

/** Columns of `governance/triage.csv` that other tools rely on; further ones are kept as they are. */
export const TRIAGE_COLUMNS = [
  'kind',
  'key',
  'disposition',
  'owner',
  'due_date',
  'comment',
  'decided_by',
  'decided_at_utc',
  'about',
  'decided_rows',
] as const;

/**
 * One decision. `key` is that of one issue or reject, or of a group of them with one cause (`triageKeys.ts`); a decision
 * about one row goes before that about its group.
 */
export interface TriageLine {
  readonly kind: TriageKind;
  readonly key: string;
  /** Empty while it is only assigned to somebody. */
  readonly disposition: Disposition | '';
  readonly owner: string;
  /** CCYY-MM-DD, or empty. */
  readonly dueDate: string;
  readonly comment: string;
  /** Who decided and when; both empty while nothing is decided. */
  readonly decidedBy: string;
  readonly decidedAtUtc: string;
  /** What it is about, in words without a patient value: rule, table and field. */
  readonly about: string;
  /** How many rows the person saw when deciding about a group: more of them later need a new look. Else null. */
  readonly decidedRows: number | null;
  /** Columns of other tools. */
  readonly more: Readonly<Record<string, string>>;
}

/** The decisions on record; lines that are none are told with their place and left out. No file: none yet. */
export async function readTriage(project: Project): Promise<Parsed<readonly TriageLine[]>> {
  const text = await readOptionalText(project, ARTEFACTS.triage);
  return text === null ? { value: [], problems: [] } : parseTriage(text);
}

/** The same from the text of the file. */
export function parseTriage(text: string): Parsed<readonly TriageLine[]> {
  const file = ARTEFACTS.triage;
  const { value, problems } = parseCsvText(text, file, TRIAGE_COLUMNS.slice(0, 8));
  const told = [...problems];
  const lines: TriageLine[] = [];
  for (const { cells, line } of value.records) {
    const read = triageLine(cells);
    if (typeof read !== 'string') lines.push(read);
    else told.push({ code: 'triage-line', severity: 'error', message: read, place: { file, line } });
  }
  return { value: lines, problems: told };
}

/** The decision of a record, or what is wrong with it in one sentence. */
function triageLine(cells: Readonly<Record<string, string>>): TriageLine | string {
  const at = (name: (typeof TRIAGE_COLUMNS)[number]): string => (cells[name] ?? '').trim();
  const kind = TRIAGE_KINDS.find((known) => known === at('kind'));
  if (kind === undefined) return `kind must be ${TRIAGE_KINDS.join(' or ')}.`;
  for (const name of ['owner', 'comment'] as const) {
    const fault = patientNumberFault(name, at(name));
    if (fault !== null) return fault;
  }
  if (at('key') === '') return 'key must name an issue, a reject or a group.';
  const disposition = readDisposition(at('disposition'));
  if (disposition === null) return `disposition must be empty or one of ${Object.keys(DISPOSITIONS).join(', ')}.`;
  if (!isDay(at('due_date'))) return 'due_date must be a day as CCYY-MM-DD, or empty.';
  const rows = at('decided_rows');
  if (!/^\d*$/.test(rows)) return 'decided_rows must be a number of rows, or empty.';
  const known = new Set<string>(TRIAGE_COLUMNS);
  return {
    kind,
    key: at('key'),
    disposition,
    owner: at('owner'),
    dueDate: at('due_date'),
    comment: cells['comment'] ?? '',
    decidedBy: at('decided_by'),
    decidedAtUtc: at('decided_at_utc'),
    about: cells['about'] ?? '',
    decidedRows: rows === '' ? null : Number(rows),
    more: Object.fromEntries(Object.entries(cells).filter(([name]) => !known.has(name))),
  };
}

/** A disposition by its name, '' for none yet, or null when it is no such name. */
export function readDisposition(text: string): Disposition | '' | null {
  if (text === '') return '';
  return (Object.keys(DISPOSITIONS) as Disposition[]).find((known) => known === text) ?? null;
}

/** Whether a text is a day as CCYY-MM-DD, or empty. */
export function isDay(text: string): boolean {
  if (text === '') return true;
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return at !== null && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** The lines by key, for a change that keeps the others. */
export async function triageToChange(project: Project): Promise<Map<string, TriageLine>> {
  const { value, problems } = await readTriage(project);
  const first = problems[0];
  if (first !== undefined) throw new UserError(`${formatProblem(first)} Mend the line first.`);
  return new Map(value.map((line) => [line.key, line]));
}

/** Writes the whole file. */
export async function writeTriage(project: Project, lines: Iterable<TriageLine>): Promise<void> {
  await publishing(project, (publication) => publication.writeText(ARTEFACTS.triage, triageText([...lines])));
}

/** The file: by kind and key, so that two branches that decide about different issues merge. */
function triageText(lines: readonly TriageLine[]): string {
  const more = [...new Set(lines.flatMap((line) => Object.keys(line.more)))];
  const sorted = [...lines].sort((a, b) => compareText(a.kind, b.kind) || compareText(a.key, b.key));
  return csvText(
    [...TRIAGE_COLUMNS, ...more],
    sorted.map((line) => [
      line.kind,
      line.key,
      line.disposition,
      line.owner,
      line.dueDate,
      line.comment,
      line.decidedBy,
      line.decidedAtUtc,
      line.about,
      line.decidedRows,
      ...more.map((name) => line.more[name] ?? ''),
    ]),
  );
}
