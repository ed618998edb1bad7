import assert from 'node:assert/strict';
import type { MappingEvidence } from '../../../src/core/mapping/evidence.ts';
import { Lexicon } from '../../../src/core/mapping/lexicon.ts';
import { matchFields } from '../../../src/core/mapping/matchFields.ts';
import { runSteps } from '../../../src/core/shared/steps.ts';
import { smallCatalog } from '../../support/catalog.ts';

const NOTHING: MappingEvidence = { crosswalkTargets: new Map(), codeSets: new Map(), profiles: new Map() };

function match(source: string, target: string, evidence = NOTHING) {
  const [from, to] = [smallCatalog('source', source), smallCatalog('target', target)];
  const matching = runSteps(matchFields(from, to, new Lexicon(), evidence));
  const best = (table: string, field: string) => {
    const wanted = to.field(table, field);
    assert.ok(wanted !== undefined);
    return matching
      .candidates(wanted)
      .map(({ source: found, ...rest }) => ({ ...rest, name: `${found.table}.${found.field}` }));
  };
  return { best, matching };
}

const PEOPLE = `
  patients
  subject_id INTEGER key | identifier of the person
  dob DATE | day of birth
  gender VARCHAR =sex_local
  admissions
  hadm_id INTEGER key
  subject_id INTEGER ->patients.subject_id
  admittime DATETIME
  dischtime DATETIME
  qxzzy VARCHAR`;

describe('semantic mapping of fields', () => {
  const target = `
    person
    person_id INTEGER key
    birth_date DATE
    gender_code VARCHAR =person_gender
    visit
    visit_id INTEGER key
    person_id INTEGER ->person.person_id
    visit_start DATETIME
    visit_end DATETIME
    colour VARCHAR`;

  it('finds sources by meaning, in the table that fits, and says why', () => {
    const { best, matching } = match(PEOPLE, target);
    const expected: readonly [string, string, string][] = [
      ['person', 'person_id', 'patients.subject_id'],
      ['person', 'birth_date', 'patients.dob'],
      ['person', 'gender_code', 'patients.gender'],
      ['visit', 'visit_id', 'admissions.hadm_id'],
      ['visit', 'person_id', 'admissions.subject_id'],
      ['visit', 'visit_start', 'admissions.admittime'],
      ['visit', 'visit_end', 'admissions.dischtime'],
    ];
    for (const [table, field, name] of expected) assert.equal(best(table, field)[0]?.name, name, `${table}.${field}`);
    assert.equal(matching.tablesFor('visit')[0]?.table, 'admissions');
    assert.match(
      best('person', 'birth_date')[0]?.reasons.join('; ') ?? '',
      /names agree on date, birth|names agree on birth, date/,
    );
  });

  it('abstains where nothing is alike', () => {
    const { best } = match(PEOPLE, target);
    assert.ok((best('visit', 'colour')[0]?.score ?? 0) < 0.6);
  });

  it('proposes a lookup for a coded field and names the crosswalk to make', () => {
    const found = match(PEOPLE, target).best('person', 'gender_code')[0];
    assert.equal(found?.proposedClass, 'lookup');
    assert.match(found?.reasons.join('; ') ?? '', /make the crosswalk sex_local to person_gender/);
  });

  it('counts values of the data that are codes of the target', () => {
    const source = 'T\n STATUS_1 VARCHAR\n STATUS_2 VARCHAR';
    const evidence = {
      ...NOTHING,
      codeSets: new Map([['colours', new Set(['R', 'G'])]]),
      profiles: new Map([
        [
          'T.STATUS_1',
          {
            format: '',
            topValues: [
              ['X', 9],
              ['Y', 9],
            ] as const,
            filled: 18,
          },
        ],
        [
          'T.STATUS_2',
          {
            format: '',
            topValues: [
              ['R', 9],
              ['G', 9],
            ] as const,
            filled: 18,
          },
        ],
      ]),
    };
    const found = match(source, 'U\n status VARCHAR =colours', evidence).best('U', 'status')[0];
    assert.equal(found?.name, 'T.STATUS_2');
    assert.match(found?.reasons.join('; ') ?? '', /100 % of its codes are codes of colours/);
  });

  it('reads a detected format as words', () => {
    const profiles = new Map([['T.F7', { format: 'POSTCODE', topValues: [], filled: 40 }]]);
    const found = match('T\n F6 VARCHAR\n F7 VARCHAR', 'U\n postcode VARCHAR', { ...NOTHING, profiles });
    assert.equal(found.best('U', 'postcode')[0]?.name, 'T.F7');
  });

  it('takes empty catalogs and fields without words', () => {
    assert.deepEqual(match('', 'U\n x VARCHAR').best('U', 'x'), []);
    assert.deepEqual(match('T\n ___ VARCHAR', 'U\n --- VARCHAR').best('U', '---'), []);
  });

  it('gives the same candidates each time', () => {
    const once = match(PEOPLE, target).best('visit', 'visit_start');
    assert.deepEqual(match(PEOPLE, target).best('visit', 'visit_start'), once);
  });
});
