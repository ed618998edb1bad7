import { z } from 'zod';
import { readAudit } from '../audit/auditLog.ts';
import { areNames, noCode } from '../crosswalk/codeLooks.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteLiteral } from '../engine/sqlText.ts';
import { defineStage, type StageContext } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { importCsv } from '../quality/loadCsv.ts';
import { UserError } from '../shared/errors.ts';
import { actor, personOf } from './acting.ts';
import { MOST_COMMENT } from './dispositions.ts';
import { readRoles } from './roles.ts';
import { decisionDoubt, readTriageContext, type TriageContext } from './safetyRejects.ts';
import { setTriage, type TriageChange, type TriageSubject } from './setTriage.ts';
import { DISPOSITIONS, readTriage, triageAction } from './triage.ts';
import { refuseChange } from './triageChecks.ts';
import { REJECT_GROUP_KEY_SQL, REJECT_KEY_SQL } from './triageKeys.ts';

/** Rejects with one cause, as triage lists them. Codes are shown, other values never. */
export interface RejectGroup {
  readonly key: string;
  readonly about: string;
  readonly rows: number;
  /** Those with a decision of their own. */
  readonly decidedApart: number;
  readonly reason: string;
  readonly crosswalk: string;
  /** The unknown codes, most frequent first; empty where the value is no code. */
  readonly codes: readonly string[];
  readonly disposition: string;
  readonly owner: string;
  readonly dueDate: string;
  /** Why the decision does not settle it; null when it does. */
  readonly open: string | null;
}

/** Shows safety-critical rejects by cause, those that are open first. */
export const listTriageTool = defineStage({
  id: 'triage list',
  title: 'List triage',
  owner: 'clinical_safety_reviewer',
  summary: 'List the safety-critical rejects by cause, with what was decided about them and what is still open.',
  example: 'pas-migration triage list',
  options: z.object({
    show: z.enum(['open', 'all']).default('open').describe('open ones, or also those that are settled'),
  }),
  readOnly: true,
  reads: [ARTEFACTS.migrationRejects, ARTEFACTS.triage],
  writes: [],
  async run(context, { show }) {
    const groups = await withRejects(context, async (engine) => {
      const judged = await readTriageContext(context.project, await readAudit(context.project));
      if (judged.broken !== null) throw new UserError(judged.broken);
      return rejectGroups(engine, judged);
    });
    const open = groups.filter((group) => group.open !== null);
    const rows = open.reduce((sum, group) => sum + group.rows - group.decidedApart, 0);
    return {
      status: 'passed',
      summary: { open_groups: open.length, open_rows: rows, groups: show === 'all' ? groups : open },
      text: [
        ...(show === 'all' ? groups : open).flatMap(groupLines),
        groups.length === 0
          ? 'There is no safety-critical reject.'
          : `${open.length} of ${groups.length} causes are open, ${rows} rows.`,
      ],
      inputs: [ARTEFACTS.migrationRejects],
      outputs: [],
    };
  },
});

const NONE = 'none';

/** Records a decision about a cause or one reject. */
export const setTriageTool = defineStage({
  id: 'triage set',
  title: 'Set triage',
  owner: 'clinical_safety_reviewer',
  summary:
    'Decide about rejects of one cause, or one reject, by the key that triage list shows; give owner and due date, and say why.',
  example:
    'pas-migration triage set 3f2a9c01d4e5b678 --disposition accept_with_sign_off --comment "asked again at booking" --owner "ETL Engineer" --due-date 2026-12-01 --as "Dr Celia Marchetti"',
  positional: ['key'],
  options: z.object({
    key: z
      .string()
      .regex(/^[0-9a-f]{16}$/, 'must be a key as triage list shows it')
      .describe('key of a cause or of one reject'),
    disposition: z
      .enum([NONE, ...Object.keys(DISPOSITIONS)])
      .optional()
      .describe(`what is to become of it; ${NONE} takes a decision back`),
    owner: z.string().max(200).optional().describe('who sees to it'),
    due_date: z.string().optional().describe('by when, CCYY-MM-DD'),
    comment: z.string().max(MOST_COMMENT).optional().describe('why: needed to accept or exclude; no patient’s details'),
  }),
  reads: [ARTEFACTS.migrationRejects, ARTEFACTS.triage, ARTEFACTS.roles],
  writes: [ARTEFACTS.triage],
  async run(context, options) {
    const { project } = context;
    const { key, ...given } = options;
    if (Object.keys(given).length === 0)
      throw new UserError('Give a --disposition, an --owner, a --due-date or a --comment.');
    const before = (await readTriage(project)).value.find((line) => line.key === key);
    // A new owner of something accepted is decided about anew by whoever may accept it.
    const disposition = dispositionOf(options.disposition ?? before?.disposition ?? '');
    const back = options.disposition === NONE;
    const subject = await withRejects(context, (engine) => subjectOf(engine, key));
    const action = disposition === undefined ? null : triageAction(disposition);
    const by = subject.safetyCritical && action !== null ? await actor(context, action) : await personOf(context);
    const { owner, due_date: dueDate, comment } = options;
    const change: TriageChange = {
      ...(back ? { disposition: '' } : disposition === undefined ? {} : { disposition }),
      ...(owner === undefined ? {} : { owner }),
      ...(dueDate === undefined ? {} : { dueDate }),
      ...(comment === undefined ? {} : { comment }),
    };
    const { safetyCritical } = subject;
    refuseChange(change, {
      safetyCritical,
      roles: safetyCritical ? await readRoles(project) : null,
      now: context.now(),
    });
    await setTriage(project, [subject], change, { who: by.name, at: context.now() });
    const rows = subject.rows === null ? '1 reject' : `${subject.rows} rejects`;
    return {
      status: 'passed',
      summary: { key: subject.key, disposition: disposition ?? '', rows: subject.rows ?? 1, decided_by: by.name },
      text: [
        `${rows} (${subject.about}): ${back ? 'no decision any more' : disposition === undefined ? 'assigned' : DISPOSITIONS[disposition].toLowerCase()}, by ${by.name}.`,
        ...(disposition === 'raise_hazard'
          ? [
              `Name ${subject.key} in reject_keys of a hazard in ${ARTEFACTS.hazardLog}; it stays open until that hazard is under control.`,
            ]
          : []),
      ],
      inputs: [ARTEFACTS.migrationRejects],
      outputs: [ARTEFACTS.triage],
    };
  },
});

function dispositionOf(text: string): keyof typeof DISPOSITIONS | undefined {
  return (Object.keys(DISPOSITIONS) as (keyof typeof DISPOSITIONS)[]).find((known) => known === text);
}

const COLUMNS = [
  'target_table',
  'target_field',
  'source_table',
  'source_field',
  'source_value',
  'row_key',
  'crosswalk',
  'safety_critical',
  'reason',
];
const ABOUT = `concat(coalesce(reason, ''), ' ', coalesce(target_table, ''), '.', coalesce(target_field, ''), ' from ', coalesce(source_table, ''), '.', coalesce(source_field, ''))`;
/** Of an unknown code only what looks like one is shown: the column may hold anything. */
const CODE = `CASE WHEN reason = 'UNKNOWN_CODE' AND regexp_full_match(source_value, '[A-Za-z0-9_./-]{1,8}') THEN source_value END`;

async function withRejects<T>(context: StageContext, work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await context.openEngine();
  try {
    const name = ARTEFACTS.migrationRejects;
    const next = 'Run run-contract-migration first.';
    await importCsv(engine, {
      path: context.project.at(name),
      name,
      schema: 'main',
      table: 'rejects',
      columns: COLUMNS,
      next,
    });
    return await work(engine);
  } finally {
    await engine.close();
  }
}

/** Every cause of safety-critical rejects, open ones first, then by number. */
export async function rejectGroups(engine: Engine, judged: TriageContext): Promise<RejectGroup[]> {
  const decided = new Map(judged.lines.filter(({ kind }) => kind === 'reject').map((line) => [line.key, line]));
  const keys = [...decided.keys()].map(quoteLiteral).join(', ');
  const apart = keys === '' ? 'false' : `k IN (${keys})`;
  const rows = await engine.rows(
    `SELECT g, any_value(about) AS about, count(*)::DOUBLE AS n, (count(*) FILTER (${apart}))::DOUBLE AS apart,
       any_value(reason) AS reason, any_value(crosswalk) AS crosswalk,
       count(DISTINCT code)::DOUBLE AS different,
       array_to_string((array_agg(DISTINCT code ORDER BY code) FILTER (code IS NOT NULL))[1:10], ' ') AS codes
     FROM (SELECT ${REJECT_GROUP_KEY_SQL} AS g, ${REJECT_KEY_SQL} AS k, ${ABOUT} AS about, ${CODE} AS code, reason,
       coalesce(crosswalk, '') AS crosswalk FROM rejects WHERE safety_critical = 'Y') GROUP BY g ORDER BY n DESC, about`,
  );
  const groups = rows.map((row): RejectGroup => {
    const key = String(row['g']);
    const line = decided.get(key);
    const [all, alone] = [Number(row['n']), Number(row['apart'])];
    return {
      key,
      about: String(row['about']),
      rows: all,
      decidedApart: alone,
      reason: String(row['reason']),
      crosswalk: String(row['crosswalk']),
      codes: String(row['codes'] ?? '')
        .split(' ')
        .filter((code) => code !== '' && noCode(code) === null && !areNames(Number(row['different']), all)),
      disposition: line?.disposition ?? '',
      owner: line?.owner ?? '',
      dueDate: line?.dueDate ?? '',
      open: line === undefined ? 'is not decided' : decisionDoubt(line, all - alone, judged),
    };
  });
  return [...groups.filter(({ open }) => open !== null), ...groups.filter(({ open }) => open === null)];
}

async function subjectOf(engine: Engine, key: string): Promise<TriageSubject & { readonly safetyCritical: boolean }> {
  const literal = quoteLiteral(key);
  const keyed = `SELECT ${REJECT_GROUP_KEY_SQL} AS g, ${REJECT_KEY_SQL} AS k, ${ABOUT} AS about, safety_critical = 'Y' AS safe FROM rejects`;
  const [row] = await engine.rows(
    `SELECT any_value(about) AS about, bool_or(g = ${literal}) AS is_group, count(*)::DOUBLE AS n, bool_or(safe) AS safe
     FROM (${keyed}) WHERE g = ${literal} OR k = ${literal}`,
  );
  if (row === undefined || Number(row['n']) === 0)
    throw new UserError(`${key} is no reject of the last migration; triage list shows the keys there are.`);
  const isGroup = row['is_group'] === true;
  return {
    kind: 'reject',
    key,
    about: String(row['about']),
    rows: isGroup ? Number(row['n']) : null,
    safetyCritical: row['safe'] === true,
  };
}

function groupLines(group: RejectGroup): string[] {
  const apart = group.decidedApart === 0 ? '' : `, ${group.decidedApart} decided apart`;
  const codes = group.codes.length === 0 ? '' : `  codes ${group.codes.join(' ')}`;
  const decision = [group.disposition, group.owner, group.dueDate].filter((part) => part !== '').join(', ');
  return [
    `${group.key}  ${group.rows} rows${apart}  ${group.about}${group.crosswalk === '' ? '' : ` through ${group.crosswalk}`}${codes}`,
    `    ${decision === '' ? '' : `${decision}: `}${group.open ?? 'settled'}`,
  ];
}
