import type { CrosswalkLine } from '../crosswalk/crosswalk.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteLiteral } from '../engine/sqlText.ts';
import { crosswalkTable } from './renderRowSet.ts';

/** Lines written with one statement. */
const LINES_A_STATEMENT = 500;

/** Makes the working table of a crosswalk from its lines in force. Codes lose their outer blanks, as look-ups do. */
export async function loadCrosswalk(engine: Engine, name: string, lines: readonly CrosswalkLine[]): Promise<void> {
  const table = crosswalkTable(name);
  await engine.run(`CREATE TABLE ${table} (source_code VARCHAR, target_code VARCHAR, valid_from DATE, valid_to DATE)`);
  for (let start = 0; start < lines.length; start += LINES_A_STATEMENT) {
    const values = lines.slice(start, start + LINES_A_STATEMENT).map(valuesOf);
    await engine.run(`INSERT INTO ${table} VALUES ${values.join(', ')}`);
  }
}

function valuesOf(line: CrosswalkLine): string {
  const day = (text: string | null): string => (text === null ? 'NULL' : `DATE ${quoteLiteral(text)}`);
  const [source, target] = [line.sourceCode, line.targetCode].map((code) => quoteLiteral(code.trim()));
  return `(${source}, nullif(${target}, ''), ${day(line.validFrom)}, ${day(line.validTo)})`;
}
