import { addMonths, EXTRACT_DAY } from './calendar.ts';
import { type Like, like, type Values } from './entity.ts';
import { dramaLandline, dramaMobile, exampleEmail, syntheticNhsNumber, syntheticPostcode } from './identifiers.ts';
import {
  FEMALE_FORENAMES,
  LOCALITIES,
  MALE_FORENAMES,
  OCCUPATIONS,
  SINGLE_NAMES,
  STREET_KINDS,
  STREETS,
  SURNAMES,
  TOWNS,
} from './names.ts';
import type { Address, Identity, Patient, World } from './patient.ts';
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

const LANGUAGES: readonly (readonly [Like, number])[] = [
  [like('ENG', /^english/i), 92],
  [like('POL', /polish/i), 2],
  [like('PAN', /pun?jabi/i), 2],
  [like('URD', /urdu/i), 2],
  [like('ROM', /romanian/i), 1],
  [like('BFI', /sign/i), 1],
];

const TITLES: Readonly<Record<string, Like>> = {
  '1': like('Mr', /^mr\b|mister/i),
  '2': like('Ms', /^ms\b|^miss|^mrs/i),
};

const ETHNIC: readonly (readonly [string, number])[] = [
  ['A', 62],
  ['B', 2],
  ['C', 7],
  ['D', 1],
  ['E', 1],
  ['F', 1],
  ['G', 1],
  ['H', 4],
  ['J', 4],
  ['K', 2],
  ['L', 2],
  ['M', 2],
  ['N', 4],
  ['P', 1],
  ['R', 1],
  ['S', 2],
  ['Z', 3],
];

/** Writes the patient's own record and what hangs on it directly. */
export function addPerson(patient: Patient, plan: PersonPlan): void {
  const { random, identity } = patient;
  const former = formerNames(patient, plan.formerNames ?? drawFormerNames(patient));
  const practice = random.int(1, patient.world.reference.rows('PRACTICE').length);
  const gp = gpOf(patient, practice);
  const values = identityValues(patient, plan);
  addSocialValues(values, patient, plan);
  values.former_surname = former.map(([surname]) => surname);
  values.former_surname_changed_on = former.map(([, changedOn]) => changedOn);
  values.gp_code = gp;
  values.practice_code = practice;
  const { start, end, number } = patient;
  patient.scene.add({ family: 'PMI', id: number, values, from: start, to: end, salt: patient.random.next() });
  addAliases(patient);
  addAddresses(patient, plan);
  addContacts(patient);
  addNextOfKin(patient, identity);
  addRegistrations(patient, gp, practice);
  addAlerts(patient, plan);
}

function identityValues(patient: Patient, plan: PersonPlan): Values {
  const { identity, random, number, world } = patient;
  const unnumbered = plan.unnumbered === true || random.chance(0.02);
  const nhs = unnumbered ? null : syntheticNhsNumber(world.seed, number);
  const without = plan.unnumbered === true ? '08' : patient.code('nhs_number_status_indicator', ['03', 2], ['07', 1]);
  const title =
    identity.sex === '1' && patient.ageOn(EXTRACT_DAY) < 16 ? like('Master', /master/i) : TITLES[identity.sex];
  return {
    patient_id: number,
    site_prefix: 'N',
    nhs_number: nhs ?? undefined,
    nhs_number_status: nhs === null ? without : patient.code('nhs_number_status_indicator', ['01', 96], ['02', 4]),
    surname: identity.surname,
    forename: identity.forename === '' ? undefined : identity.forename,
    middle_names: random.chance(0.4)
      ? random.pick(identity.sex === '1' ? MALE_FORENAMES : FEMALE_FORENAMES)
      : undefined,
    title: title ?? like('Mx', /^mx\b/i),
    date_of_birth: identity.born,
    birth_time: random.chance(0.1) ? random.int(3, 22) * 3600 : undefined,
    dob_precision: like('D', /^d$|^day|exact|full|verif/i),
    sex: identity.sex,
    deceased: identity.died !== null,
    date_of_death: identity.died ?? undefined,
    death_status: identity.died === null ? undefined : patient.code('death_notification_status', ['2', 8], ['1', 2]),
    restricted: plan.restricted === true,
    withheld_reason:
      plan.restricted === true ? patient.code('withheld_identity_reason', ['03', 1], ['97', 1]) : undefined,
    registered_on: patient.start,
  };
}

/** Adds to the row in place: merging two objects of twenty values costs more than drawing them. */
function addSocialValues(values: Values, patient: Patient, plan: PersonPlan): void {
  const { identity, random } = patient;
  const age = patient.ageOn(patient.end);
  const language = plan.interpreter === true ? like('POL', /polish/i) : random.weighted(LANGUAGES);
  const adult = age >= 16;
  const contactable = adult && !patient.deceased;
  values.gender_identity =
    adult && random.chance(0.3)
      ? patient.code('gender_identity', [identity.sex === '2' ? '2' : '1', 97], ['Z', 3])
      : undefined;
  values.ethnic_category = patient.code('ethnic_category', ...ETHNIC);
  values.marital_status = adult
    ? patient.code('marital_status', ['S', 35], ['M', 45], ['D', 9], ['W', 7], ['P', 2], ['N', 2])
    : patient.code('marital_status', ['S', 1]);
  values.religion = random.chance(0.6) ? like('CE', /./) : undefined;
  values.language = language;
  values.interpreter_required = plan.interpreter ?? (language.text !== 'ENG' && random.chance(0.6));
  values.communication_need = random.chance(0.04) ? like('LP', /large|easy|hear|sign|braille/i) : undefined;
  values.overseas_category = patient.code('overseas_visitor_charging_category', ['A', 98], ['B', 2]);
  values.phone_home = random.chance(0.6) ? dramaLandline(random) : undefined;
  values.phone_mobile = contactable ? dramaMobile(random) : undefined;
  values.phone_work = contactable && random.chance(0.2) ? dramaLandline(random) : undefined;
  values.email =
    contactable && random.chance(0.5) ? exampleEmail(identity.forename, identity.surname, patient.number) : undefined;
  values.occupation = adult && random.chance(0.5) ? random.pick(OCCUPATIONS) : undefined;
  values.place_of_birth = random.chance(0.5) ? random.pick(TOWNS)[0] : undefined;
}

function drawFormerNames(patient: Patient): number {
  const likely = patient.identity.sex === '2' && patient.ageOn(patient.end) > 25 ? 0.3 : 0.02;
  return patient.random.chance(likely)
    ? patient.random.weighted([
        [1, 80],
        [2, 16],
        [3, 4],
      ])
    : 0;
}

/** Former surnames with the day each was given up, newest first; also written as rows of the name history. */
function formerNames(patient: Patient, count: number): (readonly [surname: string, changedOn: number])[] {
  const former: (readonly [string, number])[] = [];
  let day = patient.end - patient.random.int(400, 900);
  for (let turn = 0; turn < count && day > patient.identity.born + 17 * 365; turn += 1) {
    former.push([drawSurname(patient.random), day]);
    day -= patient.random.int(700, 2500);
  }
  for (const [at, [surname, changedOn]] of former.entries()) {
    const forename = patient.identity.forename || undefined;
    const values: Values = { sequence: at + 1, surname, forename, changed_on: changedOn };
    patient.add('FORMER_NAME', 'name_id', values, changedOn, patient.end);
  }
  return former;
}

function addAliases(patient: Patient): void {
  const { random } = patient;
  if (patient.number <= 20 || random.chance(0.4)) {
    const value = `ASH${String(patient.number).padStart(6, '0')}`;
    patient.add(
      'ALIAS',
      'alias_id',
      {
        alias_type: like('OLD', /old|former|previous|hospital|case ?note|local/i),
        alias_value: value,
        issuer: 'RZZ',
        valid_from: patient.start,
      },
      patient.start,
      patient.end,
    );
  }
}

function addAddresses(patient: Patient, plan: PersonPlan): void {
  const { random, identity, start, end } = patient;
  const moved = end - start > 800 && random.chance(0.3) ? random.int(start + 200, end - 100) : null;
  const restricted = plan.restricted === true;
  if (moved !== null) addAddress(patient, drawAddress(random), { sequence: 2, from: start, to: moved, restricted });
  const from = moved === null ? start : moved + 1;
  addAddress(patient, identity.address, { sequence: 1, from, to: null, restricted });
}

interface Residence {
  readonly sequence: number;
  readonly from: number;
  /** Null: lives there now. */
  readonly to: number | null;
  readonly restricted: boolean;
}

const USUAL_ADDRESS = like('HOME', /usual|home|main|permanent/i);
const ENGLAND = like('GBR', /england|united kingdom|^gb/i);

/** One address of the patient's history. */
export function addAddress(patient: Patient, address: Address, { sequence, from, to, restricted }: Residence): void {
  patient.add(
    'ADDR',
    'address_id',
    {
      line_1: address.line1,
      line_2: address.line2 || undefined,
      line_3: address.town,
      line_4: address.county,
      postcode: address.postcode,
      country: ENGLAND,
      address_type: USUAL_ADDRESS,
      sequence,
      valid_from: from,
      valid_to: to ?? undefined,
      current: to === null,
      restricted,
    },
    from,
    to ?? patient.end,
  );
}

function addContacts(patient: Patient): void {
  const { random, start, end, scene } = patient;
  const own = scene.rows('PMI').find((row) => row.id === patient.number)?.values ?? {};
  const channels: readonly (readonly [string, Like])[] = [
    ['phone_mobile', like('MOB', /mobile/i)],
    ['phone_home', like('HOME', /home/i)],
    ['email', like('EMAIL', /e-?mail/i)],
  ];
  let sequence = 0;
  for (const [concept, type] of channels) {
    const value = own[concept];
    if (value === undefined) continue;
    sequence += 1;
    const values: Values = {
      contact_type: type,
      sequence,
      contact_value: value,
      preferred: sequence === 1,
      valid_from: start,
    };
    patient.add('CONTACT', 'contact_id', values, start, end);
  }
  if (sequence === 0 && random.chance(0.9)) {
    const values: Values = {
      contact_type: like('HOME', /home/i),
      sequence: 1,
      contact_value: dramaLandline(random),
      preferred: true,
      valid_from: start,
    };
    patient.add('CONTACT', 'contact_id', values, start, end);
  }
}

function addNextOfKin(patient: Patient, identity: Identity): void {
  const { random, start, end } = patient;
  if (patient.number > 20 && !random.chance(0.8)) return;
  const child = patient.ageOn(EXTRACT_DAY) < 16;
  const forename = random.pick(random.chance(0.5) ? FEMALE_FORENAMES : MALE_FORENAMES);
  patient.add(
    'NOK',
    'nok_id',
    {
      sequence: 1,
      relationship: child ? like('PAR', /parent|mother|father/i) : random.pick(RELATIONS),
      name: `${forename} ${identity.surname}`,
      surname: identity.surname,
      forename,
      phone: dramaMobile(random),
      address: `${identity.address.line1}, ${identity.address.town}`,
      postcode: identity.address.postcode,
      valid_from: start,
    },
    start,
    end,
  );
}

const RELATIONS: readonly Like[] = [
  like('SPO', /spouse|husband|wife|partner/i),
  like('DAU', /daughter|son\b|child/i),
  like('SIB', /brother|sister|sibling/i),
  like('FRI', /friend|neighbour/i),
];

function gpOf(patient: Patient, practice: number): number {
  const gps = patient.world.reference.rows('GP');
  const there = gps.filter((gp) => gp.values['practice_code'] === practice);
  return (there.length > 0 ? patient.random.pick(there) : patient.random.pick(gps)).id;
}

function addRegistrations(patient: Patient, gp: number, practice: number): void {
  const { random, start, end, world } = patient;
  const moved = end - start > 800 && random.chance(0.25) ? random.int(start + 200, end - 100) : null;
  if (moved !== null) {
    const before = random.int(1, world.reference.rows('PRACTICE').length);
    const old: Values = {
      sequence: 2,
      gp_code: gpOf(patient, before),
      practice_code: before,
      valid_from: start,
      valid_to: moved,
    };
    patient.add('GPREG', 'registration_id', { ...old, reason: like('MOV', /mov|transfer|change/i) }, start, moved);
  }
  const from = moved === null ? start : moved + 1;
  const values: Values = { sequence: 1, gp_code: gp, practice_code: practice, valid_from: from };
  patient.add('GPREG', 'registration_id', { ...values, reason: like('NEW', /new|regist|first/i) }, from, end);
}

const ALERTS: readonly (readonly [Like, string])[] = [
  [like('ALG', /allerg/i), 'Penicillin: rash'],
  [like('INF', /infect|mrsa/i), 'Screen on admission'],
  [like('VIO', /violen|aggress/i), 'Two members of staff'],
  [like('SAF', /safeguard|child|vulnerab/i), 'See safeguarding record'],
];

function addAlerts(patient: Patient, plan: PersonPlan): void {
  const { random, start, end } = patient;
  const some = plan.alert === true || plan.restricted === true ? 2 : random.chance(0.12) ? 1 : 0;
  for (let sequence = 1; sequence <= some; sequence += 1) {
    const restricted = plan.restricted === true && sequence === 2;
    const [type, details] = restricted
      ? ([like('RES', /restrict|confiden|sensitiv/i), 'Do not disclose address'] as const)
      : random.pick(ALERTS);
    const from = random.int(start, end);
    const ended =
      !restricted && plan.alert !== true && end - from > 100 && random.chance(0.15)
        ? random.int(from + 30, end)
        : undefined;
    patient.add(
      'ALERT',
      'alert_id',
      {
        sequence,
        alert_type: type,
        severity: like('H', restricted ? /high|severe/i : /./),
        details,
        valid_from: from,
        valid_to: ended,
        active: ended === undefined,
        recorded_by: 'WARD CLK',
      },
      from,
      end,
    );
  }
}
