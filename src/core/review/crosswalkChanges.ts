import type { AuditEntry } from '../audit/auditLog.ts';
import { CROSSWALK_CHANGED } from '../audit/crosswalkEvents.ts';
import { groupBy } from '../shared/order.ts';
import type { Dashboard } from './dashboardModel.ts';
import { filePlace } from './place.ts';

/**
 * Crosswalks whose lines were changed in a span of time, by the audit log. What somebody changed by hand stands there
 * with the time of the run that found it.
 *
 * @param after ISO 8601, UTC, not of the span itself
 * @param until the same, of the span; null for up to now
 */
export function crosswalkChanges(
  audit: readonly AuditEntry[],
  after: string,
  until: string | null,
): Dashboard['changes']['crosswalks'] {
  const changes = audit.filter(
    ({ event, at_utc: at }) => event === CROSSWALK_CHANGED && at > after && (until === null || at <= until),
  );
  return [...groupBy(changes, ({ details }) => String(details['file'] ?? ''))].map(([file, entries]) => ({
    name: /([^/]+)\.csv$/.exec(file)?.[1] ?? file,
    lines: entries.reduce((sum, { details }) => sum + (Number(details['row_count']) || 0), 0),
    place: filePlace(file),
  }));
}
