import { z } from 'zod';
import { patientNumberFault } from '../governance/freeText.ts';
import { NOBODY } from '../governance/identity.ts';
import { type Roles, readRoles, refusal, whoIs } from '../governance/roles.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';
import { Contents } from '../snapshots/contents.ts';
import { appendAudit, readAudit } from './auditLog.ts';

const Setting = z.object({ value: z.unknown(), reason: z.string(), changed_by: z.string(), changed_on: z.string() });
const Profiles = z.record(z.string(), z.object({ thresholds: z.record(z.string(), Setting) }));

/** One threshold that is another than before. */
export interface ThresholdChange {
  readonly profile: string;
  readonly threshold: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly reason: string;
  readonly changedBy: string;
  /** What is missing of a proper change, as a sentence; empty when nothing is. */
  readonly fault: string;
}

/**
 * Records what changed in the release gates' thresholds since they were last recorded: each with its value before and
 * after, who changed it and why. The file is people's, so a change is found, not prevented; one without a new reason, or
 * by somebody who may not, is told as such.
 */
export async function recordThresholdChange(
  project: Project,
  given: { readonly who: string; readonly at: Date },
): Promise<readonly ThresholdChange[]> {
  const contents = await Contents.open(project);
  const now = await contents.keep(ARTEFACTS.gateProfiles).catch(() => null);
  if (now === null) return [];
  const last = (await readAudit(project)).findLast((entry) => entry.event === 'thresholds-changed');
  const old = typeof last?.details['after'] === 'string' ? last.details['after'] : null;
  if (old === now.sha256) return [];
  const roles = await readRoles(project).catch((error: unknown) => {
    if (error instanceof UserError) return null;
    throw error;
  });
  const before = old === null ? null : await contents.read(old);
  const after = (await contents.read(now.sha256)) ?? '';
  const changes = before === null ? [] : thresholdChanges(before, after, roles);
  await appendAudit(project, {
    ...given,
    event: 'thresholds-changed',
    details: { before: old, after: now.sha256, changes },
  });
  return changes;
}

const UNEXPLAINED = 'The reason is still that of the value before; write why it was changed.';

/** Compares two versions of the profiles. A text that is no profiles file has no thresholds. */
export function thresholdChanges(before: string, after: string, roles: Roles | null): ThresholdChange[] {
  const [old, now] = [settingsOf(before), settingsOf(after)];
  return [...now].flatMap(([key, setting]): ThresholdChange[] => {
    const was = old.get(key);
    if (JSON.stringify(was?.value) === JSON.stringify(setting.value)) return [];
    const [profile = '', threshold = ''] = key.split(' ');
    const unexplained = was !== undefined && was.reason === setting.reason;
    const who = whoIs(roles, { ...NOBODY, editor: setting.changed_by });
    const patient = patientNumberFault('The reason', setting.reason);
    const refused = roles === null ? null : refusal(roles, who, 'threshold_change');
    return [
      {
        profile,
        threshold,
        before: was?.value ?? null,
        after: setting.value,
        // The log keeps reasons for good, and many people read it.
        reason: patient === null ? setting.reason : '',
        changedBy: setting.changed_by,
        fault: patient ?? (unexplained ? UNEXPLAINED : (refused ?? '')),
      },
    ];
  });
}

function settingsOf(text: string): Map<string, z.infer<typeof Setting>> {
  try {
    const profiles = Profiles.parse(JSON.parse(text));
    return new Map(
      Object.entries(profiles).flatMap(([profile, { thresholds }]) =>
        Object.entries(thresholds).map(([name, setting]) => [`${profile} ${name}`, setting] as const),
      ),
    );
  } catch {
    return new Map();
  }
}
