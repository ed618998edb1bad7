import { parseCsvText } from '../csv/csvText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import type { Crosswalk } from './crosswalk.ts';

/** Lines told by their number; of more, how many there are. */
const MOST_TOLD = 10;

type NotedCrosswalk = Pick<Crosswalk, 'file' | 'lines' | 'entry' | 'dated' | 'eventDates'>;

/** What is to be known of the lines of a crosswalk beside the data. */
export interface LineNotes {
  /** Lines in force whose target code is not in the target's list. */
  readonly strayLines: number;
  readonly sentences: readonly string[];
}

/**
 * Looks at the lines in force: target codes that their list does not have, and dates that nothing applies.
 *
 * @param today `YYYY-MM-DD`; null when it is not to be told which dates are over
 */
export async function lineNotes(project: Project, crosswalk: NotedCrosswalk, today: string | null): Promise<LineNotes> {
  const set = crosswalk.entry?.codeSet ?? '';
  const known = await codesOf(project, set);
  const stray =
    known === null
      ? []
      : crosswalk.lines.filter(({ targetCode }) => targetCode.trim() !== '' && !known.has(targetCode));
  const sentences: string[] = [];
  if (stray.length > 0) {
    const more = stray.length > MOST_TOLD ? ` and ${stray.length - MOST_TOLD} more` : '';
    sentences.push(
      `${stray.length} line${stray.length === 1 ? ' gives a target code' : 's give target codes'} that ${ARTEFACTS.codeSets}/${set}.csv does not have (line ${stray
        .slice(0, MOST_TOLD)
        .map(({ line }) => line)
        .join(', ')}${more} of ${crosswalk.file}): correct the line, or the list.`,
    );
  }
  const dates = datesText(crosswalk, today);
  return { strayLines: stray.length, sentences: dates === null ? sentences : [...sentences, dates] };
}

/** Without an event date no day is known, and a line holds for every row whatever its dates say. */
function datesText({ lines, dated, eventDates }: NotedCrosswalk, today: string | null): string | null {
  if (!dated || eventDates.length > 0) return null;
  const ended = lines.filter(({ validTo }) => today !== null && validTo !== null && validTo < today).length;
  const later = lines.filter(({ validFrom }) => today !== null && validFrom !== null && validFrom > today).length;
  const told = [
    ended === 0 ? '' : `${ended} ended before today`,
    later === 0 ? '' : `${later} begin${later === 1 ? 's' : ''} after today`,
  ].filter((part) => part !== '');
  return `Lines have dates${told.length === 0 ? '' : ` (${told.join(', ')})`}, but ${ARTEFACTS.crosswalkIndex} names no event_date: the dates are not applied, and every line counts at any time.`;
}

/** Codes of a target's list; null when there is no list to compare with. */
async function codesOf(project: Project, set: string): Promise<ReadonlySet<string> | null> {
  if (!/^[\w-]+$/.test(set)) return null;
  const file = `${ARTEFACTS.codeSets}/${set}.csv`;
  const text = await readOptionalText(project, file).catch(() => null);
  if (text === null) return null;
  const codes = parseCsvText(text, file, ['code']).value.records.map(({ cells }) => cells['code'] ?? '');
  return codes.length === 0 ? null : new Set(codes);
}
