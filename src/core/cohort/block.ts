import { EXTRACT_DAY } from './calendar.ts';
import { addEmergency, addLastStay } from './emergency.ts';
import { Scene } from './entity.ts';
import { drawIdentity, type PersonPlan } from './identity.ts';
import type { ReferralPlan } from './journey.ts';
import { addBirth, addDelivery } from './maternity.ts';
import { addDetention, type DetentionKind } from './mentalHealth.ts';
import { addMergedRecord } from './merged.ts';
import { addReferral } from './outpatients.ts';
import { Patient, type World } from './patient.ts';
import { addPerson } from './person.ts';
import { Random, type Weighted } from './random.ts';
import type { Specialty } from './reference.ts';

/** Patients after the first twenty come in blocks of ten: families and merged records stay within one. */
export const BLOCK_SIZE = 10;

/** What makes one patient: who, and what happens beside the drawn pathway. */
export interface PatientPlan {
  readonly person?: PersonPlan;
  /** Referrals that must happen, before the drawn ones. */
  readonly referrals?: readonly (Omit<ReferralPlan, 'specialty'> & { readonly treatmentFunction: string })[];
  readonly emergencies?: readonly { readonly daysAgo: number; readonly nights: number | 'open' }[];
  readonly detention?: DetentionKind;
  /** Dies in hospital. */
  readonly diesInHospital?: boolean;
}

/** Writes one patient with everything that hangs on them. */
export function addPatient(world: World, scene: Scene, number: number, plan: PatientPlan): Patient {
  const random = new Random(world.seed, 'patient', number);
  const person = plan.person ?? {};
  const patient = new Patient(world, scene, random, number, drawIdentity(world, random, person));
  addPerson(patient, person);
  if (plan.diesInHospital === true) addLastStay(patient);
  if (plan.detention !== undefined) addDetention(patient, plan.detention);
  for (const { daysAgo, nights } of plan.emergencies ?? [])
    addEmergency(patient, { day: EXTRACT_DAY - daysAgo, nights });
  for (const { treatmentFunction, ...referral } of plan.referrals ?? []) {
    addReferral(patient, { ...referral, specialty: world.reference.specialty(treatmentFunction) });
  }
  return patient;
}

/** Referrals and emergencies nobody planned, drawn to the shape of a district hospital's patients. */
export function addDrawnPathway(patient: Patient): void {
  const { random, start, end } = patient;
  const referrals = random.weighted(REFERRALS);
  for (let turn = 0; turn < referrals; turn += 1) {
    const recent = !patient.deceased && random.chance(0.2);
    const received = recent ? EXTRACT_DAY - random.int(3, 150) : random.int(start, end - 20);
    if (received < start || received > end || !patient.hasRoom('REF')) continue;
    const specialty = fittingSpecialty(patient, received);
    if (specialty !== null) addReferral(patient, { specialty, received });
  }
  const visits = random.weighted(VISITS);
  for (let turn = 0; turn < visits && end - start > 10; turn += 1) {
    addEmergency(patient, { day: random.int(start + 1, end - 2), nights: null });
  }
}

const REFERRALS: readonly Weighted<number>[] = [
  [0, 8],
  [1, 26],
  [2, 32],
  [3, 20],
  [4, 10],
  [5, 4],
];
const VISITS: readonly Weighted<number>[] = [
  [0, 55],
  [1, 30],
  [2, 11],
  [3, 4],
];

/** A specialty for the patient's age and sex that has no referral of theirs yet. */
function fittingSpecialty(patient: Patient, day: number): Specialty | null {
  const age = patient.ageOn(day);
  const fitting = patient.world.reference.specialties.filter(
    ({ entity, profile }) =>
      profile.outpatient &&
      age >= profile.ages[0] &&
      age <= profile.ages[1] &&
      (profile.sex === undefined || profile.sex === patient.identity.sex) &&
      !patient.specialtiesSeen.has(entity.id),
  );
  return fitting.length === 0 ? null : patient.random.pick(fitting);
}

/** Mother and baby: two patients in a row. The link rows are the baby's, so that a cohort may end between the two. */
export function addMotherAndBaby(world: World, scene: Scene, number: number, bornDaysAgo: number): void {
  const bornDay = EXTRACT_DAY - bornDaysAgo;
  const mother = addPatient(world, scene, number, {
    person: { sex: '2', age: [20 + Math.ceil(bornDaysAgo / 365), 39] },
  });
  const delivery = addDelivery(mother, bornDay);
  addDrawnPathway(mother);
  const { surname, address } = mother.identity;
  const unnumbered = bornDaysAgo < 42;
  const baby = addPatient(world, scene, number + 1, {
    person: { born: bornDay, surname, address, formerNames: 0, ...(unnumbered ? { unnumbered } : {}) },
  });
  if (delivery !== null) addBirth(baby, delivery);
  addDrawnPathway(baby);
}

/** Twins: same surname, day of birth and address, never the same forename (DUP-04). */
export function addTwins(world: World, scene: Scene, number: number): void {
  const first = addPatient(world, scene, number, { person: { age: [3, 30] } });
  addDrawnPathway(first);
  const { surname, address, born, forename } = first.identity;
  const second = addPatient(world, scene, number + 1, { person: { born, surname, address, notForename: forename } });
  addDrawnPathway(second);
}

/** A patient and a second record of theirs, merged away. */
export function addMergedPair(world: World, scene: Scene, number: number): void {
  const survivor = addPatient(world, scene, number, { person: { age: [20, 80] } });
  addDrawnPathway(survivor);
  addMergedRecord(world, scene, number + 1, { next: survivor, survivor, withReferral: number % 3 === 0 });
}

/** Share of blocks that hold a merged pair: the block's first draw, so that it can be known without drawing the rest. */
const MERGED_PAIR = 0.1;

/** Numbers of the records of a block that are merged away. */
export function mergedInBlock(seed: number, first: number): number[] {
  return new Random(seed, 'block', first).chance(MERGED_PAIR) ? [first + 1] : [];
}

/** Patients from `first` on, ten of them; which families are among them is drawn from the block's own stream. */
export function drawBlock(world: World, first: number): Scene {
  const scene = new Scene();
  const block = new Random(world.seed, 'block', first);
  const pairs: ((number: number) => void)[] = [];
  if (block.chance(MERGED_PAIR)) pairs.push((number) => addMergedPair(world, scene, number));
  if (block.chance(0.02)) pairs.push((number) => addTwins(world, scene, number));
  if (block.chance(0.2)) pairs.push((number) => addMotherAndBaby(world, scene, number, block.int(10, 1500)));
  const detention = block.chance(0.02)
    ? block.weighted<DetentionKind>([
        ['ended', 50],
        ['detained', 25],
        ['community', 20],
        ['restricted', 5],
      ])
    : null;
  const restricted = block.chance(0.08);
  let number = first;
  for (const addPair of pairs) {
    addPair(number);
    number += 2;
  }
  for (; number < first + BLOCK_SIZE; number += 1) {
    const last = number === first + BLOCK_SIZE - 1;
    if (last && detention !== null) addPatient(world, scene, number, { person: { age: [20, 60] }, detention });
    else addDrawnPathway(addPatient(world, scene, number, drawPlan(block, last && restricted)));
  }
  return scene;
}

/** One patient in ten has died, half of them in hospital. */
function drawPlan(block: Random, restricted: boolean): PatientPlan {
  if (restricted) return { person: { restricted: true, age: [18, 70] } };
  if (!block.chance(0.1)) return {};
  return { person: { diedDaysAgo: block.int(5, 1400) }, diesInHospital: block.chance(0.5) };
}
