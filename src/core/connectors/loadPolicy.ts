import { UserError } from '../shared/errors.ts';
import type { Connector } from './connector.ts';
import { connectorPolicy, type DataClass, dataPolicy, type ReleaseProfile } from './policy.ts';

/** What the migration recorded of the rows that are to be loaded. */
export interface MigratedRows {
  /** What the run was for; null when nobody said. */
  readonly profile: ReleaseProfile | null;
  readonly dataClass: DataClass;
  readonly counts: string;
}

/**
 * What a load is for: as it was said, else what the migration was for; rows of real patients of which nobody said it are
 * held to the strictest.
 *
 * @throws UserError with the policy's reason when the connector or the rows may not be used for it
 */
export function loadProfile(
  connector: Pick<Connector, 'id' | 'stage'>,
  said: ReleaseProfile | undefined,
  rows: MigratedRows,
): ReleaseProfile {
  const unsaid = rows.dataClass === 'real' || rows.dataClass === 'mixed' ? 'cutover_ready' : 'development';
  const profile = said ?? rows.profile ?? unsaid;
  if (profile === 'cutover_ready' && rows.profile !== null && rows.profile !== 'cutover_ready')
    throw new UserError(
      `The rows were migrated for ${rows.profile}, and a ${profile} load is refused; run run-contract-migration with --release-profile ${profile} first.`,
    );
  const connectorLine = connectorPolicy(connector.stage, profile);
  if (!connectorLine.allowed)
    throw new UserError(
      `${connector.id} (${connector.stage}) may not be used for a ${profile} load. ${connectorLine.reason}`,
    );
  const dataLine = dataPolicy(rows.dataClass, profile);
  if (!dataLine.allowed)
    throw new UserError(`A ${profile} load of ${rows.dataClass} data is refused: ${rows.counts}. ${dataLine.reason}`);
  return profile;
}
