import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  exampleEmail,
  nhsCheckDigit,
  syntheticNhsNumber,
  syntheticPostcode,
} from '../../../src/core/cohort/identifiers.ts';
import { Random } from '../../../src/core/cohort/random.ts';

/** Modulus 11 written the long way, from the brief's own words. */
function isValidNhsNumber(number: string): boolean {
  const sum = [...number.slice(0, 9)].reduce((total, digit, at) => total + Number(digit) * (10 - at), 0);
  const check = 11 - (sum % 11);
  return check !== 10 && Number(number[9]) === (check === 11 ? 0 : check);
}

const POSTCODE =
  /^(GIR 0AA|(?:[A-PR-UWYZ]\d{1,2}|[A-PR-UWYZ]\d[A-HJKMNP-Y]|[A-PR-UWYZ][A-HK-Y]\d{1,2}|[A-PR-UWYZ][A-HK-Y]\d[A-HJKMNP-Y]) \d[ABD-HJLNP-UW-Z]{2})$/;

describe('synthetic identifiers', () => {
  it('agrees with the published example and the first numbers of the test range', () => {
    assert.equal(nhsCheckDigit(943476591), 9);
    assert.equal(nhsCheckDigit(999000000), null);
    assert.equal(nhsCheckDigit(999000004), 2);
  });

  it('gives every patient of a seed a valid number of the 999 range, and no two the same', () => {
    const seen = new Set<string>();
    for (let patient = 1; patient <= 60_000; patient += 1) {
      const number = syntheticNhsNumber(42, patient);
      if (number === null) continue;
      assert.match(number, /^999\d{7}$/);
      assert.ok(isValidNhsNumber(number));
      seen.add(number);
    }
    assert.ok(seen.size >= 59_990);
  });

  it('never gives a repeated digit, and nothing beyond the range', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 5_000_000 }), (seed, patient) => {
        const number = syntheticNhsNumber(seed, patient);
        if (number === null) return;
        assert.ok(patient <= 900_000);
        assert.ok(isValidNhsNumber(number));
        assert.notEqual(number, '9999999999');
      }),
    );
    assert.equal(syntheticNhsNumber(1, 900_001), null);
  });

  it('gives postcodes of the right shape', () => {
    const random = new Random(7, 'test', 1);
    for (let turn = 0; turn < 2000; turn += 1) assert.match(syntheticPostcode(random, 'ZA'), POSTCODE);
  });

  it('gives mail addresses at example.com only, in plain letters', () => {
    assert.equal(exampleEmail('Siân', "O'Brien-Łuc", 7), 'sian.obrien-uc7@example.com');
    assert.equal(exampleEmail('', 'Tenzin', 9), 'tenzin9@example.com');
  });
});
