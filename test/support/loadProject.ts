import { createHash } from 'node:crypto';
import type { TestProject } from './project.ts';
import { catalogText } from './smallProject.ts';

const CATALOG = catalogText(`
  PATIENT.ID VARCHAR(10) M PK
  PATIENT.NAME VARCHAR(40) M
  PATIENT.BORN DATE
  PATIENT.WEIGHT DECIMAL
  PATIENT.SEEN DATETIME
  PATIENT.AT TIME
  PATIENT.ALIVE BOOLEAN
  EVENT.ID INTEGER M PK
  EVENT.PATIENT_ID VARCHAR(10) M FK=PATIENT.ID
  EVENT.PARENT_ID INTEGER FK=EVENT.ID
  EVENT.KIND VARCHAR(8) M
  EVENT.NOTE VARCHAR(200)
`);

const NOTES = [
  '',
  '""',
  'plain text '.repeat(18).trim(),
  '"a, b"',
  '"said ""no"""',
  '"two\nlines"',
  ` ${'led by a space '.repeat(12)}`,
  'Zoë 李 🩺 '.repeat(18).trim(),
  '\\.',
  "it's",
];

/** Cells that are easy to get wrong on the way: quotes, line ends, an empty text beside null, characters beyond ASCII. */
export function patientsCsv(rows: number): string {
  const lines = Array.from({ length: rows }, (_, at) => {
    const born = at % 7 === 0 ? '' : `19${String(10 + (at % 90))}-0${1 + (at % 9)}-1${at % 10}`;
    const weight = at % 5 === 0 ? '' : `${at % 200}.${String(at % 1000).padStart(3, '0')}`;
    const seen = at % 3 === 0 ? '' : `2025-03-1${at % 10}T1${at % 10}:2${at % 10}:00`;
    return `P${at},${at % 11 === 0 ? `"O'Brien, ${at}"` : `Née ${at}`},${born},${weight},${seen},${at % 2 === 0 ? '09:30:00' : ''},${at % 4 === 0 ? '' : at % 2 === 0}`;
  });
  return `ID,NAME,BORN,WEIGHT,SEEN,AT,ALIVE\n${lines.map((line) => `${line}\n`).join('')}`;
}

/** @param change gives another line for a row (from 1), e.g. one that breaks a constraint */
export function eventsCsv(rows: number, patients: number, change: Readonly<Record<number, string>> = {}): string {
  const lines = Array.from({ length: rows }, (_, at) => {
    const row = at + 1;
    const parent = at % 4 === 0 ? '' : String(row - 1);
    return change[row] ?? `${row},P${at % patients},${parent},K${at % 10},${NOTES[at % NOTES.length]}`;
  });
  return `ID,PATIENT_ID,PARENT_ID,KIND,NOTE\n${lines.map((line) => `${line}\n`).join('')}`;
}

/** The files of a project whose migration wrote these tables. */
export function loadFiles(
  tables: Readonly<Record<string, { readonly csv: string; readonly rows: number }>>,
  connections: Readonly<Record<string, { readonly type: string; readonly options: object }>>,
): Record<string, string> {
  const outputs = Object.entries(tables).map(([table, { csv, rows }]) => ({
    path: `mock_data/target_contract/${table}.csv`,
    sha256: createHash('sha256').update(csv).digest('hex'),
    rows,
  }));
  return {
    'schemas/target_schema_catalog.csv': CATALOG,
    'connectors.json': `${JSON.stringify({ schema_version: 1, source: null, target: null, connections })}\n`,
    'reports/contract_migration_report.json': JSON.stringify({
      status: 'passed',
      run_id: 'migration',
      outputs,
      release_profile: 'development',
      data_class: { class: 'none', nhs_numbers_in_test_range: 0, nhs_numbers_outside: 0 },
    }),
    ...Object.fromEntries(
      Object.entries(tables).map(([table, { csv }]) => [`mock_data/target_contract/${table}.csv`, csv]),
    ),
  };
}

/** Puts other migrated rows into the project, as another run of the migration would. */
export async function migrateAgain(
  project: TestProject,
  tables: Readonly<Record<string, { readonly csv: string; readonly rows: number }>>,
  connections: Readonly<Record<string, { readonly type: string; readonly options: object }>>,
): Promise<void> {
  for (const [path, text] of Object.entries(loadFiles(tables, connections))) await project.write(path, text);
}
