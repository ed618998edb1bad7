import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { parse } from 'csv-parse';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { readGateReport } from './reports.ts';

/** What a person wants to see the evidence of. */
export type EvidenceSubject =
  | { readonly gate: string }
  | { readonly crosswalk: string }
  | { readonly table: string; readonly field: string };

/** A place in an evidence file. */
export interface EvidencePlace {
  readonly file: string;
  readonly line: number;
}

/** Enough to find a first reject; a later one is a search away. */
const MOST_SCANNED = 5_000_000;

/** Where the evidence of a gate, or the first reject of a crosswalk or contract row, stands. Empty when there is none. */
export async function evidencePlaces(project: Project, subject: EvidenceSubject): Promise<EvidencePlace[]> {
  if ('gate' in subject) return gateEvidence(project, subject.gate);
  const wanted: Readonly<Record<string, string>> =
    'crosswalk' in subject
      ? { crosswalk: subject.crosswalk, reason: 'UNKNOWN_CODE' }
      : { target_table: subject.table, target_field: subject.field };
  const line = await lineOfRecord(project.at(ARTEFACTS.migrationRejects), wanted);
  return line === null ? [] : [{ file: ARTEFACTS.migrationRejects, line }];
}

/** The gate's own lines in the gate report, then the files it was judged on. */
async function gateEvidence(project: Project, id: string): Promise<EvidencePlace[]> {
  const gate = (await readGateReport(project))?.gates.find((known) => known.id === id);
  if (gate === undefined) return [];
  const lines = ((await readOptionalText(project, ARTEFACTS.gateReport)) ?? '').split('\n');
  const places = [
    { file: ARTEFACTS.gateReport as string, line: lines.findIndex((text) => text.includes(`"${id}"`)) + 1 },
  ];
  for (const file of gate.evidence) {
    const there = await stat(project.at(file)).catch(() => null);
    if (there?.isFile() === true) places.push({ file, line: 1 });
  }
  return places;
}

/** First line of the first record whose cells are as wanted. Streams: rejects can be many. */
async function lineOfRecord(path: string, wanted: Readonly<Record<string, string>>): Promise<number | null> {
  const stream = createReadStream(path).pipe(
    parse({ columns: true, info: true, bom: true, relax_column_count: true, to: MOST_SCANNED }),
  );
  let endOfPrevious = 1;
  try {
    for await (const { record, info } of stream as AsyncIterable<{
      record: Record<string, string>;
      info: { lines: number };
    }>) {
      if (Object.entries(wanted).every(([name, value]) => record[name] === value)) return endOfPrevious + 1;
      endOfPrevious = info.lines;
    }
  } catch {
    // No rejects yet, or a file that is being replaced: there is nothing to open.
  }
  return null;
}
