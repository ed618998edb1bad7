import assert from 'node:assert/strict';
import fc from 'fast-check';
import { areOpposed, Lexicon, wordsOf } from '../../../src/core/mapping/lexicon.ts';

const lexicon = new Lexicon();

describe('the dictionary of the semantic mapping', () => {
  const names: readonly [name: string, terms: string][] = [
    ['PAT_NO', 'patient identifier'],
    ['subjectId', 'patient identifier'],
    ['dischtime', 'discharge time'],
    ['visit_start_datetime', 'encounter start date time'],
    ['VALID_TO', 'end'],
    ['recordedBy', 'recorded user'],
    ['isActive', 'flag active'],
    ['NHSNO', 'nhs identifier'],
    ['Family Name', 'surname'],
    ['zip_code', 'postcode'],
    ['ICD10Code', 'icd code'],
    ['Xyzzo', 'xyzzo'],
    ['', ''],
    ['__--__', ''],
  ];
  for (const [name, terms] of names) {
    it(`reads ${JSON.stringify(name)} as ${JSON.stringify(terms)}`, () => {
      assert.equal(lexicon.nameTerms(name).join(' '), terms);
    });
  }

  it('takes a project’s own words, the same and related ones', () => {
    const own = new Lexicon([
      { term: 'Zug Nr', means: 'patient identifier', weight: 1 },
      { term: 'kiosk', means: 'arrival', weight: 0.5 },
    ]);
    assert.deepEqual(own.nameTerms('ZUG_NR'), ['patient', 'identifier']);
    assert.deepEqual(own.related('kiosk'), [{ term: 'arrival', weight: 0.5 }]);
  });

  it('knows what excludes each other', () => {
    assert.equal(areOpposed(new Set(['start', 'date']), new Set(['end', 'date'])), true);
    assert.equal(areOpposed(new Set(['start', 'end']), new Set(['end'])), false);
    assert.equal(areOpposed(new Set(['date']), new Set(['end'])), false);
  });

  it('gives terms for any text, in bounded time and number', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3000, unit: 'binary' }), (text) => {
        const terms = lexicon.terms(wordsOf(text));
        assert.ok(terms.length <= 240 && terms.every((term) => term !== ''));
      }),
    );
  });
});
