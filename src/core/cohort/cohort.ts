import { ARCHETYPES, buildArchetypes, MERGED_ARCHETYPES } from './archetypes.ts';
import { BLOCK_SIZE, drawBlock, mergedInBlock } from './block.ts';
import type { Scene } from './entity.ts';
import type { World } from './patient.ts';

/** Some patients who belong together, and the number of the last of them. */
export interface CohortPart {
  readonly scene: Scene;
  readonly last: number;
}

/**
 * The canonical cohort, part by part in patient order; each part can be forgotten once it is written. The last part may
 * hold patients beyond `patients`: a family is made whole, and the writer leaves out who was not asked for.
 */
export function* scenes(world: World, patients: number): Generator<CohortPart> {
  yield { scene: buildArchetypes(world), last: ARCHETYPES };
  for (let first = ARCHETYPES + 1; first <= patients; first += BLOCK_SIZE) {
    yield { scene: drawBlock(world, first), last: first + BLOCK_SIZE - 1 };
  }
}

/** The number of the last patient record when so many people are asked for: records merged away are not people. */
export function lastNumberOf(seed: number, people: number): number {
  let found = 0;
  let merged: readonly number[] = MERGED_ARCHETYPES;
  for (let number = 1; ; number += 1) {
    const inBlock = number - ARCHETYPES - 1;
    if (inBlock >= 0 && inBlock % BLOCK_SIZE === 0) merged = mergedInBlock(seed, number);
    if (!merged.includes(number)) found += 1;
    if (found >= people) return number;
  }
}
