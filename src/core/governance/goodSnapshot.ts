import type { Project } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';
import { listSnapshots, type SnapshotHead } from '../snapshots/snapshot.ts';
import type { Incident } from './incidents.ts';

/** How many snapshots are offered when none was named. */
const OFFERED = 5;

/**
 * The snapshot that an incident may go back to.
 *
 * @param given an id, or `latest`: the newest made before the incident began. What an incident froze is evidence of what
 *   went wrong, and what a restore replaced was replaced for a reason: neither is taken for good unasked.
 * @returns its id
 * @throws UserError when none is named (with those to choose from), none is there, or it is one that an incident froze
 */
export async function goodSnapshot(project: Project, incident: Incident, given: string | undefined): Promise<string> {
  const snapshots = await listSnapshots(project);
  if (given !== undefined && given !== 'latest') {
    if (!snapshots.some(({ snapshot_id: id, kind }) => id === given && kind === 'incident')) return given;
    throw new UserError(
      `${given} is what an incident froze: it holds the state that went wrong, so going back to it mends nothing. Give an earlier snapshot; snapshot list shows them.`,
    );
  }
  const earlier = snapshots.filter(
    ({ kind, created_at_utc: at }) => kind !== 'incident' && kind !== 'before_restore' && at < incident.opened_at_utc,
  );
  const [newest] = earlier;
  if (newest === undefined)
    throw new UserError(
      `No snapshot from before ${incident.incident_id} is there to go back to; run incident step rerun instead.`,
    );
  if (given === 'latest') return newest.snapshot_id;
  throw new UserError(
    ['Say with --snapshot which known-good state to restore. From before the incident:']
      .concat(earlier.slice(0, OFFERED).map(line))
      .join('\n'),
  );
}

function line({ snapshot_id: id, created_at_utc: at, gates, reason }: SnapshotHead): string {
  const verdict = gates === null ? 'gates not run' : `gates ${gates.status} for ${gates.profile}`;
  return `  ${id}  ${at}  ${verdict}  ${reason === '' ? '(no reason given)' : reason}`;
}
