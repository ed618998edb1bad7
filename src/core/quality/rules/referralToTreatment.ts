import { type Rule, rule } from '../rule.ts';
import { CANCELLED, examine } from './fragments.ts';

const OPEN = 'c.stopped_on IS NULL';

/** RTT: the wait is neither lost, nor reset, nor left running (brief, section 4). */
export const RTT_RULES: readonly Rule[] = [
  rule(
    'RTT-01',
    'ERROR',
    'CLOCK.started_on',
    'An open clock has a start, not after X, and not before its referral unless status 11 or 12 started it',
    'wait length',
    ['CLOCK.started_on', 'CLOCK.stopped_on'],
    examine(
      'clock c',
      `c.started_on IS NULL OR c.started_on > CAST(extract_at() AS DATE)
       OR (coalesce(c.start_status, '10') NOT IN ('11', '12') AND EXISTS (
         SELECT 1 FROM ref r WHERE r.key = c.referral_id AND r.received_on > c.started_on))`,
      OPEN,
    ),
    { uses: ['CLOCK.start_status', 'CLOCK.referral_id', 'REF.key', 'REF.received_on'], extract: true },
  ),
  rule(
    'RTT-02',
    'ERROR',
    'CLOCK.status',
    'The latest status of an open clock is 10, 11, 12, 20 or 21',
    'stopped clock shown waiting',
    ['CLOCK.status', 'CLOCK.stopped_on'],
    examine('clock c', "coalesce(c.status NOT IN ('10', '11', '12', '20', '21'), TRUE)", OPEN),
  ),
  rule(
    'RTT-03',
    'ERROR',
    'CLOCK.stopped_on',
    'A clock whose latest status stops it has an end date, the date of that event where events are kept',
    'clock runs on',
    ['CLOCK.status', 'CLOCK.stopped_on'],
    examine(
      'clock c',
      `c.stopped_on IS NULL OR ({has:RTT_EVENT.clock_id} AND {has:CLOCK.key} AND EXISTS (
         SELECT 1 FROM rtt_event e WHERE e.clock_id = c.key AND e.status IN ('30','31','32','33','34','35','36'))
       AND NOT EXISTS (SELECT 1 FROM rtt_event e WHERE e.clock_id = c.key AND e.status = c.status AND e.occurred_on = c.stopped_on))`,
      "c.status IN ('30', '31', '32', '33', '34', '35', '36')",
    ),
    { uses: ['CLOCK.key', 'RTT_EVENT.clock_id', 'RTT_EVENT.status', 'RTT_EVENT.occurred_on'] },
  ),
  rule(
    'RTT-04',
    'ERROR',
    'CLOCK.started_on',
    'The clock start date is the source’s, to the day',
    'statutory wait',
    ['CLOCK.source_key', 'CLOCK.started_on', 'src.CLOCK.source_key', 'src.CLOCK.started_on'],
    `SELECT c.table_name, c.row_key, bool_and(c.started_on IS DISTINCT FROM s.started_on) AS failed
     FROM clock c JOIN src_clock s ON s.source_key = c.source_key GROUP BY ALL`,
  ),
  rule(
    'RTT-05',
    'WARN',
    'CLOCK.started_on',
    'Open clocks over 52 weeks are listed for validation (no validated list is supplied)',
    'long waiters, harm review',
    ['CLOCK.started_on', 'CLOCK.stopped_on'],
    examine(
      'clock c',
      "date_diff('day', c.started_on, CAST(extract_at() AS DATE)) > long_wait_days()",
      `${OPEN} AND c.started_on IS NOT NULL`,
    ),
    { extract: true },
  ),
  rule(
    'RTT-06',
    'WARN',
    'CLOCK.pathway_id',
    'An open clock has a future appointment or an open waiting list entry on its pathway',
    'lost to follow-up',
    ['CLOCK.pathway_id', 'CLOCK.stopped_on', 'APPT.pathway_id', 'APPT.starts_at', 'IWL.pathway_id', 'IWL.removed_on'],
    examine(
      'clock c',
      `NOT EXISTS (SELECT 1 FROM appt a WHERE a.pathway_id = c.pathway_id AND a.starts_at > extract_at() AND NOT coalesce(${CANCELLED}, FALSE))
       AND NOT EXISTS (SELECT 1 FROM iwl w WHERE w.pathway_id = c.pathway_id AND w.removed_on IS NULL)`,
      OPEN,
    ),
    { uses: ['APPT.attendance'], extract: true },
  ),
  rule(
    'RTT-07',
    'ERROR',
    'CLOCK.status',
    'Status 90, 91, 92 or 98 never has an open clock',
    'inflated list',
    ['CLOCK.status', 'CLOCK.stopped_on'],
    examine('clock c', 'c.stopped_on IS NULL', "c.status IN ('90', '91', '92', '98')"),
  ),
  rule(
    'RTT-08',
    'WARN',
    'RTT.issuer',
    'A pathway keeps the organisation that issued its identifier',
    'clock restarted',
    ['RTT.source_key', 'RTT.issuer', 'src.RTT.source_key', 'src.RTT.issuer'],
    `SELECT t.table_name, t.row_key, bool_and(t.issuer IS DISTINCT FROM s.issuer) AS failed
     FROM rtt t JOIN src_rtt s ON s.source_key = t.source_key WHERE s.issuer IS NOT NULL GROUP BY ALL`,
  ),
  rule(
    'RTT-09',
    'WARN',
    'RTT_EVENT.status',
    'Status 33 is the first activity of its pathway and not on a priority 3 referral',
    '2WW continues after DNA',
    ['RTT_EVENT.status', 'RTT_EVENT.pathway_id', 'RTT_EVENT.occurred_on'],
    examine(
      'rtt_event e',
      `EXISTS (SELECT 1 FROM rtt_event b WHERE b.pathway_id = e.pathway_id AND b.occurred_on < e.occurred_on
         AND coalesce(b.status, '') NOT IN ('10', '11', '12', '33'))
       OR EXISTS (SELECT 1 FROM ref r WHERE r.pathway_id = e.pathway_id AND r.priority = '3')`,
      "e.status = '33'",
    ),
    { uses: ['REF.pathway_id', 'REF.priority'] },
  ),
  rule(
    'RTT-10',
    'ERROR',
    'CLOCK.referral_id',
    'An open clock’s referral is open, or its pathway has an open waiting list entry or another open referral',
    'nobody owns the wait',
    ['CLOCK.stopped_on', 'CLOCK.pathway_id', 'REF.pathway_id', 'REF.closed_on'],
    examine(
      'clock c',
      `NOT EXISTS (SELECT 1 FROM ref r WHERE r.pathway_id = c.pathway_id AND r.closed_on IS NULL)
       AND NOT EXISTS (SELECT 1 FROM iwl w WHERE w.pathway_id = c.pathway_id AND w.removed_on IS NULL)`,
      `${OPEN} AND c.pathway_id IS NOT NULL`,
    ),
    { uses: ['IWL.pathway_id', 'IWL.removed_on'] },
  ),
];
