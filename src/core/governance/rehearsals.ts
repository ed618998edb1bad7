import { z } from 'zod';
import { readAudit } from '../audit/auditLog.ts';
import type { HashOf } from '../gates/freshness.ts';
import { hashesOf } from '../gates/freshness.ts';
import type { Found } from '../gates/reports.ts';
import { defineStage } from '../lifecycle/stage.ts';
import { readJsonText } from '../project/jsonText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { actor } from './acting.ts';

const Rehearsal = z.strictObject({
  run_id: z.string(),
  recorded_by: z.string(),
  recorded_at_utc: z.string(),
  started_at_utc: z.string(),
  /** How long the run took, and how long the cutover window lets it. */
  minutes: z.number(),
  window_minutes: z.number(),
  /** A snapshot was restored after the run began. */
  rollback_tried: z.boolean(),
  comment: z.string(),
  contract_sha256: z.string(),
  contract_tables_sha256: z.string(),
});
type Rehearsal = z.infer<typeof Rehearsal>;
const RehearsalFile = z.strictObject({ schema_version: z.literal(1), rehearsals: z.array(Rehearsal) });

/** The newest dress rehearsal, and whether the contract is still the rehearsed one. */
export interface RehearsalState {
  readonly rehearsal: Rehearsal;
  readonly sameContract: boolean;
}

async function readRehearsals(project: Project): Promise<readonly Rehearsal[]> {
  const text = await readOptionalText(project, ARTEFACTS.rehearsals);
  if (text === null) return [];
  const { value, problems } = readJsonText(text, ARTEFACTS.rehearsals, RehearsalFile, 'rehearsals-invalid');
  if (value === null) throw UserError.from(problems);
  return value.rehearsals;
}

/** For the gate. */
export async function readRehearsal(project: Project, hashOf: HashOf): Promise<Found<RehearsalState>> {
  try {
    const rehearsal = (await readRehearsals(project)).at(-1);
    if (rehearsal === undefined)
      return { value: null, absent: 'There is no record of a dress rehearsal; run rehearsal record after one.' };
    const sameContract =
      (await hashOf(ARTEFACTS.contract)) === rehearsal.contract_sha256 &&
      (await hashOf(ARTEFACTS.contractTables)) === rehearsal.contract_tables_sha256;
    return { value: { rehearsal, sameContract } };
  } catch (error) {
    if (error instanceof UserError) return { value: null, absent: error.message };
    throw error;
  }
}

const Run = z.object({
  command: z.string(),
  run_id: z.string(),
  status: z.string(),
  started_at_utc: z.string(),
  duration_ms: z.number(),
});

/** Puts a full run on record as the dress rehearsal; times and rollback are taken from the audit log, not from people. */
export const recordRehearsal = defineStage({
  id: 'rehearsal record',
  title: 'Record dress rehearsal',
  owner: 'cutover_manager',
  summary:
    'Record the last full run as the dress rehearsal: its time and the rollback after it are read from the audit log.',
  example: 'pas-migration rehearsal record --window-minutes 360 --as "Kofi Brandt"',
  options: z.object({
    window_minutes: z.int().min(1).max(100_000).describe('length of the cutover window'),
    comment: z.string().max(2000).default('').describe('for those who read it'),
  }),
  reads: [ARTEFACTS.auditLog, ARTEFACTS.contract, ARTEFACTS.contractTables],
  writes: [ARTEFACTS.rehearsals],
  async run(context, options) {
    const { project } = context;
    const by = await actor(context, 'rehearsal_record');
    const runs = (await readAudit(project)).flatMap(({ details }) => Run.safeParse(details).data ?? []);
    const full = runs.findLast(
      ({ command, status }) => command === 'run-product-lifecycle' && (status === 'passed' || status === 'failed'),
    );
    if (full === undefined)
      throw new UserError('There is no full run in the audit log; run run-product-lifecycle in the window first.');
    const hashOf = hashesOf(project);
    const rehearsal: Rehearsal = {
      run_id: full.run_id,
      recorded_by: by.name,
      recorded_at_utc: context.now().toISOString(),
      started_at_utc: full.started_at_utc,
      minutes: Math.ceil(full.duration_ms / 6000) / 10,
      window_minutes: options.window_minutes,
      rollback_tried: runs.some(
        ({ command, status, started_at_utc: at }) =>
          command === 'snapshot restore' && status === 'passed' && at > full.started_at_utc,
      ),
      comment: options.comment,
      contract_sha256: (await hashOf(ARTEFACTS.contract)) ?? '',
      contract_tables_sha256: (await hashOf(ARTEFACTS.contractTables)) ?? '',
    };
    const all = [...(await readRehearsals(project)), rehearsal];
    await publishing(project, (publication) =>
      publication.writeJson(ARTEFACTS.rehearsals, { schema_version: 1, rehearsals: all }),
    );
    const rollback = rehearsal.rollback_tried
      ? 'rollback was tried'
      : 'rollback was not tried yet: restore a snapshot, then record again';
    return {
      status: 'passed',
      summary: { ...rehearsal },
      text: [`${rehearsal.minutes} of ${rehearsal.window_minutes} minutes; ${rollback}.`],
      inputs: [ARTEFACTS.auditLog],
      outputs: [ARTEFACTS.rehearsals],
      audit: { event: 'rehearsal', who: by.name, details: { ...rehearsal, comment: undefined } },
    };
  },
});
