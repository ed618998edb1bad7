import { EXTRACT_DAY } from './calendar.ts';
import { type Like, like, type Values } from './entity.ts';
import { dramaLandline, dramaMobile } from './identifiers.ts';
import { drawAddress, type PersonPlan } from './identity.ts';
import { FEMALE_FORENAMES, MALE_FORENAMES } from './names.ts';
import type { Address, Identity, Patient } from './patient.ts';

/** Writes what hangs on the patient directly: other numbers, addresses, contacts, next of kin, registrations, alerts. */
export function addPersonRecords(patient: Patient, plan: PersonPlan, gp: number, practice: number): void {
  addAliases(patient);
  addAddresses(patient, plan);
  addContacts(patient);
  addNextOfKin(patient, patient.identity);
  addRegistrations(patient, gp, practice);
  addAlerts(patient, plan);
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

/** A GP of the practice, or any when it has none. */
export function gpOf(patient: Patient, practice: number): number {
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
