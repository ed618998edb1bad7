import { readFile } from 'node:fs/promises';
import { CONTRACT_COLUMNS } from '../contract/contractFile.ts';
import { csvText, parseCsvText } from '../csv/csvText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { compareText } from '../shared/order.ts';
import { Contents } from './contents.ts';
import { readSnapshot } from './snapshot.ts';

/**
 * The contract of a snapshot, or of `now`, as a text whose lines can be compared: rows in key order, cells quoted alike.
 * Two versions that differ only in order or quotes give the same text.
 *
 * @returns an empty text when that version has no contract
 */
export async function contractVersion(project: Project, snapshot: string): Promise<string> {
  return inKeyOrder(await contractText(project, snapshot));
}

async function contractText(project: Project, id: string): Promise<string> {
  if (id === 'now') return (await readOptionalText(project, ARTEFACTS.contract)) ?? '';
  const snapshot = await readSnapshot(project, id);
  const file = snapshot.files.find((known) => known.path === ARTEFACTS.contract);
  if (file === undefined) return '';
  return readFile((await Contents.open(project)).pathOf(file.sha256), 'utf8');
}

function inKeyOrder(text: string): string {
  if (text === '') return '';
  const { value } = parseCsvText(text, ARTEFACTS.contract, CONTRACT_COLUMNS.slice(0, 2));
  const keyOf = (cells: Readonly<Record<string, string>>): string =>
    [cells['target_table'], cells['target_field'], cells['row_set']].join('\0');
  const rows = value.records.map(({ cells }) => ({
    key: keyOf(cells),
    line: value.columns.map((column) => cells[column] ?? ''),
  }));
  rows.sort((a, b) => compareText(a.key, b.key));
  return csvText(
    value.columns,
    rows.map((row) => row.line),
  );
}
