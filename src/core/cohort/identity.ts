import { addMonths, EXTRACT_DAY } from './calendar.ts';
import { syntheticPostcode } from './identifiers.ts';
import {
  FEMALE_FORENAMES,
  LOCALITIES,
  MALE_FORENAMES,
  SINGLE_NAMES,
  STREET_KINDS,
  STREETS,
  SURNAMES,
  TOWNS,
} from './names.ts';
import type { Address, Identity, World } from './patient.ts';
import type { Random } from './random.ts';

/** What an archetype asks of a person; the rest is drawn. */
export interface PersonPlan {
  readonly sex?: '1' | '2';
  /** Age in years at the extract, or at death. */
  readonly age?: readonly [from: number, to: number];
  /** Exact day of birth, for babies and twins. */
  readonly born?: number;
  /** Days before the extract on which the patient died. */
  readonly diedDaysAgo?: number;
  readonly surname?: string;
  readonly address?: Address;
  /** A name whose initial the patient must not have: that of a twin, who would pass for a duplicate. */
  readonly notForename?: string;
  readonly restricted?: boolean;
  readonly alert?: boolean;
  readonly formerNames?: number;
  readonly interpreter?: boolean;
  /** NHS number not given yet: baby under six weeks (status 08). */
  readonly unnumbered?: boolean;
}

const ALIVE_AGES: readonly (readonly [readonly [number, number], number])[] = [
  [[0, 16], 15],
  [[17, 44], 30],
  [[45, 69], 33],
  [[70, 94], 22],
];

/** Draws who the patient is. */
export function drawIdentity(world: World, random: Random, plan: PersonPlan): Identity {
  const sex =
    plan.sex ??
    world.palette.pick(random, 'person_stated_gender', [
      ['1', 485],
      ['2', 505],
      ['X', 7],
      ['9', 3],
    ]);
  const died = plan.diedDaysAgo === undefined ? null : EXTRACT_DAY - plan.diedDaysAgo;
  const [youngest, oldest] = plan.age ?? (died === null ? random.weighted(ALIVE_AGES) : [55, 96]);
  const years = random.int(youngest, oldest);
  const born = plan.born ?? addMonths((died ?? EXTRACT_DAY) - random.int(1, 360), -12 * years);
  const single = world.singleNames && plan.surname === undefined && random.chance(0.006);
  const list = sex === '2' || (sex !== '1' && random.chance(0.5)) ? FEMALE_FORENAMES : MALE_FORENAMES;
  let forename = single ? '' : random.pick(list);
  while (forename !== '' && forename[0] === plan.notForename?.[0]) forename = random.pick(list);
  const surname = plan.surname ?? (single ? random.pick(SINGLE_NAMES) : drawSurname(random));
  return { sex, surname, forename, born, died, address: plan.address ?? drawAddress(random) };
}

/** One name in twenty is double-barrelled. */
export function drawSurname(random: Random): string {
  const name = random.pick(SURNAMES);
  return random.chance(0.05) && !name.includes('-') ? `${name}-${random.pick(SURNAMES).split('-')[0]}` : name;
}

export function drawAddress(random: Random): Address {
  const [town, county, area] = random.pick(TOWNS);
  const street = `${random.pick(STREETS)} ${random.pick(STREET_KINDS)}`;
  return {
    line1: `${random.chance(0.12) ? `Flat ${random.int(1, 24)}, ` : ''}${random.int(1, 240)} ${street}`,
    line2: random.chance(0.5) ? random.pick(LOCALITIES) : '',
    town,
    county,
    postcode: syntheticPostcode(random, area),
    area,
  };
}
