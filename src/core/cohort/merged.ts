import { EXTRACT_DAY } from './calendar.ts';
import { like, type Scene } from './entity.ts';
import { drawAddress } from './identity.ts';
import { addReferral } from './outpatients.ts';
import { Patient, type World } from './patient.ts';
import { addAddress } from './personRecords.ts';
import { Random } from './random.ts';

/** Children of a merged record are numbered after those of its survivor, under whose number they will stand. */
const SEQUENCE_OFFSET = 20;

export interface MergePlan {
  /** The patient the record is merged into next, and the one at the end of the chain. */
  readonly next: Patient;
  readonly survivor: Patient;
  /** The record has activity of its own. */
  readonly withReferral: boolean;
}

/**
 * A second record of the same person, merged away: it keeps its row (with the number it was merged into), an old address
 * and sometimes a closed referral; both numbers stay searchable. It has no NHS number and nothing current or open.
 */
export function addMergedRecord(world: World, scene: Scene, number: number, plan: MergePlan): Patient {
  const random = new Random(world.seed, 'patient', number);
  const { next, survivor } = plan;
  const mergedOn = EXTRACT_DAY - random.int(60, 400) - (next === survivor ? 0 : 500);
  const identity = { ...survivor.identity, address: drawAddress(random) };
  const patient = new Patient(world, scene, random, number, identity, {
    survivor,
    on: Math.max(mergedOn, survivor.start + 300),
  });
  addRecord(patient, plan);
  if (plan.withReferral) addOldReferral(patient, survivor);
  return patient;
}

function addRecord(patient: Patient, plan: MergePlan): void {
  const { identity, number, start, end } = patient;
  const { next, survivor } = plan;
  scenePmi(patient, next);
  addAddress(patient, identity.address, {
    sequence: SEQUENCE_OFFSET + (number % 10),
    from: start,
    to: end,
    restricted: false,
  });
  patient.add(
    'MERGE',
    'merge_id',
    {
      old_patient_id: number,
      merged_into: next.number,
      surviving_patient_id: survivor.number,
      merged_on: end,
      reason: like('DUP', /dup/i),
      merged_by: 'DQ TEAM',
    },
    end,
    end,
  );
  patient.add(
    'ALIAS',
    'alias_id',
    {
      patient_id: survivor.number,
      alias_type: like('MRG', /merge|supersed|old|former|previous/i),
      alias_value: { keyOf: 'PMI', id: number },
      issuer: 'RZZ',
      valid_from: end,
    },
    end,
    EXTRACT_DAY,
  );
}

function scenePmi(patient: Patient, next: Patient): void {
  const { identity, number, start, end } = patient;
  patient.scene.add({
    family: 'PMI',
    id: number,
    values: {
      patient_id: number,
      site_prefix: 'N',
      nhs_number_status: patient.code('nhs_number_status_indicator', ['03', 1], ['07', 1]),
      surname: identity.surname,
      forename: identity.forename || undefined,
      date_of_birth: identity.born,
      dob_precision: like('D', /^d$|^day|exact|full|verif/i),
      sex: identity.sex,
      ethnic_category: patient.code('ethnic_category', ['Z', 1]),
      marital_status: patient.code('marital_status', ['N', 1], ['S', 1]),
      overseas_category: patient.code('overseas_visitor_charging_category', ['A', 1]),
      deceased: false,
      restricted: false,
      interpreter_required: false,
      merged_into: next.number,
      registered_on: start,
    },
    from: start,
    to: end,
    salt: patient.random.next(),
  });
}

/** One referral, seen once and closed before the merge. */
function addOldReferral(patient: Patient, survivor: Patient): void {
  const { reference } = patient.world;
  const free = reference.specialties.filter(
    ({ entity, profile }) => profile.outpatient && !survivor.specialtiesSeen.has(entity.id),
  );
  const specialty = free[0];
  const received = patient.end - 200;
  if (specialty === undefined || received < patient.start) return;
  addReferral(patient, {
    specialty,
    received,
    priority: patient.code('priority_type', ['1', 1]),
    script: ['discharge'],
    firstWait: 40,
  });
}
