import { addDrawnPathway, addMotherAndBaby, addPatient, addTwins, type PatientPlan } from './block.ts';
import { EXTRACT_DAY } from './calendar.ts';
import { Scene } from './entity.ts';
import { addMergedRecord } from './merged.ts';
import type { World } from './patient.ts';

/** How many patients follow a fixed story, so that the smallest useful cohort fills every kind of table. */
export const ARCHETYPES = 20;

const day = (daysAgo: number): number => EXTRACT_DAY - daysAgo;

/** Patients by number whose story stands alone; the others are families and merged records. */
const STORIES: Readonly<Record<number, PatientPlan>> = {
  // Elective chain from referral to day case and follow-up.
  1: {
    person: { sex: '1', age: [50, 65] },
    referrals: [
      {
        treatmentFunction: '100',
        received: day(520),
        priority: '1',
        firstWait: 35,
        script: ['list', 'continue', 'discharge'],
        listWait: 60,
      },
    ],
  },
  // Emergency admission by way of the emergency department.
  2: {
    person: { sex: '2', age: [71, 84] },
    emergencies: [
      { daysAgo: 210, nights: 9 },
      { daysAgo: 75, nights: 3 },
    ],
  },
  5: { person: { sex: '1', age: [25, 40] }, detention: 'detained' },
  6: { person: { sex: '2', age: [30, 50] }, detention: 'community' },
  // Died in hospital with a referral running.
  10: {
    person: { sex: '1', age: [78, 88], diedDaysAgo: 40 },
    diesInHospital: true,
    referrals: [{ treatmentFunction: '320', received: day(110), firstWait: 40, script: ['continue'] }],
  },
  // Open suspected cancer referral, first appointment ahead.
  11: {
    person: { age: [40, 60] },
    referrals: [{ treatmentFunction: '330', received: day(5), priority: '3', firstWait: 9 }],
  },
  12: {
    person: { sex: '2', age: [30, 50] },
    referrals: [
      {
        treatmentFunction: '120',
        received: day(160),
        priority: '2',
        firstWait: 30,
        script: ['hospital_cancels', 'patient_cancels', 'continue'],
      },
    ],
  },
  13: { person: { sex: '2', age: [25, 45], restricted: true, alert: true } },
  // Planned surveillance: treated, then on the list with a planned-by date.
  16: {
    person: { age: [50, 70] },
    referrals: [
      { treatmentFunction: '301', received: day(400), priority: '1', firstWait: 30, script: ['monitor', 'list'] },
    ],
  },
  17: {
    person: { age: [20, 35] },
    referrals: [
      {
        treatmentFunction: '110',
        received: day(190),
        priority: '1',
        firstWait: 30,
        script: ['dna', 'continue', 'discharge'],
      },
    ],
    detention: 'restricted',
  },
  // On the waiting list, date offered.
  18: {
    person: { age: [60, 80] },
    referrals: [
      { treatmentFunction: '130', received: day(75), priority: '2', firstWait: 14, script: ['list'], listWait: 80 },
    ],
  },
  // In hospital at the extract.
  19: { person: { sex: '1', age: [60, 75] }, emergencies: [{ daysAgo: 6, nights: 'open' }] },
  20: { person: { sex: '2', age: [45, 65], formerNames: 3, interpreter: true, alert: true }, detention: 'ended' },
};

/**
 * The first twenty patients. 3 and 4 are mother and baby, 7 to 9 one person with two merged records in a chain, 14 and 15
 * twins.
 */
export function buildArchetypes(world: World): Scene {
  const scene = new Scene();
  for (let number = 1; number <= ARCHETYPES; number += 1) {
    const story = STORIES[number];
    if (story !== undefined) {
      const patient = addPatient(world, scene, number, story);
      if (number % 2 === 1) addDrawnPathway(patient);
    } else if (number === 3) addMotherAndBaby(world, scene, number, 21);
    else if (number === 7) addMergedChain(world, scene, number);
    else if (number === 14) addTwins(world, scene, number);
  }
  return scene;
}

/** Numbers among the first twenty that are second records of somebody. */
export const MERGED_ARCHETYPES: readonly number[] = [8, 9];

/** 9 was merged into 8, and 8 into 7. */
function addMergedChain(world: World, scene: Scene, number: number): void {
  const survivor = addPatient(world, scene, number, { person: { sex: '2', age: [40, 60], formerNames: 1 } });
  addDrawnPathway(survivor);
  const next = addMergedRecord(world, scene, number + 1, { next: survivor, survivor, withReferral: true });
  addMergedRecord(world, scene, number + 2, { next, survivor, withReferral: false });
}
