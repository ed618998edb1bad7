import type { Engine } from '../engine/engine.ts';
import type { Project } from '../project/layout.ts';
import { readEvidence } from './evidence.ts';
import { PROFILE_NAMES, type ProfileName, readProfile, thresholdsOf } from './profiles.ts';
import { decide, type GateDecision } from './releaseGates.ts';

/**
 * What every profile would decide on the evidence as it is, without writing a verdict. Reads the evidence once, which
 * takes as long as the gates themselves.
 *
 * @throws UserError when the profiles cannot be read
 */
export async function decideProfiles(
  project: Project,
  engine: Engine,
): Promise<ReadonlyMap<ProfileName, GateDecision>> {
  const evidence = await readEvidence(project, engine);
  const decisions = new Map<ProfileName, GateDecision>();
  for (const name of PROFILE_NAMES)
    decisions.set(name, decide(evidence, thresholdsOf(await readProfile(project, name)), name));
  return decisions;
}
