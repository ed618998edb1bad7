import { MAX_RECORDS } from './entity.ts';
import { mix32, type Random } from './random.ts';

/** Usable numbers in a decade of stems: at least nine of each ten have a check digit. */
const PER_DECADE = 9;
const DECADES = 100_000;

/** Check digit of a nine-digit stem (modulus 11, brief section 3), or null where none exists. */
export function nhsCheckDigit(stem: number): number | null {
  let sum = 0;
  let rest = stem;
  for (let weight = 2; weight <= 10; weight += 1) {
    sum += (rest % 10) * weight;
    rest = Math.floor(rest / 10);
  }
  const remainder = 11 - (sum % 11);
  return remainder === 11 ? 0 : remainder === 10 ? null : remainder;
}

/**
 * A valid number of the 999 range, which is never issued to a person; the same for a patient in every cohort of that
 * seed, and no two patients alike. The range has room for about 900,000 patients: null beyond, and for a repeated digit.
 *
 * @param patient from 1
 */
export function syntheticNhsNumber(seed: number, patient: number): string | null {
  const at = patient - 1;
  const turn = Math.floor(at / PER_DECADE);
  if (turn >= DECADES || patient > MAX_RECORDS) return null;
  // An affine step with a factor prime to 100,000 visits every decade once, in an order the seed shifts.
  const decade = (turn * 61_803 + (mix32(seed | 0) % DECADES)) % DECADES;
  let skip = at % PER_DECADE;
  for (let last = 0; last < 10; last += 1) {
    const stem = 999_000_000 + decade * 10 + last;
    const check = nhsCheckDigit(stem);
    if (check === null) continue;
    if (skip === 0) return stem === 999_999_999 ? null : `${stem}${check}`;
    skip -= 1;
  }
  return null;
}

/** Letters the brief's pattern allows in the inward part. */
const INWARD = 'ABDEFGHJLNPQRSTUWXYZ';

/** A postcode of the right shape in an area (`ZA` to `ZD`) that has never been given to a place. */
export function syntheticPostcode(random: Random, area: string): string {
  const district = random.int(1, 29);
  const letters = `${INWARD[random.int(0, 19)]}${INWARD[random.int(0, 19)]}`;
  return `${area}${district} ${random.int(1, 9)}${letters}`;
}

/** Mobile and land-line numbers that Ofcom keeps for drama. */
export function dramaMobile(random: Random): string {
  return `07700900${String(random.int(0, 999)).padStart(3, '0')}`;
}

export function dramaLandline(random: Random): string {
  return `01632960${String(random.int(0, 999)).padStart(3, '0')}`;
}

/** `sian.o-brien7@example.com`: letters folded to ASCII. */
export function exampleEmail(forename: string, surname: string, number: number): string {
  const folded = `${forename}.${surname}`
    .normalize('NFD')
    .replace(/[^A-Za-z.-]/g, '')
    .replace(/^\./, '')
    .toLowerCase();
  return `${folded}${number}@example.com`;
}
