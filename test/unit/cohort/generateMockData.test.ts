import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { Catalog, type CatalogSide } from '../../../src/core/catalog/catalog.ts';
import { generateMockData } from '../../../src/core/cohort/generateMockData.ts';
import { quoteLiteral } from '../../../src/core/engine/sqlText.ts';
import { Cancelled, UserError } from '../../../src/core/shared/errors.ts';
import { field, fullCatalog } from './fullCatalog.ts';
import { MockProject } from './mockProject.ts';

interface Manifest {
  readonly seed: number;
  readonly rows: number;
  readonly status: string;
  readonly extract_at: string;
  readonly files: readonly { readonly path: string; readonly rows: number; readonly sha256: string }[];
  readonly planted: readonly {
    readonly defect: string;
    readonly count: number;
    readonly table: string;
    readonly row_keys: readonly string[];
  }[];
  readonly gaps: readonly string[];
}

async function manifestOf(made: MockProject): Promise<Manifest> {
  return JSON.parse(await made.read('mock_data/mock_data_manifest.json')) as Manifest;
}

async function hashes(made: MockProject): Promise<string> {
  return (await manifestOf(made)).files.map(({ path, sha256 }) => `${path} ${sha256}`).join('\n');
}

/** What a query over the target's files says must be nothing: rows that break a law, by SQL and not by our own code. */
const NOTHING: Readonly<Record<string, string>> = {
  'orphan appointments': 'SELECT 1 FROM {APPT} a ANTI JOIN {PMI} p USING (PATIENT_ID)',
  'orphan referrals of appointments': 'SELECT 1 FROM {APPT} a ANTI JOIN {REF} r USING (REFERRAL_ID, PATIENT_ID)',
  'orphan clocks': 'SELECT 1 FROM {CLOCK} c ANTI JOIN {RTT} r USING (PATHWAY_ID, PATIENT_ID)',
  'orphan waiting list entries': 'SELECT 1 FROM {IWL} w ANTI JOIN {REF} r USING (REFERRAL_ID, PATIENT_ID)',
  'orphan spells': 'SELECT 1 FROM {SPELL} s ANTI JOIN {PMI} p USING (PATIENT_ID)',
  'orphan episodes': 'SELECT 1 FROM {EPI} e ANTI JOIN {SPELL} s USING (SPELL_ID, PATIENT_ID)',
  'orphan diagnoses': 'SELECT 1 FROM {DX} d ANTI JOIN {EPI} e USING (EPISODE_ID, SPELL_ID, PATIENT_ID)',
  'unknown wards': 'SELECT 1 FROM {WARD} w ANTI JOIN {WARD_REF} r ON w.WARD = r.WARD_CODE',
  'unknown clinics': 'SELECT 1 FROM {APPT} a ANTI JOIN {CLINIC} c USING (CLINIC_CODE)',
  'unknown consultants': 'SELECT 1 FROM {EPI} e ANTI JOIN {STAFF} s ON e.CONSULTANT = s.STAFF_CODE',
  'discharges before admission': 'SELECT 1 FROM {SPELL} WHERE DISCHARGED_AT < ADMITTED_AT',
  'overlapping spells':
    "SELECT 1 FROM {SPELL} a JOIN {SPELL} b ON a.PATIENT_ID = b.PATIENT_ID AND a.SPELL_ID < b.SPELL_ID AND a.ADMITTED_AT < coalesce(b.DISCHARGED_AT, '9999') AND b.ADMITTED_AT < coalesce(a.DISCHARGED_AT, '9999')",
  'events after death':
    "SELECT 1 FROM {APPT} a JOIN {PMI} p USING (PATIENT_ID) WHERE p.DATE_OF_DEATH < a.STARTS_ON AND a.ATTENDANCE IN ('5', '6')",
  'attended in the future': "SELECT 1 FROM {APPT} WHERE STARTS_AT > '2026-01-31T23:59:00' AND ATTENDANCE <> '0'",
  'referrals before birth':
    'SELECT 1 FROM {REF} r JOIN {PMI} p USING (PATIENT_ID) WHERE r.RECEIVED_ON < p.DATE_OF_BIRTH',
  'clocks before their referral':
    "SELECT 1 FROM {CLOCK} c JOIN {REF} r USING (REFERRAL_ID) WHERE c.STARTED_ON < r.RECEIVED_ON AND c.START_STATUS = '10'",
  'merged records without a merge':
    'SELECT 1 FROM {PMI} p ANTI JOIN {MERGE} m ON m.OLD_PATIENT_ID = p.PATIENT_ID WHERE p.MERGED_INTO IS NOT NULL',
  'merges that end at no live patient':
    'SELECT 1 FROM {MERGE} m ANTI JOIN (FROM {PMI} WHERE MERGED_INTO IS NULL) p ON p.PATIENT_ID = m.SURVIVING_PATIENT_ID',
  'mails outside example.com': "SELECT 1 FROM {PMI} WHERE EMAIL NOT LIKE '%@example.com'",
  'phones outside drama': "SELECT 1 FROM {PMI} WHERE NOT regexp_full_match(PHONE_MOBILE, '07700900\\d\\d\\d')",
};

/** Only some families' tables: fewer files to write. */
function only(side: CatalogSide, ...families: string[]): Catalog {
  return new Catalog(
    side,
    fullCatalog(side).fields.filter((one) => families.includes(one.family)),
  );
}

describe('generate-mock-data', () => {
  const open: MockProject[] = [];
  const create = async (
    source: Catalog,
    target: Catalog,
    files: Readonly<Record<string, string>> = {},
  ): Promise<MockProject> => {
    const made = await MockProject.create(source, target, files);
    open.push(made);
    return made;
  };
  afterEach(async () => {
    for (const made of open.splice(0)) await made.close();
  });

  it('writes every table of both catalogs, none of them empty with twenty patients', async () => {
    const made = await create(fullCatalog('source'), fullCatalog('target'));
    const result = await made.generate();
    const manifest = await manifestOf(made);
    assert.equal(result.status, 'passed');
    assert.deepEqual(
      [manifest.seed, manifest.rows, manifest.status, manifest.extract_at],
      [42, 20, 'passed', '2026-01-31T23:59:00'],
    );
    assert.equal(manifest.files.length, 2 * fullCatalog('source').tables.size);
    assert.deepEqual(
      manifest.files.filter(({ rows }) => rows === 0),
      [],
    );
    assert.deepEqual(manifest.planted, []);
    assert.deepEqual(result.outputs, [...result.outputs].sort());
    const [header] = (await made.read('mock_data/source/RTT.csv')).split('\n');
    assert.equal(header, 'PATHWAY_ID,ISSUER,PATIENT_ID,REFERRAL_ID,TREATMENT_FUNCTION,STARTED_ON,ENDED_ON,STATUS');
  });

  it('counts people: records merged away come on top', async () => {
    const made = await create(only('source', 'PMI'), only('target', 'PMI'));
    const engine = await made.open();
    for (const rows of [1, 7, 8, 20, 333]) {
      await made.generate({ rows });
      const path = quoteLiteral(made.project.at('mock_data/target/PMI.csv'));
      const [found] = await engine.rows(
        `SELECT count(*) AS n FROM read_csv(${path}, all_varchar = true) WHERE MERGED_INTO IS NULL`,
      );
      assert.equal(Number(found?.['n']), rows);
    }
    await engine.close();
  });

  it('gives the same bytes for the same seed, and others for another', async () => {
    const made = await create(fullCatalog('source'), fullCatalog('target'));
    await made.generate({ rows: 60 });
    const first = await hashes(made);
    await made.generate({ rows: 60, seed: 43 });
    assert.notEqual(await hashes(made), first);
    await made.generate({ rows: 60, seed: 42 });
    assert.equal(await hashes(made), first);
  });

  it('gives each patient the same row whatever the number of patients', async () => {
    const made = await create(only('source', 'PMI'), only('target', 'PMI'));
    await made.generate({ rows: 25 });
    const few = (await made.read('mock_data/source/PMI.csv')).trimEnd();
    await made.generate({ rows: 90 });
    assert.ok((await made.read('mock_data/source/PMI.csv')).startsWith(few));
  });

  it('is coherent, by SQL over its files, with one patient as with hundreds', async () => {
    const made = await create(fullCatalog('source'), fullCatalog('target'));
    const engine = await made.open();
    try {
      for (const rows of [1, 4, 400]) {
        await made.generate({ rows, seed: rows });
        for (const [what, sql] of Object.entries(NOTHING)) {
          const query = sql.replaceAll(/\{(\w+)\}/g, (_, table: string) => {
            const path = made.project.at(`mock_data/target/${table}.csv`);
            return `read_csv(${quoteLiteral(path)}, all_varchar = true, header = true, delim = ',', quote = '"')`;
          });
          const [found] = await engine.rows(`SELECT count(*) AS n FROM (${query})`);
          assert.equal(Number(found?.['n']), 0, `${what} with ${rows} patients`);
        }
      }
    } finally {
      await engine.close();
    }
  });

  it('plants a known number of each defect in the source and leaves the target clean', async () => {
    const made = await create(fullCatalog('source'), fullCatalog('target'));
    await made.generate({ rows: 1500 });
    const clean = (await manifestOf(made)).files.filter(({ path }) => path.includes('/target/'));
    await made.generate({ rows: 1500, plant: 'standard' });
    const manifest = await manifestOf(made);
    assert.deepEqual(
      manifest.files.filter(({ path }) => path.includes('/target/')),
      clean,
    );
    assert.ok(manifest.planted.length >= 10);
    const counts = Object.fromEntries(manifest.planted.map(({ defect, count }) => [defect, count]));
    assert.equal(counts['nhs_number_check_digit'], 3);
    assert.equal(counts['duplicate_patient'], 3);
    for (const { defect, count, row_keys: keys, table } of manifest.planted) {
      assert.ok(count >= 1, defect);
      assert.equal(keys.length, count);
      assert.equal(new Set(keys).size, count);
      const text = await made.read(`mock_data/source/${table}.csv`);
      for (const key of keys) assert.ok(text.includes(`\n${key},`), `${defect} ${key}`);
    }
    const source = manifest.files.find(({ path }) => path === 'mock_data/source/PMI.csv');
    const target = manifest.files.find(({ path }) => path === 'mock_data/target/PMI.csv');
    assert.equal(source?.rows, (target?.rows ?? 0) + 3);
  });

  it('plants one of each with twenty patients', async () => {
    for (const seed of [1, 42, 99]) {
      const made = await create(fullCatalog('source'), fullCatalog('target'));
      await made.generate({ seed, plant: 'standard' });
      const missing = (await manifestOf(made)).planted.filter(({ count }) => count !== 1);
      assert.deepEqual(missing, [], `seed ${seed}`);
    }
  });

  it('writes local codes that its crosswalks know, never one that is out of force or needs a guess', async () => {
    const source = fullCatalog('source').fields.map((one) =>
      one.family === 'PMI' && one.concept === 'sex' ? { ...one, codeSet: 'SEXCODE', length: 2 } : one,
    );
    const crosswalk = [
      'source_code,target_code,description,safety_critical,valid_from,valid_to,status',
      'M,1,Male,Y,,,APPROVED',
      'F,2,Female,Y,,,',
      'FF,2,Female (old),Y,,,RETIRED',
      'Q,9,Indeterminate,Y,,,REJECTED',
      'D,X,Not known,Y,,,DRAFT',
      ' N,1,Male with a blank,Y,,,APPROVED',
      'LONG,2,Too long for the field,Y,,,APPROVED',
    ].join('\n');
    const made = await create(new Catalog('source', source), fullCatalog('target'), {
      'schemas/crosswalks/SEXCODE.csv': `${crosswalk}\n`,
    });
    await made.generate({ rows: 300 });
    const engine = await made.open();
    const path = quoteLiteral(made.project.at('mock_data/source/PMI.csv'));
    const rows = await engine.rows(`SELECT DISTINCT SEX AS code FROM read_csv(${path}, all_varchar = true) ORDER BY 1`);
    await engine.close();
    assert.deepEqual(
      rows.map((row) => row['code']),
      ['F', 'M'],
    );
  });

  it('takes specialties, consultants and wards from the project’s own lists', async () => {
    const source = fullCatalog('source').fields.map((one) =>
      one.family === 'STAFF' && one.concept === 'staff_code' ? { ...one, codeSet: 'CONS' } : one,
    );
    const made = await create(new Catalog('source', source), fullCatalog('target'), {
      'schemas/crosswalks/CONS.csv': 'source_code,target_code,description\nAB1,C0000901,Dr A\nCD2,C0000902,Dr C\n',
    });
    await made.generate();
    const text = await made.read('mock_data/source/STAFF.csv');
    assert.deepEqual(
      text
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',').slice(0, 2)),
      [
        ['AB1', 'C0000901'],
        ['CD2', 'C0000902'],
      ],
    );
  });

  it('fills fields nobody described within the row’s own days, and tables nobody knows', async () => {
    const extra = [
      field('PMI', 'UPD_DT', { dataType: 'DATE', mandatory: true, family: 'PMI', description: 'last updated' }),
      field('PMI', 'CRE_DT', { dataType: 'DATE', mandatory: true, family: 'PMI', description: 'Date created' }),
      field('PMI', 'HOW_MANY', { dataType: 'DECIMAL', precision: 6, scale: 2, mandatory: true, family: 'PMI' }),
      field('PMI', 'SPARE1', { length: 10, family: 'PMI', description: 'Spare' }),
      field('ODDMENTS', 'ODD_ID', { primaryKey: true, mandatory: true, length: 6 }),
      field('ODDMENTS', 'PAT', { foreignKey: { table: 'PMI', field: 'PATIENT_ID' }, mandatory: true, length: 10 }),
      field('ODDMENTS', 'NOTE', { length: 12, description: 'comment, "free"' }),
      field('QUEUE', 'QUEUE_ID', { dataType: 'INTEGER', primaryKey: true, mandatory: true }),
      field('QUEUE', 'ON_SITE', { foreignKey: { table: 'SITE', field: 'SITE_CODE' }, mandatory: true }),
    ];
    const made = await create(fullCatalog('source', extra), fullCatalog('target'));
    await made.generate({ rows: 40 });
    const engine = await made.open();
    const csv = (table: string) =>
      `read_csv(${quoteLiteral(made.project.at(`mock_data/source/${table}.csv`))}, all_varchar = true)`;
    const count = async (sql: string) => Number((await engine.rows(`SELECT count(*) AS n FROM (${sql})`))[0]?.['n']);
    assert.equal(
      await count(
        `FROM ${csv('PMI')} WHERE NOT (UPD_DT BETWEEN CRE_DT AND '2026-01-31') OR CRE_DT IS NULL OR SPARE1 IS NOT NULL`,
      ),
      0,
    );
    assert.equal(await count(`FROM ${csv('PMI')} WHERE NOT regexp_full_match(HOW_MANY, '\\d{1,2}\\.\\d{2}')`), 0);
    assert.ok((await count(`FROM ${csv('ODDMENTS')}`)) >= 1);
    assert.equal(await count(`FROM ${csv('ODDMENTS')} o ANTI JOIN ${csv('PMI')} p ON o.PAT = p.PATIENT_ID`), 0);
    assert.equal(await count(`SELECT DISTINCT ODD_ID FROM ${csv('ODDMENTS')}`), await count(`FROM ${csv('ODDMENTS')}`));
    assert.ok((await count(`FROM ${csv('QUEUE')}`)) >= 1);
    assert.equal(await count(`FROM ${csv('QUEUE')} q ANTI JOIN ${csv('SITE')} s ON q.ON_SITE = s.SITE_CODE`), 0);
    await engine.close();
  });

  it('fills repeated columns in order, former surnames newest first', async () => {
    const extra = [2, 3].flatMap((at) => [
      field('PMI', `FORMER_SURNAME_${at}`, { family: 'PMI', concept: 'former_surname' }),
      field('PMI', `CHANGED_${at}`, { family: 'PMI', concept: 'former_surname_changed_on', dataType: 'DATE' }),
    ]);
    const made = await create(fullCatalog('source', extra), fullCatalog('target'));
    await made.generate();
    const engine = await made.open();
    const csv = quoteLiteral(made.project.at('mock_data/source/PMI.csv'));
    const [row] = await engine.rows(
      `SELECT count(*) AS n FROM read_csv(${csv}, all_varchar = true) WHERE FORMER_SURNAME_3 IS NOT NULL AND FORMER_SURNAME <> FORMER_SURNAME_2 AND CHANGED_2 > CHANGED_3`,
    );
    await engine.close();
    assert.equal(Number(row?.['n']), 1);
  });

  it('writes number keys where the target wants numbers, the same in every table', async () => {
    const made = await create(fullCatalog('source'), fullCatalog('target', [], true));
    await made.generate({ rows: 30 });
    const engine = await made.open();
    const csv = (table: string) =>
      `read_csv(${quoteLiteral(made.project.at(`mock_data/target/${table}.csv`))}, all_varchar = true)`;
    const [orphans] = await engine.rows(
      `SELECT count(*) AS n FROM ${csv('DX')} d ANTI JOIN ${csv('EPI')} e USING (EPISODE_ID)`,
    );
    const [strange] = await engine.rows(
      `SELECT count(*) AS n FROM ${csv('EPI')} WHERE TRY_CAST(EPISODE_ID AS INTEGER) IS NULL OR TRY_CAST(CONSULTANT AS INTEGER) IS NULL`,
    );
    await engine.close();
    assert.deepEqual([Number(orphans?.['n']), Number(strange?.['n'])], [0, 0]);
  });

  it('removes the files of tables that are no more, and only those', async () => {
    const odd = field('GONE', 'GONE_ID', { primaryKey: true, mandatory: true });
    const made = await create(fullCatalog('source', [odd]), fullCatalog('target'));
    await made.generate();
    await made.write('mock_data/source/MINE.csv', 'A\n1\n');
    const manifest = await manifestOf(made);
    const hostile = {
      ...manifest,
      files: [
        ...manifest.files,
        { path: '../outside.csv' },
        { path: 'mock_data/source/../../schemas/source_schema_catalog.csv' },
      ],
    };
    await made.write('mock_data/mock_data_manifest.json', JSON.stringify(hostile));
    const next = await MockProject.create(fullCatalog('source'), fullCatalog('target'));
    open.push(next);
    await made.write('schemas/source_schema_catalog.csv', await next.read('schemas/source_schema_catalog.csv'));
    await made.generate();
    await assert.rejects(access(made.project.at('mock_data/source/GONE.csv')));
    await access(made.project.at('mock_data/source/MINE.csv'));
    await access(made.project.at('schemas/source_schema_catalog.csv'));
  });

  for (const text of ['not json', '{}', '[]', '{"files":[{"path":7}]}', '']) {
    it(`lives with a manifest that holds ${JSON.stringify(text)}`, async () => {
      const made = await create(only('source', 'PMI'), only('target', 'PMI'), {
        'mock_data/mock_data_manifest.json': text,
      });
      assert.equal((await made.generate({ rows: 1 })).status, 'passed');
    });
  }

  it('stops when asked and leaves the last outputs as they were', async () => {
    const made = await create(only('source', 'PMI'), only('target', 'PMI'));
    await made.generate();
    const before = await hashes(made);
    made.abort.abort();
    await assert.rejects(made.generate({ rows: 5000 }), Cancelled);
    assert.equal(await hashes(made), before);
  });

  it('says how far it is', async () => {
    const made = await create(only('source', 'PMI'), only('target', 'PMI'));
    await made.generate({ rows: 30 });
    const last = made.events.filter((event) => event.type === 'progress').at(-1);
    // Thirty people, and the records of theirs that were merged away.
    assert.ok(last !== undefined && last.done === last.total && last.total >= 30);
  });

  it('says when the source cannot say something', async () => {
    const source = fullCatalog('source').fields.map((one) =>
      one.family === 'APPT' && one.concept === 'attendance' ? { ...one, codeSet: 'ATT' } : one,
    );
    const made = await create(new Catalog('source', source), fullCatalog('target'), {
      'schemas/crosswalks/ATT.csv': 'source_code,target_code,description\nA,5,Attended\nN,3,Did not attend\n',
    });
    const result = await made.generate();
    const { gaps } = await manifestOf(made);
    assert.ok(gaps.some((gap) => gap.startsWith('APPT.ATTENDANCE: ATT has no code for national code 0')));
    assert.ok(made.events.some((event) => event.type === 'note' && event.level === 'warning'));
    assert.match(result.text.join(' '), /could not be filled/);
  });

  describe('refuses, in one sentence that says what to do', () => {
    const wrong: readonly (readonly [string, (made: MockProject) => Promise<unknown>, RegExp])[] = [
      [
        'a missing catalog',
        (made) => made.write('schemas/source_schema_catalog.csv', ''),
        /source_schema_catalog\.csv.*empty/s,
      ],
      [
        'a catalog without tables',
        async (made) => {
          const text = await made.read('schemas/target_schema_catalog.csv');
          await made.write('schemas/target_schema_catalog.csv', `${text.split('\n')[0]}\n`);
        },
        /describes no table.*extract-specs/,
      ],
      [
        'a broken crosswalk',
        (made) => made.write('schemas/crosswalks/X.csv', 'source_code,target_code\n"A,1\n'),
        /crosswalks\/X\.csv/,
      ],
      [
        'a crosswalk without its columns',
        (made) => made.write('schemas/crosswalks/X.csv', 'a,b\n1,2\n'),
        /source_code/,
      ],
      [
        'a code said twice',
        (made) => made.write('schemas/crosswalks/X.csv', 'source_code,target_code\nA,1\nA,2\n'),
        /X\.csv:3/,
      ],
    ];
    for (const [what, damage, message] of wrong) {
      it(what, async () => {
        const made = await create(only('source', 'PMI'), only('target', 'PMI'));
        await damage(made);
        await assert.rejects(
          made.generate(),
          (error: unknown) => error instanceof UserError && message.test(error.message),
        );
      });
    }

    it('a project before extract-specs', async () => {
      const made = await create(fullCatalog('source'), fullCatalog('target'));
      const bare = new MockProjectWithoutSchemas(made);
      await assert.rejects(
        bare.generate(),
        (error: unknown) => error instanceof UserError && /Run extract-specs first/.test(error.message),
      );
    });

    it('a table name that cannot be a file name', async () => {
      const made = await create(
        fullCatalog('source', [field('../EVIL', 'ID', { primaryKey: true })]),
        fullCatalog('target'),
      );
      await assert.rejects(
        made.generate(),
        (error: unknown) => error instanceof UserError && /rename it in the spec/.test(error.message),
      );
    });

    it('a key column too short for so many patients', async () => {
      const source = fullCatalog('source').fields.map((one) =>
        one.family === 'APPT' && one.concept === 'appointment_id' ? { ...one, length: 3 } : one,
      );
      const made = await create(new Catalog('source', source), fullCatalog('target'));
      await made.generate();
      await assert.rejects(
        made.generate({ rows: 3000 }),
        (error: unknown) => error instanceof UserError && /APPT\.APPOINTMENT_ID is too short/.test(error.message),
      );
    });

    for (const options of [
      { rows: 0 },
      { rows: -1 },
      { rows: 5_000_001 },
      { rows: 1.5 },
      { rows: 'many' },
      { seed: 0.5 },
      { seed: 2 ** 40 },
      { plant: 'some' },
    ]) {
      it(`options ${JSON.stringify(options)}`, () =>
        assert.equal(generateMockData.options.safeParse(options).success, false));
    }
  });
});

/** The same project seen from a folder that has nothing yet. */
class MockProjectWithoutSchemas {
  readonly #made: MockProject;

  constructor(made: MockProject) {
    this.#made = made;
  }

  async generate(): Promise<unknown> {
    const context = this.#made.context();
    const { Project } = await import('../../../src/core/project/layout.ts');
    return await generateMockData.run(
      { ...context, project: new Project(this.#made.project.at('nowhere')) },
      generateMockData.options.parse({}),
    );
  }
}
