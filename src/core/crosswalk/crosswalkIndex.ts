import { parseCsvText } from '../csv/csvText.ts';
import type { Parsed, Problem } from '../shared/problem.ts';
import { type CrosswalkEntry, type EventDate, ROW_POLICIES } from './crosswalkShapes.ts';

export { type CrosswalkEntry, type EventDate, ROW_POLICIES, type RowPolicy } from './crosswalkShapes.ts';

/**
 * Reads `crosswalk_index.csv`. `event_date` is optional: `TABLE.COLUMN` or `COLUMN`, several separated by semicolons.
 *
 * @param file project-relative name, for messages only
 */
export function readIndexText(text: string, file: string): Parsed<Map<string, CrosswalkEntry>> {
  const entries = new Map<string, CrosswalkEntry>();
  const parsed = parseCsvText(text, file, ['crosswalk', 'row_policy']);
  const problems: Problem[] = [...parsed.problems];
  const report = (code: string, line: number, message: string): void => {
    problems.push({ code, severity: 'error', message, place: { file, line } });
  };
  for (const { line, cells } of parsed.value.records) {
    const cell = (name: string): string => (cells[name] ?? '').trim();
    const rowPolicy = ROW_POLICIES.find((known) => known === cell('row_policy'));
    if (rowPolicy === undefined) {
      report('crosswalk-bad-policy', line, `row_policy must be ${ROW_POLICIES.join(' or ')}.`);
      continue;
    }
    const eventDates = readEventDates(cell('event_date'));
    if (eventDates === null)
      report('crosswalk-bad-event-date', line, 'event_date must be TABLE.COLUMN, several separated by semicolons.');
    const safety = cell('safety_critical').toUpperCase();
    entries.set(cell('crosswalk'), {
      rowPolicy,
      safetyCritical: safety === 'Y' || safety === 'N' ? safety === 'Y' : null,
      eventDates: eventDates ?? [],
      title: cell('title'),
      codeSet: cell('code_set'),
      owner: cell('owner'),
    });
  }
  return { value: entries, problems };
}

function readEventDates(text: string): EventDate[] | null {
  const parts = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const read = parts.map((part) => /^(?:([^.;]+)\.)?([^.;]+)$/.exec(part));
  if (read.some((match) => match === null)) return null;
  return read.map((match) => ({ table: (match?.[1] ?? '').trim(), column: (match?.[2] ?? '').trim() }));
}
