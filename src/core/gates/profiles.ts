import { z } from 'zod';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readRequiredText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';

export const PROFILE_NAMES = ['development', 'pre_production', 'cutover_ready'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

const count = z.int().min(0);
const share = z.number().min(0).max(1);
/** A limit, or the word that says: measured and reported, but not limited in this profile. */
const limited = <T extends z.ZodType>(value: T) => z.union([value, z.literal('any')]);
const demand = z.enum(['off', 'required']);

const entry = <T extends z.ZodType>(value: T) =>
  z.strictObject({
    value,
    reason: z.string().min(1),
    changed_by: z.string().min(1),
    changed_on: z.iso.date(),
  });

/** Every threshold a profile must set, with what its value may be. */
const ThresholdEntries = z.strictObject({
  contract_unresolved_mandatory_max: entry(limited(count)),
  contract_approved_min: entry(share),
  rows_unexplained_max: entry(count),
  /** How the extract is compared with the mock data manifest: not at all, by row count, or byte for byte. */
  source_manifest: entry(z.enum(['off', 'rows', 'sha256'])),
  migration_errors_max: entry(limited(count)),
  safety_critical_rejects_max: entry(limited(count)),
  crosswalk_reject_rate_max: entry(limited(share)),
  row_reject_rate_max: entry(limited(share)),
  patient_chain_breaks_max: entry(count),
  quality_errors_safety_max: entry(limited(count)),
  quality_errors_other_rate_max: entry(limited(share)),
  quality_rules_ran_min: entry(count),
  min_patients: entry(count),
  population_ratio_min: entry(share),
  imputed_cells_max: entry(limited(count)),
  impute_modes: entry(z.array(z.enum(['off', 'development', 'pre_production', 'cutover_ready'])).min(1)),
  /** Which people the data may hold: invented ones only, or the trust's own. */
  patient_data: entry(z.enum(['synthetic', 'real'])),
  repeatability: entry(demand),
  dress_rehearsal: entry(demand),
  sign_offs: entry(demand),
  contract_lock: entry(demand),
});
type Entries = z.infer<typeof ThresholdEntries>;

export type ThresholdName = keyof Entries;
export type Thresholds = { readonly [K in ThresholdName]: Entries[K]['value'] };

const Profile = z.strictObject({ title: z.string(), thresholds: ThresholdEntries });

const Profiles = z.record(z.string(), z.unknown());

/** One profile as the file has it: each threshold with who set it, when and why. */
export type GateProfile = z.infer<typeof Profile>;

/** The profile's thresholds; a missing or wrong file, profile or threshold is a `UserError` naming the place in the file. */
export async function readProfile(project: Project, name: ProfileName): Promise<GateProfile> {
  const file = ARTEFACTS.gateProfiles;
  const text = await readRequiredText(project, file, 'Put the gate profiles of the release back.');
  return parseProfile(text, file, name);
}

export function parseProfile(text: string, file: string, name: ProfileName): GateProfile {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UserError(`${file}${jsonPlace(text, error)}: is not valid JSON; mend it there.`);
  }
  const profiles = Profiles.safeParse(json);
  if (!profiles.success) throw new UserError(`${file}: must be one object with a profile under each name.`);
  for (const key of Object.keys(profiles.data)) {
    if (!(PROFILE_NAMES as readonly string[]).includes(key)) {
      throw new UserError(`${file}: ${key} is not a profile; the profiles are ${PROFILE_NAMES.join(', ')}.`);
    }
  }
  if (profiles.data[name] === undefined) throw new UserError(`${file}: has no profile ${name}; add it.`);
  // All profiles are checked: a slip in one that is not used today must not wait for cutover night.
  for (const [key, value] of Object.entries(profiles.data)) {
    const read = Profile.safeParse(value);
    if (read.success) continue;
    const issue = read.error.issues[0];
    const path = [key, ...(issue?.path ?? [])].join('.');
    throw new UserError(`${file}: ${path}: ${issue?.message ?? 'is not valid'}.`);
  }
  return Profile.parse(profiles.data[name]);
}

/** The bare values. */
export function thresholdsOf(profile: GateProfile): Thresholds {
  return Object.fromEntries(
    Object.entries(profile.thresholds).map(([name, { value }]) => [name, value]),
  ) as unknown as Thresholds;
}

/** `:12:5` when the parser says where it stopped. */
function jsonPlace(text: string, error: unknown): string {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  if (position === undefined) return '';
  const before = text.slice(0, Number(position)).split('\n');
  return `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
