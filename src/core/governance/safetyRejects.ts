import type { AuditEntry } from '../audit/auditLog.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteLiteral } from '../engine/sqlText.ts';
import type { Project } from '../project/layout.ts';
import { hasErrors } from '../shared/problem.ts';
import { reasonMissing } from './dispositions.ts';
import { readHazardMatrix } from './hazardMatrix.ts';
import { type Hazard, hazardObstacle, readHazards } from './hazards.ts';
import { NOBODY } from './identity.ts';
import { type Roles, readRoles, refusal, whoIs } from './roles.ts';
import { readTriage, type TriageLine, triageAction } from './triage.ts';
import { REJECT_GROUP_KEY_SQL, REJECT_KEY_SQL } from './triageKeys.ts';
import { withoutUndone } from './triageUndo.ts';

/** Dispositions after which a reject may stand; the others promise that it will go away. */
const SETTLING = ['accept_with_sign_off', 'exclude', 'raise_hazard'] as const;
type Settling = (typeof SETTLING)[number];

/** Safety-critical rejects by what became of them. */
export interface SafetyRejects {
  readonly open: number;
  readonly accepted: number;
  readonly excluded: number;
  readonly hazards: number;
  /** Why a decision on record does not count, one sentence each; at most a few. */
  readonly doubts: readonly string[];
}

/** What decisions are judged by. */
export interface TriageContext {
  readonly lines: readonly TriageLine[];
  readonly roles: Roles | null;
  /** Without decisions that were undone. */
  readonly auditLog: readonly AuditEntry[];
  /** Hazards that let a candidate be signed, by the keys of the rejects they are linked to. */
  readonly hazards: ReadonlyMap<string, string>;
  readonly broken: string | null;
}

/** Reads what decisions are judged by. A file that is broken makes no decision count. */
export async function readTriageContext(project: Project, audit: readonly AuditEntry[]): Promise<TriageContext> {
  const auditLog = withoutUndone(audit);
  const nothing = { lines: [], roles: null, auditLog, hazards: new Map<string, string>() };
  try {
    const triage = await readTriage(project);
    const first = triage.problems.find(({ severity }) => severity === 'error');
    if (first !== undefined) return { ...nothing, broken: `Triage has a wrong line: ${first.message}` };
    const roles = await readRoles(project);
    const matrix = await readHazardMatrix(project);
    const log = await readHazards(project, matrix);
    const sound = log === null || hasErrors(log.problems) ? [] : log.value;
    const settled = sound.filter((hazard: Hazard) => hazardObstacle(hazard, matrix, roles) === null);
    const hazards = new Map(settled.flatMap((hazard) => hazard.rejectKeys.map((key) => [key, hazard.id] as const)));
    return { lines: triage.value, roles, auditLog, hazards, broken: null };
  } catch (error) {
    return { ...nothing, broken: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Why a decision does not settle its reject; null when it does. It must be a settling one, say why where nothing is to be
 * fixed, by a person whose role allows it, on record in the audit log, and a hazard must stand in the log and be under control.
 *
 * @param rows how many rejects its group has now; null for one reject
 */
export function decisionDoubt(line: TriageLine, rows: number | null, context: TriageContext): string | null {
  const settling = SETTLING.find((known) => known === line.disposition);
  if (settling === undefined) return line.disposition === '' ? 'is not decided' : 'stays open until it is fixed';
  if (rows !== null && line.decidedRows !== null && rows > line.decidedRows)
    return `was decided about ${line.decidedRows} rows, and there are ${rows} now`;
  if (reasonMissing(line.disposition, line.comment) !== null)
    return 'has no comment that says why; set it again with one';
  const person = whoIs(context.roles, { ...NOBODY, editor: line.decidedBy });
  const refused = refusal(context.roles, person, triageAction(settling) ?? 'triage_accept');
  if (refused !== null) return `does not count: ${refused}`;
  if (!isInAudit(line, context.auditLog)) return 'is not in the audit log as it stands; set it again with triage set';
  if (settling === 'raise_hazard' && !context.hazards.has(line.key))
    return 'raises a hazard, but no hazard that is scored, tolerable and reviewed names its key in reject_keys';
  return null;
}

function isInAudit(line: TriageLine, auditLog: readonly AuditEntry[]): boolean {
  // What was decided before counts no more, also where somebody puts its line back into the file.
  const last = auditLog.findLastIndex(
    (entry) =>
      entry.event === 'triage' && typeof entry.details['disposition'] === 'string' && keysOf(entry).has(line.key),
  );
  return auditLog.some((entry, place) => {
    const { event, at_utc, who, details } = entry;
    if (place < last || event !== 'triage' || at_utc !== line.decidedAtUtc || who !== line.decidedBy) return false;
    if (details['disposition'] !== line.disposition || !(isCut(entry) || keysOf(entry).has(line.key))) return false;
    // The rows are told as a sum: with one line it is that line's.
    if (details['lines'] === 1 && details['rows'] !== (line.decidedRows ?? 1)) return false;
    return (
      told(line, 'owner', auditLog).has(line.owner.trim()) && told(line, 'dueDate', auditLog).has(line.dueDate.trim())
    );
  });
}

/**
 * What the audit log says that an owner or a due date is, up to the line's decision: a change that does not name it keeps
 * it. There may be several answers where an earlier log names only the first keys of a change.
 */
function told(line: TriageLine, part: 'owner' | 'dueDate', auditLog: readonly AuditEntry[]): ReadonlySet<string> {
  let values = new Set(['']);
  for (const entry of auditLog) {
    const value = entry.details[part];
    if (entry.event !== 'triage' || entry.at_utc > line.decidedAtUtc || typeof value !== 'string') continue;
    if (keysOf(entry).has(line.key)) values = new Set([value.trim()]);
    else if (isCut(entry)) values.add(value.trim());
  }
  return values;
}

const keySets = new WeakMap<AuditEntry, ReadonlySet<unknown>>();

/** The keys that a change names. They may be thousands, and are asked for with each line. */
function keysOf(entry: AuditEntry): ReadonlySet<unknown> {
  const known = keySets.get(entry);
  if (known !== undefined) return known;
  const keys = entry.details['keys'];
  const set = new Set<unknown>(Array.isArray(keys) ? keys : []);
  keySets.set(entry, set);
  return set;
}

/** Logs of earlier versions name the first 20 keys only. */
function isCut(entry: AuditEntry): boolean {
  const { keys, lines } = entry.details;
  return Array.isArray(keys) && Number(lines) > keys.length;
}

/**
 * Counts the safety-critical rejects by what was decided about them: about the one first, else about its group.
 *
 * @param rejects table of the engine with the rejects file
 */
export async function countSafetyRejects(
  engine: Engine,
  rejects: string,
  context: TriageContext,
): Promise<SafetyRejects> {
  const keyed = `SELECT ${REJECT_KEY_SQL} AS k, ${REJECT_GROUP_KEY_SQL} AS g FROM ${rejects} WHERE safety_critical = 'Y'`;
  const decided = context.lines.filter(({ kind }) => kind === 'reject');
  // A decision about a group is about those of it that have none of their own.
  const own = decided.length === 0 ? '' : `WHERE k NOT IN (${decided.map(({ key }) => quoteLiteral(key)).join(', ')})`;
  const groups = await engine.rows(`SELECT g, count(*)::DOUBLE AS n FROM (${keyed}) ${own} GROUP BY g`);
  const sizes = new Map(groups.map((row) => [String(row['g']), Number(row['n'])]));
  const doubts: string[] = context.broken === null ? [] : [context.broken];
  const values = decided.map((line) => {
    const doubt = decisionDoubt(line, sizes.get(line.key) ?? null, context);
    if (doubt !== null && SETTLING.some((known) => known === line.disposition)) doubts.push(`${line.key} ${doubt}.`);
    return `(${quoteLiteral(line.key)}, ${quoteLiteral(doubt === null ? line.disposition : 'open')})`;
  });
  const decisions =
    values.length === 0
      ? `SELECT '' AS key, '' AS d WHERE false`
      : `SELECT * FROM (VALUES ${values.join(', ')}) AS t(key, d)`;
  const rows = await engine.rows(
    `WITH r AS (${keyed}), d AS (${decisions})
     SELECT coalesce(own.d, grp.d, 'open') AS d, count(*)::DOUBLE AS n
     FROM r LEFT JOIN d own ON own.key = r.k LEFT JOIN d grp ON grp.key = r.g GROUP BY 1`,
  );
  const counts = new Map(rows.map((row) => [String(row['d']), Number(row['n'])]));
  const of = (name: Settling | 'open'): number => counts.get(name) ?? 0;
  return {
    open: of('open'),
    accepted: of('accept_with_sign_off'),
    excluded: of('exclude'),
    hazards: of('raise_hazard'),
    doubts: doubts.slice(0, 3),
  };
}
