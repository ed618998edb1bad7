import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { DocumentReader } from '../../../src/core/spec/documentReader.ts';
import { mergeFields } from '../../../src/core/spec/readSpecFolder.ts';
import { resolveLinks } from '../../../src/core/spec/resolveLinks.ts';
import type { SpecField } from '../../../src/core/spec/specField.ts';

const ROOT = 'test/fixtures/specs';
const COLUMNS = [
  'table',
  'field',
  'data_type',
  'length',
  'precision',
  'scale',
  'mandatory',
  'primary_key',
  'foreign_key',
  'code_set',
  'format',
  'location',
] as const;

interface Count {
  right: number;
  expected: number;
  read: number;
}

/** Harmonic mean of the share of what is expected that was read, and of what was read that is expected. */
function f1({ right, expected, read }: Count): number {
  return (2 * right) / (expected + read);
}

function cells(field: SpecField): string {
  const flag = (yes: boolean): string => (yes ? 'Y' : 'N');
  const link = field.foreignKey === null ? '' : `${field.foreignKey.table}.${field.foreignKey.field}`;
  const numbers = [field.length, field.precision, field.scale].map((value) => value ?? '');
  const flags = [flag(field.mandatory), flag(field.primaryKey)];
  return [
    field.table,
    field.field,
    field.dataType,
    ...numbers,
    ...flags,
    link,
    field.codeSet,
    field.format,
    field.specLocation,
  ].join('|');
}

describe('requirement specs of other shapes and styles', () => {
  const total: Count = { right: 0, expected: 0, read: 0 };
  const lines: string[] = [];
  const reader = new DocumentReader(new AbortController().signal);
  after(() => reader.close());

  it('are read with a field F1 of 0.98 or more, every attribute and citation counted', async () => {
    const names = (await readdir(ROOT)).sort();
    assert.ok(names.length >= 8, `${names.length} fixtures`);
    for (const name of names) {
      const files = (await readdir(join(ROOT, name, 'spec'))).sort();
      const read = [];
      for (const file of files)
        read.push(
          await reader.read({ bytes: await readFile(join(ROOT, name, 'spec', file)), file, decided: new Map() }),
        );
      const fields = resolveLinks(mergeFields(read, [])).map(cells);
      const records = parse(await readFile(join(ROOT, name, 'expected.csv'), 'utf8'), { columns: true }) as Record<
        string,
        string
      >[];
      const expected = new Set(records.map((record) => COLUMNS.map((column) => record[column] ?? '').join('|')));
      const count = {
        right: fields.filter((field) => expected.has(field)).length,
        expected: expected.size,
        read: fields.length,
      };
      for (const key of ['right', 'expected', 'read'] as const) total[key] += count[key];
      lines.push(
        `    ${name.padEnd(28)} ${String(count.right).padStart(4)} of ${count.expected} fields, F1 ${f1(count).toFixed(3)}`,
      );
      if (process.env['SPEC_DIFF'] === '1') {
        const got = new Set(fields);
        for (const field of expected) if (!got.has(field)) lines.push(`      expected ${field}`);
        for (const field of fields) if (!expected.has(field)) lines.push(`      read     ${field}`);
      }
    }
    process.stdout.write(`${lines.join('\n')}\n    field F1 over all fixtures: ${f1(total).toFixed(4)}\n`);
    assert.ok(f1(total) >= 0.98, `F1 ${f1(total)}`);
  });
});
