import assert from 'node:assert/strict';
import { readCatalogText } from '../../../src/core/catalog/catalogFile.ts';
import { buildMappingContract } from '../../../src/core/contract/buildMappingContract.ts';
import { parseCsvText } from '../../../src/core/csv/csvText.ts';
import { runStage } from '../../../src/core/lifecycle/runStage.ts';
import type { StageDefinition } from '../../../src/core/lifecycle/stage.ts';
import { STAGES } from '../../../src/core/lifecycle/stages.ts';
import { check } from '../../support/check.ts';
import { type TestProject, withProject } from '../../support/project.ts';
import { SOURCE_CATALOG, smallProject, TARGET_CATALOG } from '../../support/smallProject.ts';

const FIELDS = 'reports/mapping_contract.csv';
const TABLES = 'reports/mapping_contract_tables.csv';
const RETIRED = 'reports/mapping_contract_retired.csv';
const MATRIX = 'reports/semantic_mapping_matrix.csv';
const TARGET = 'schemas/target_schema_catalog.csv';

/** `LOAD_X.F <- T.C 0.9 direct` a line. */
function matrixText(lines: string): string {
  const rows = lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [target = '', , source = '', score = '', mappingClass = ''] = line.trim().split(/\s+/);
      return `${target.replace('.', ',')},1,${source.replace('.', ',')},${score},${mappingClass},because`;
    });
  return `target_table,target_field,rank,source_table,source_field,score,proposed_class,reasons\n${rows.join('\n')}\n`;
}

const PROPOSALS = matrixText(`
  LOAD_PATIENT.PATIENT_ID <- PAT.NO 0.97 direct
  LOAD_PATIENT.SURNAME <- PAT.SNM 0.91 direct
  LOAD_PATIENT.BORN <- PAT.DOB 0.9 direct
  LOAD_PATIENT.SEX <- PAT.SEX 0.88 lookup
  LOAD_PATIENT.RELIGION <- PAT.REL 0.5 unresolved
  LOAD_NAME.PATIENT_ID <- PAT.NO 0.9 direct
  LOAD_NAME.SURNAME <- PAT.FSN1 0.7 direct
  LOAD_REFERRAL.KEY <- REF.RNO 0.9 direct
  LOAD_REFERRAL.LEGACY_NO <- REF.RNO 0.9 direct
  LOAD_REFERRAL.PATIENT_ID <- REF.NO 0.9 direct
  LOAD_REFERRAL.RECEIVED <- REF.RCV 0.8 direct
  LOAD_APPOINTMENT.ID <- APP.ANO 0.8 direct
  LOAD_APPOINTMENT.REFERRAL_KEY <- APP.RNO 0.8 direct
  LOAD_APPOINTMENT.PATIENT_ID <- APP.NO 0.8 direct
  LOAD_APPOINTMENT.STARTS <- APP.AT 0.8 direct
`);

function files(changes: Readonly<Record<string, string | null>> = {}): Record<string, string> {
  const all = { ...smallProject(), [MATRIX]: PROPOSALS, ...changes };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null));
}

async function build(project: TestProject) {
  return runStage(project.context(), buildMappingContract as unknown as StageDefinition, {});
}

async function rebuilt(project: TestProject): Promise<Record<string, number>> {
  const outcome = await build(project);
  assert.equal(outcome.error?.message, undefined);
  return outcome.result?.summary['rebuild'] as Record<string, number>;
}

/** Rows as cells, by `TABLE.FIELD` and row set. */
async function rows(project: TestProject, path = FIELDS): Promise<Map<string, Record<string, string>>> {
  const { value } = parseCsvText(await project.read(path), path, []);
  return new Map(
    value.records.map(({ cells }) => [
      `${cells['target_table']}.${cells['target_field'] ?? ''}${cells['row_set'] === '' ? '' : `/${cells['row_set']}`}`,
      { ...cells },
    ]),
  );
}

/** A contract whose types are those of the catalog, as a second build leaves it. */
async function settled(project: TestProject): Promise<string> {
  await rebuilt(project);
  return project.read(FIELDS);
}

const without = (text: string, line: RegExp): string =>
  text
    .split('\n')
    .filter((row) => !line.test(row))
    .join('\n');

describe('build-mapping-contract', () => {
  describe('without a contract', () => {
    const fresh = () => files({ [FIELDS]: null, [TABLES]: null });

    it('proposes a row for every target field and is silent about what it does not know', async () => {
      await withProject(fresh(), async (project) => {
        const counts = await rebuilt(project);
        const contract = await rows(project);
        const target = readCatalogText(TARGET_CATALOG, 'target.csv', 'target').value;
        assert.equal(contract.size, target.fields.length);
        assert.equal(counts['added'], target.fields.length);
        const of = (name: string) => contract.get(name) ?? {};
        assert.equal(of('LOAD_PATIENT.SURNAME')['mapping_class'], 'direct');
        assert.equal(of('LOAD_PATIENT.SURNAME')['confidence'], '0.91');
        assert.equal(of('LOAD_PATIENT.SEX')['crosswalk'], 'sex');
        assert.equal(of('LOAD_PATIENT.SEX')['mapping_class'], 'lookup');
        assert.equal(of('LOAD_PATIENT.RELIGION')['mapping_class'], 'unresolved');
        assert.equal(of('LOAD_PATIENT.RELIGION')['source_field'], '');
        assert.equal(of('LOAD_PATIENT.RELIGION')['notes'], 'Nearest: PAT.REL (0.50).');
        assert.equal(of('LOAD_REFERRAL.KEY')['mapping_class'], 'surrogate');
        assert.equal(of('LOAD_REFERRAL.KEY')['rule'], 'RNO');
        assert.equal(of('LOAD_APPOINTMENT.REFERRAL_KEY')['mapping_class'], 'surrogate');
        assert.equal(of('LOAD_APPOINTMENT.REFERRAL_KEY')['rule'], 'RNO');
        assert.ok([...contract.values()].every((row) => row['status'] === 'DRAFT' && row['owner'] !== ''));
        const tables = await rows(project, TABLES);
        assert.deepEqual(
          [...tables.values()].map((row) => [
            row['target_table'],
            row['driving_table'],
            row['grain'],
            row['load_order'],
          ]),
          [
            ['LOAD_PATIENT', 'PAT', 'PATIENT_ID', '1'],
            ['LOAD_NAME', 'PAT', 'PATIENT_ID,SEQ', '2'],
            ['LOAD_REFERRAL', 'REF', 'KEY', '2'],
            ['LOAD_APPOINTMENT', 'APP', 'ID', '3'],
          ],
        );
      });
    });

    it('makes a contract that compiles', async () => {
      await withProject(fresh(), async (project) => {
        await rebuilt(project);
        const { problems } = await check(await project.read(FIELDS), await project.read(TABLES));
        assert.deepEqual(
          problems.filter((problem) => problem.startsWith('error')),
          [],
        );
      });
    });

    it('is byte-identical when built again', async () => {
      await withProject(fresh(), async (project) => {
        const first = await settled(project);
        const tables = await project.read(TABLES);
        const counts = await rebuilt(project);
        assert.equal(await project.read(FIELDS), first);
        assert.equal(await project.read(TABLES), tables);
        assert.equal(counts['kept'], counts['added'] === 0 ? (await rows(project)).size : -1);
      });
    });

    it('leaves a code open until its crosswalk is there, then proposes the lookup', async () => {
      await withProject({ ...fresh(), 'schemas/crosswalks/sex.csv': '' }, async (project) => {
        const { rm, writeFile } = await import('node:fs/promises');
        const path = `${project.root}/schemas/crosswalks/sex.csv`;
        await rm(path);
        await rebuilt(project);
        const waiting = (await rows(project)).get('LOAD_PATIENT.SEX');
        assert.equal(waiting?.['mapping_class'], 'unresolved');
        assert.match(waiting?.['notes'] ?? '', /^Make the crosswalk sex to /);
        await writeFile(path, 'source_code,target_code\nM,1\n');
        assert.equal((await rebuilt(project))['proposed'], 1);
        const ready = (await rows(project)).get('LOAD_PATIENT.SEX');
        assert.equal(ready?.['mapping_class'], 'lookup');
        assert.equal(ready?.['notes'], '');
      });
    });
  });

  describe('over a contract that people have edited', () => {
    it('changes nothing when nothing has changed, not even the file', async () => {
      await withProject(files(), async (project) => {
        const text = await settled(project);
        const odd = `\ufeff${text.replaceAll('\n', '\r\n').replace('Mapping Analyst', '"Mapping Analyst"')}\r\n`;
        await project.write(FIELDS, odd);
        const { stat } = await import('node:fs/promises');
        const before = await stat(`${project.root}/${FIELDS}`);
        const counts = await rebuilt(project);
        const after = await stat(`${project.root}/${FIELDS}`);
        assert.equal(await project.read(FIELDS), odd);
        assert.equal(after.ino, before.ino);
        assert.deepEqual([counts['added'], counts['changed'], counts['proposed'], counts['retired']], [0, 0, 0, 0]);
      });
    });

    it('keeps every word, also in columns of your own and in rows whose proposal differs', async () => {
      await withProject(files(), async (project) => {
        const text = await settled(project);
        const lines = text.trimEnd().split('\n');
        const edited = [`${lines[0]},ticket`, ...lines.slice(1).map((line, index) => `${line},"MIG ""${index}"""`)];
        const mine = `${edited.join('\n')}\n`.replace(/^LOAD_PATIENT,SURNAME,.*$/m, (line) =>
          line.replace('direct,PAT,SNM,', 'derived,,,"upper(trim(SNM))"').replace('APPROVED', 'IN_REVIEW'),
        );
        await project.write(FIELDS, mine);
        await rebuilt(project);
        assert.equal(await project.read(FIELDS), mine);
      });
    });

    it('adds new target fields behind their table and touches no other line', async () => {
      await withProject(files(), async (project) => {
        const text = await settled(project);
        await project.write(FIELDS, without(text, /^LOAD_PATIENT,BORN,/));
        assert.equal((await rebuilt(project))['added'], 1);
        const after = await project.read(FIELDS);
        assert.equal(without(after, /^LOAD_PATIENT,BORN,/), without(text, /^LOAD_PATIENT,BORN,/));
        const lines = after.split('\n');
        const at = lines.findIndex((line) => line.startsWith('LOAD_PATIENT,BORN,'));
        assert.match(lines[at - 1] ?? '', /^LOAD_PATIENT,LOADED_BY,/);
        assert.match(lines[at] ?? '', /,direct,PAT,DOB,,,,0\.90,DRAFT,Data Mapping Analyst,/);
      });
    });

    it('opens an approved row again when its target field has changed, and says what it was', async () => {
      await withProject(files(), async (project) => {
        await settled(project);
        const target = await project.read(TARGET);
        await project.write(TARGET, target.replace(/^(LOAD_PATIENT,SURNAME,.*),VARCHAR\(10\),/m, '$1,VARCHAR(8),'));
        const counts = await rebuilt(project);
        assert.deepEqual([counts['changed'], counts['reopened']], [1, 1]);
        const row = (await rows(project)).get('LOAD_PATIENT.SURNAME');
        assert.equal(row?.['data_type'], 'VARCHAR(8)');
        assert.equal(row?.['status'], 'DRAFT');
        assert.equal(row?.['source_field'], 'SNM');
        assert.equal(row?.['notes'], 'The target field was VARCHAR(10), mandatory; review again.');
        assert.equal((await rebuilt(project))['changed'], 0);
      });
    });

    it('moves rows of vanished fields to the retired file, and puts them back with their target', async () => {
      await withProject(files(), async (project) => {
        const text = await settled(project);
        const tables = await project.read(TABLES);
        const target = await project.read(TARGET);
        await project.write(TARGET, without(target, /^LOAD_NAME,|^LOAD_PATIENT,SEX,/));
        const counts = await rebuilt(project);
        assert.deepEqual([counts['retired'], counts['tables_retired']], [6, 2]);
        const retired = parseCsvText(await project.read(RETIRED), RETIRED, []).value.records;
        assert.equal(retired.length, 8);
        assert.ok(!(await project.read(FIELDS)).includes('LOAD_NAME'));
        // Nothing to do: the retired file stays as it is.
        const before = await project.read(RETIRED);
        await rebuilt(project);
        assert.equal(await project.read(RETIRED), before);

        await project.write(TARGET, target);
        const back = await rebuilt(project);
        assert.deepEqual([back['restored'], back['tables_restored'], back['added']], [6, 2, 0]);
        assert.equal(await project.readIfThere(RETIRED), null);
        const sorted = (file: string): string[] => file.trimEnd().split('\n').sort();
        assert.deepEqual(sorted(await project.read(FIELDS)), sorted(text));
        assert.deepEqual(sorted(await project.read(TABLES)), sorted(tables));
      });
    });

    it('puts back retired words whose column has gone since', async () => {
      await withProject(files(), async (project) => {
        const text = await settled(project);
        const target = await project.read(TARGET);
        const lines = text.trimEnd().split('\n');
        await project.write(
          FIELDS,
          `${lines[0]},ticket\n${lines
            .slice(1)
            .map((line) => `${line},T1`)
            .join('\n')}\n`,
        );
        await project.write(TARGET, without(target, /^LOAD_PATIENT,SEX,/));
        await rebuilt(project);
        await project.write(FIELDS, without(text, /^LOAD_PATIENT,SEX,/));
        await project.write(TARGET, target);
        await rebuilt(project);
        assert.equal((await rows(project)).get('LOAD_PATIENT.SEX')?.['ticket'], 'T1');
        assert.equal((await rows(project)).get('LOAD_PATIENT.BORN')?.['ticket'], '');
      });
    });

    const words: readonly [what: string, edit: (line: string) => string, mappingClass: string][] = [
      ['nobody has touched', (line) => line, 'direct'],
      ['has a note', (line) => line.replace(/,,$/, ',Ask the ward,'), 'unresolved'],
      ['has another owner', (line) => line.replace('Mapping Analyst', 'Ann'), 'unresolved'],
      ['is in review', (line) => line.replace('DRAFT', 'IN_REVIEW'), 'unresolved'],
      ['has a default', (line) => line.replace(/(unresolved,,,,),/, '$1X,'), 'unresolved'],
    ];
    for (const [what, edit, mappingClass] of words) {
      it(`${mappingClass === 'direct' ? 'proposes anew' : 'leaves'} an open row that ${what}`, async () => {
        await withProject(files(), async (project) => {
          const open = 'LOAD_PATIENT,BORN,DATE,N,unresolved,,,,,,0.00,DRAFT,Mapping Analyst,,';
          const text = (await settled(project)).replace(/^LOAD_PATIENT,BORN,.*$/m, edit(open));
          await project.write(FIELDS, text);
          const counts = await rebuilt(project);
          assert.equal(counts['proposed'], mappingClass === 'direct' ? 1 : 0);
          assert.equal((await rows(project)).get('LOAD_PATIENT.BORN')?.['mapping_class'], mappingClass);
          if (mappingClass !== 'direct') assert.equal(await project.read(FIELDS), text);
        });
      });
    }

    it('asks for a mandatory field in the row sets that lack it', async () => {
      await withProject(files(), async (project) => {
        const text = await settled(project);
        await project.write(FIELDS, without(text, /^LOAD_NAME,SURNAME,.*former_2$/));
        const outcome = await build(project);
        assert.deepEqual(outcome.result?.summary['unresolved_mandatory'], ['LOAD_NAME.SURNAME']);
        const row = (await rows(project)).get('LOAD_NAME.SURNAME/former_2');
        assert.equal(row?.['status'], 'DRAFT');
        assert.equal(row?.['mapping_class'], 'unresolved');
      });
    });

    it('counts what is open, by class, status and table', async () => {
      await withProject(files(), async (project) => {
        const text = await settled(project);
        await project.write(FIELDS, text.replace(/,direct,PAT,SNM,/, ',unresolved,,,'));
        const open = (await build(project)).result?.summary ?? {};
        assert.deepEqual(open['unresolved_mandatory'], ['LOAD_PATIENT.SURNAME']);
        assert.equal((open['by_class'] as Record<string, number>)['unresolved'], 1);
        assert.equal(typeof open['contract_sha256'], 'string');
        assert.equal((open['by_table'] as unknown[]).length, 4);
      });
    });
  });

  const bad: readonly [what: string, change: Record<string, string | null>, words: RegExp][] = [
    ['no matrix', { [MATRIX]: null }, /semantic_mapping_matrix\.csv: not found\. Run analyze-semantic-mapping first/],
    ['a matrix of something else', { [MATRIX]: 'a,b\n1,2\n' }, /semantic_mapping_matrix\.csv:1: The header lacks/],
    ['a matrix with a bad line', { [MATRIX]: matrixText('A.B <- C.D 7 direct') }, /matrix\.csv:2: The line is no/],
    ['no catalog', { [TARGET]: null }, /target_schema_catalog\.csv: not found/],
    [
      'an empty catalog',
      { [TARGET]: `${TARGET_CATALOG.split('\n')[0]}\n` },
      /target_schema_catalog\.csv: names no field/,
    ],
    ['one contract file only', { [TABLES]: null }, /mapping_contract_tables\.csv: is missing while/],
    ['a contract that was cut off', { [FIELDS]: 'target_table,"tar' }, /mapping_contract\.csv:1:14: .*never closed/],
    ['an empty contract file', { [FIELDS]: '' }, /mapping_contract\.csv:1: The file is empty/],
    ['a retired file that was cut off', { [RETIRED]: 'retired_from,"t' }, /mapping_contract_retired\.csv:1:14: /],
    ['a retired file of something else', { [RETIRED]: 'a\n1\n' }, /mapping_contract_retired\.csv:1: The header lacks/],
  ];
  for (const [what, change, expected] of bad) {
    it(`refuses ${what} and leaves the contract alone`, async () => {
      await withProject(files(change), async (project) => {
        const before = await project.readIfThere(FIELDS);
        const outcome = await build(project);
        assert.equal(outcome.status, 'error');
        assert.match(outcome.error?.message ?? '', expected);
        assert.equal(await project.readIfThere(FIELDS), before);
      });
    });
  }

  it('rebuilds a contract of 50,000 rows', async () => {
    const header = SOURCE_CATALOG.split('\n')[0];
    const line = (field: number) => `LOAD_X,F${field},${field},VARCHAR,9,,,N,N,,,,s.csv,line,1,VARCHAR(9),,,`;
    const target = [header, ...Array.from({ length: 50_000 }, (_, index) => line(index))].join('\n');
    await withProject(files({ [TARGET]: target, [FIELDS]: null, [TABLES]: null }), async (project) => {
      const text = await settled(project);
      assert.equal((await rebuilt(project))['kept'], 50_000);
      assert.equal(await project.read(FIELDS), text);
    });
  });

  it('is in the stage table', () => {
    assert.ok(STAGES.some((stage) => stage.id === buildMappingContract.id));
  });
});
