import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { crosswalkName } from '../crosswalk/crosswalkName.ts';
import { DECIDING_COLUMNS } from '../crosswalk/crosswalkRules.ts';
import { type CsvRecord, parseCsvText } from '../csv/csvText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { compareText } from '../shared/order.ts';
import { Contents } from '../snapshots/contents.ts';
import { ApprovalReplay, isRestored } from './approvalReplay.ts';
import { type AuditEntry, readAudit } from './auditLog.ts';
import {
  CROSSWALK_CHANGED,
  CROSSWALK_REVIEWED,
  CROSSWALKS_RECORDED,
  lineChanges,
  lineKey,
  lineKeys,
  versionAfter,
} from './crosswalkEvents.ts';

/** A line that says APPROVED and is not approved. */
export interface LineFault {
  readonly record: CsvRecord;
  /** Columns that changed since the approval; none when nobody is on record who approved the line. */
  readonly changed: readonly string[];
}

/** A line that says APPROVED and is not, by its file and number. */
export interface FaultyLine {
  readonly file: string;
  readonly line: number;
  readonly changed: boolean;
}

/** The crosswalks as they were when the log first recorded all of them: file → hash. */
interface CrosswalkStart {
  readonly sequence: number;
  readonly files: ReadonlyMap<string, string>;
}

/**
 * What was approved of the crosswalks, line by line, as the audit log tells it. As with contract rows, a line that was
 * APPROVED when the log began counts as it stood then; one that changed since its approval, or became APPROVED with no
 * reviewer on record, does not.
 */
export class CrosswalkApprovals {
  readonly #contents: Contents;
  /** File → its events, oldest first. */
  readonly #events: ReadonlyMap<string, readonly AuditEntry[]>;
  readonly #start: CrosswalkStart | null;

  constructor(contents: Contents, events: ReadonlyMap<string, AuditEntry[]>, start: CrosswalkStart | null) {
    this.#contents = contents;
    this.#events = events;
    this.#start = start;
  }

  /**
   * The lines of a crosswalk text that say APPROVED and are not.
   *
   * @param typed true for a text that is not saved yet: decisions in it go on record with the save, and are not missed
   */
  async faults(file: string, text: string, typed = false): Promise<readonly LineFault[]> {
    const history = await this.#history(file, text);
    if (history === null) return [];
    const { replay, before } = history;
    const known = new Set(replay.standing.unreviewed);
    replay.changed(lineChanges(before, text), null, false);
    const { moved, unreviewed } = replay.standing;
    return parseCsvText(text, file, []).value.records.flatMap((record): LineFault[] => {
      if ((record.cells['status'] ?? '').trim().toUpperCase() !== 'APPROVED') return [];
      const key = lineKey(record.cells);
      if (typed ? known.has(key) && unreviewed.has(key) : unreviewed.has(key)) return [{ record, changed: [] }];
      const changed = [...(moved.get(key)?.keys() ?? [])];
      return changed.length === 0 ? [] : [{ record, changed }];
    });
  }

  /** What stood when a file was last recorded; null when every line of this text counts as it stands. */
  async #history(file: string, text: string): Promise<{ replay: ApprovalReplay; before: string } | null> {
    const events = this.#events.get(file) ?? [];
    if (this.#start === null && events.length === 0) return null;
    const [first] = events;
    // A file that was opened before all were recorded begins with what it held then.
    const earlier = first !== undefined && first.sequence < (this.#start?.sequence ?? Number.MAX_SAFE_INTEGER);
    const start = earlier ? undefined : this.#start?.files.get(file);
    const own = createHash('sha256').update(text, 'utf8').digest('hex');
    if (start === own && events.length === 0) return null;
    const read = async (sha256: string): Promise<string | null> =>
      (await this.#contents.read(sha256)) ?? (sha256 === own ? text : null);
    const restored = events.filter(isRestored).flatMap((entry) => versionAfter(entry) ?? []);
    const replay = new ApprovalReplay(new Set(restored), DECIDING_COLUMNS);
    // A file that came after the log began has nothing that was approved before it.
    let before = start !== undefined ? await read(start) : earlier ? null : '';
    replay.changed([], start ?? null, false);
    for (const entry of events) {
      if (entry.event === CROSSWALK_REVIEWED) {
        if (entry.details['decision'] === 'APPROVED') replay.reviewed(lineKeys(entry));
        continue;
      }
      const after = versionAfter(entry);
      const now = after === null ? null : await read(after);
      // Where a kept text is lost, what follows it begins anew.
      const known = before !== null && now !== null;
      replay.changed(known ? lineChanges(before ?? '', now ?? '') : [], after, isRestored(entry));
      before = now ?? before;
    }
    return { replay, before: before ?? '' };
  }
}

/** Reads what the audit log tells of the crosswalks. Without a log every line counts as it stands. */
export async function readCrosswalkApprovals(project: Project): Promise<CrosswalkApprovals> {
  const events = new Map<string, AuditEntry[]>();
  let start: CrosswalkStart | null = null;
  for (const entry of await readAudit(project)) {
    const { file, files } = entry.details;
    if (entry.event === CROSSWALKS_RECORDED && start === null && typeof files === 'object' && files !== null)
      start = {
        sequence: entry.sequence,
        files: new Map(Object.entries(files).map(([path, sha256]) => [path, String(sha256)])),
      };
    else if ((entry.event === CROSSWALK_CHANGED || entry.event === CROSSWALK_REVIEWED) && typeof file === 'string')
      events.set(file, [...(events.get(file) ?? []), entry]);
  }
  return new CrosswalkApprovals(await Contents.open(project), events, start);
}

/** Project-relative paths of the crosswalk files of the project, in order; none without the folder. */
export async function crosswalkFiles(project: Project): Promise<readonly string[]> {
  const names = await readdir(project.at(ARTEFACTS.crosswalks)).catch(() => []);
  return names
    .map((name) => `${ARTEFACTS.crosswalks}/${name}`)
    .filter((path) => crosswalkName(path) !== null)
    .sort(compareText);
}

/** Every line of the project's crosswalks that says APPROVED and is not. */
export async function faultyLines(project: Project): Promise<readonly FaultyLine[]> {
  const approvals = await readCrosswalkApprovals(project);
  const found: FaultyLine[] = [];
  for (const file of await crosswalkFiles(project)) {
    const text = await readOptionalText(project, file);
    for (const { record, changed } of text === null ? [] : await approvals.faults(file, text))
      found.push({ file, line: record.line, changed: changed.length > 0 });
  }
  return found;
}

/** Such lines in a few words: `2 crosswalk lines (schemas/crosswalks/sex.csv:4 first)`. Empty when there are none. */
export function faultyLineWords(lines: readonly FaultyLine[]): string {
  const [first] = lines;
  if (first === undefined) return '';
  const changed = lines.filter((line) => line.changed).length;
  const parts = [
    changed === 0 ? '' : `${changed} changed since the approval`,
    changed === lines.length ? '' : `${lines.length - changed} with no approval on record`,
  ].filter((part) => part !== '');
  return `${lines.length} crosswalk line${lines.length === 1 ? '' : 's'} that say${lines.length === 1 ? 's' : ''} APPROVED and ${lines.length === 1 ? 'is' : 'are'} not (${parts.join(', ')}; ${first.file}:${first.line} first)`;
}
