import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import * as XLSX from '@e965/xlsx';
import type { Catalog } from '../../../src/core/catalog/catalog.ts';
import { readCatalogText, writeCatalogText } from '../../../src/core/catalog/catalogFile.ts';
import { FAMILIES } from '../../../src/core/concepts/vocabulary.ts';
import { runStage } from '../../../src/core/lifecycle/runStage.ts';
import type { StageDefinition } from '../../../src/core/lifecycle/stage.ts';
import { extractSpecs } from '../../../src/core/spec/extractSpecs.ts';
import { readFieldType } from '../../../src/core/spec/fieldType.ts';
import { type TestProject, withProject } from '../../support/project.ts';

const STAGE = extractSpecs as unknown as StageDefinition;
const TARGET = { 'requirement_spec/target/t.csv': 'Table,Field,Type,Length\nLOAD_PATIENT,PATIENT_ID,VARCHAR,10\n' };

async function extract(project: TestProject) {
  const outcome = await runStage(project.context(), STAGE, {});
  const text = await project.readIfThere('schemas/source_schema_catalog.csv');
  const catalog = text === null ? null : readCatalogText(text, 'c', 'source').value;
  return {
    outcome,
    catalog,
    summary: outcome.result?.summary as { source: { files: { problems: { code: string }[] }[] } } | undefined,
  };
}

/** Reads one source document and gives its catalog. */
async function read(name: string, bytes: string | Uint8Array) {
  return withProject(TARGET, async (project) => {
    await project.write(`requirement_spec/source/${name}`, bytes);
    return extract(project);
  });
}

function field(catalog: Catalog | null, table: string, name: string) {
  const found = catalog?.field(table, name);
  assert.ok(found !== undefined, `${table}.${name} was not read`);
  return found;
}

describe('extract-specs on the sample project', () => {
  it('reads every table and field, with families, concepts and citations', async () => {
    await withProject({}, async (project) => {
      await cp('requirement_spec', join(project.root, 'requirement_spec'), { recursive: true });
      const { outcome, catalog } = await extract(project);
      assert.equal(outcome.status, 'passed', outcome.error?.message);
      assert.ok((catalog?.tables.size ?? 0) >= 30 && (catalog?.fields.length ?? 0) >= 600);
      const target = readCatalogText(await project.read('schemas/target_schema_catalog.csv'), 't', 'target').value;
      assert.ok(target.tables.size >= 30 && target.fields.length >= 450);
      for (const family of FAMILIES.keys()) {
        assert.ok(target.ofFamily(family).length > 0, `no target table of family ${family}`);
        // Former names are columns of the patient master in the old system.
        if (family !== 'FORMER_NAME')
          assert.ok((catalog?.ofFamily(family).length ?? 0) > 0, `no source table of family ${family}`);
      }
      const expected: readonly [table: string, name: string, concept: string, format: string][] = [
        ['PATMAST', 'PAT_NO', 'patient_id', ''],
        ['PATMAST', 'DOB_H', 'date_of_birth', 'HOROLOG'],
        ['PATMAST', 'FSN3', 'former_surname', ''],
        ['OPAPPT', 'APPT_DTM', 'starts_at', 'YYYYMMDDHHMM'],
        ['ADMSPELL', 'ADM_HS', 'admitted_at', 'HOROLOG_STAMP'],
        ['RTTCLK', 'CLK_FR', 'started_on', 'YYYYMMDD'],
        ['MHSECT', 'SECT_EXP', 'expires_at', 'YYYYMMDDHHMM'],
        ['CODDIAG', 'ICD_CD', 'icd10_code', ''],
      ];
      for (const [table, name, concept, format] of expected) {
        const found = field(catalog, table, name);
        assert.deepEqual([found.concept, found.format], [concept, format], `${table}.${name}`);
        assert.match(found.specLocation, new RegExp(`^${table}!row \\d+$`));
      }
      assert.equal(field(catalog, 'CONSMAST', 'CONS_CD').specLocation.startsWith('Reference tables!row'), true);
      assert.equal(writeCatalogText(target), await project.read('schemas/target_schema_catalog.csv'));
    });
  });
});

describe('extract-specs on other documents', () => {
  const documents: readonly [what: string, name: string, text: string][] = [
    [
      'semicolons and other header words',
      'd.csv',
      'Entity;Data Element;Definition;Data Type;Len;Nullable;PK\nPAT;HOSP_NO;Hospital number;char;10;N;Y\n',
    ],
    ['tabs', 'd.tsv', 'Table Name\tColumn Name\tType\tSize\tMandatory\tKey\nPAT\tHOSP_NO\tvarchar\t10\tYes\tPK\n'],
    [
      'a byte order mark and CRLF',
      'd.csv',
      '\ufeffTable,Field Name,Data Type,Length,Required,Primary Key\r\nPAT,HOSP_NO,VARCHAR2(10),,Y,Y\r\n',
    ],
    [
      'Markdown under a heading',
      'd.md',
      '# PAT\n\nPatients.\n\n| Column | Type | Required | Key |\n|---|---|---|---|\n| HOSP_NO | VARCHAR(10) | yes | PK |\n',
    ],
  ];
  for (const [what, name, text] of documents) {
    it(`reads ${what}`, async () => {
      const { outcome, catalog } = await read(name, text);
      assert.equal(outcome.status, 'passed', outcome.error?.message);
      const found = field(catalog, 'PAT', 'HOSP_NO');
      assert.deepEqual([found.dataType, found.length, found.mandatory, found.primaryKey], ['VARCHAR', 10, true, true]);
    });
  }

  it('reads UTF-16, merged cells, repeated table names and header rows further down', async () => {
    const sheet = XLSX.utils.aoa_to_sheet([
      ['Data dictionary'],
      [],
      ['Table Name', 'Field Name', 'Data Type', 'Length'],
      ['PAT', 'HOSP_NO', 'char', 10],
      ['', 'SURNAME', 'char', 40],
      ['REF', 'REF_NO', 'char', 12],
    ]);
    sheet['!merges'] = [{ s: { r: 3, c: 0 }, e: { r: 4, c: 0 } }];
    const workbook = XLSX.utils.book_new();
    XLSX.utils.book_append_sheet(workbook, sheet, 'Fields');
    const { catalog } = await read('d.xlsx', XLSX.write(workbook, { type: 'buffer', bookType: 'xlsx' }));
    assert.deepEqual([...(catalog?.tables.keys() ?? [])], ['PAT', 'REF']);
    assert.equal(field(catalog, 'PAT', 'SURNAME').specLocation, 'Fields!row 5');
    const wide = await read('d.csv', Buffer.from('\ufeffTable,Field,Type\nPAT,NAAM,char(3)\n', 'utf16le'));
    assert.equal(field(wide.catalog, 'PAT', 'NAAM').length, 3);
  });

  it('keeps the first of a field that is defined twice, and says where both are', async () => {
    const { outcome, catalog } = await read('d.csv', 'Table,Field,Type\nPAT,NO,char(10)\nPAT,NO,char(12)\n');
    assert.equal(field(catalog, 'PAT', 'NO').length, 10);
    assert.match(JSON.stringify(outcome.result?.summary), /PAT\.NO is defined at .* line 2 and again at .* line 3/);
  });

  const hostile: readonly [what: string, name: string, bytes: string | Uint8Array, words: RegExp][] = [
    ['an empty file', 'd.csv', '', /d\.csv: The file is empty/],
    [
      'a broken workbook',
      'd.xlsx',
      Buffer.from('PK\u0003\u0004 not a workbook'),
      /d\.xlsx: .*(cannot be opened|is damaged|holds no field list|no document holds)/,
    ],
    ['binary rubbish', 'd.csv', Uint8Array.from([0, 255, 17, 200, 0, 3]), /d\.csv: The file is not text/],
    ['no field list', 'd.csv', 'a,b\n1,2\n', /no document holds a field list/],
    ['an unknown kind', 'd.pdf', '%PDF-1.4', /no document holds a field list/],
    ['nothing at all', '.hidden', 'x', /requirement_spec\/source: the folder is empty/],
  ];
  for (const [what, name, bytes, words] of hostile) {
    it(`answers ${what} with one sentence`, async () => {
      const { outcome } = await read(name, bytes);
      assert.equal(outcome.returnCode, 2);
      assert.match(outcome.error?.message ?? '', words);
    });
  }

  it('names a missing folder and what to put there', async () => {
    await withProject({}, async (project) => {
      const { outcome } = await extract(project);
      assert.match(outcome.error?.message ?? '', /requirement_spec\/source: the folder is missing; create it/);
    });
  });

  it('refuses names that no file can have, and reads 10,000 fields', async () => {
    const odd = await read('d.csv', 'Table,Field,Type\n../etc,passwd,char\nPAT,OK,char(1)\n');
    assert.deepEqual([...(odd.catalog?.tables.keys() ?? [])], ['PAT']);
    const rows = Array.from({ length: 10_000 }, (_, index) => `T${Math.floor(index / 100)},F${index % 100},char(10)`);
    const huge = await read('d.csv', `Table,Field,Type\n${rows.join('\n')}\n`);
    assert.equal(huge.catalog?.fields.length, 10_000);
  });

  it('lets people overrule family and concept, and refuses a broken override file', async () => {
    await withProject(
      { ...TARGET, 'requirement_spec/source/d.csv': 'Table,Field,Type\nZZ9,Q1,char(10)\n' },
      async (project) => {
        await project.write(
          'requirement_spec/overrides.json',
          '{"families":{"source":{"ZZ9":"SPELL"},"target":{}},"concepts":{"source":{"ZZ9.Q1":"spell_id"},"target":{}}}',
        );
        const { catalog } = await extract(project);
        assert.deepEqual(
          [field(catalog, 'ZZ9', 'Q1').family, field(catalog, 'ZZ9', 'Q1').concept],
          ['SPELL', 'spell_id'],
        );
        await project.write('requirement_spec/overrides.json', '{"families":');
        assert.match((await extract(project)).outcome.error?.message ?? '', /overrides\.json: is not valid JSON/);
        await project.write('requirement_spec/overrides.json', '{"families":{"source":{"ZZ9":"HOTEL"},"target":{}}}');
        assert.match((await extract(project)).outcome.error?.message ?? '', /HOTEL is no table family/);
      },
    );
  });
});

describe('declared types', () => {
  const types: readonly [declared: string, length: string, format: string, expected: (string | number | null)[]][] = [
    ['VARCHAR2(30)', '', '', ['VARCHAR', 30, null, null, '']],
    ['%String(MAXLEN=30)', '', '', ['VARCHAR', 30, null, null, '']],
    ['char', '10', '', ['VARCHAR', 10, null, null, '']],
    ['Numeric(8,2)', '', '', ['DECIMAL', null, 8, 2, '']],
    ['NUMBER(5)', '', '', ['INTEGER', null, null, null, '']],
    ['%Date', '', '$H date', ['DATE', null, null, null, 'HOROLOG']],
    ['%String', '12', '$H date,seconds', ['DATETIME', null, null, null, 'HOROLOG_STAMP']],
    ['%Integer', '5', 'Seconds since midnight', ['TIME', null, null, null, 'HOROLOG_SECONDS']],
    ['char(12)', '', 'YYYYMMDDHHMM', ['DATETIME', null, null, null, 'YYYYMMDDHHMM']],
    ['text', '', 'DD/MM/YYYY', ['DATE', null, null, null, 'DD/MM/YYYY']],
    ['timestamp', '', '', ['DATETIME', null, null, null, '']],
    ['bit', '', '', ['BOOLEAN', null, null, null, '']],
    ['hologram', '', '', ['VARCHAR', null, null, null, '']],
  ];
  for (const [declared, length, format, expected] of types) {
    it(`${declared} ${length} ${format}`, () => {
      const type = readFieldType({ type: declared, length, format });
      assert.deepEqual([type.dataType, type.length, type.precision, type.scale, type.format], expected);
    });
  }
});
