import { dayAt, EXTRACT_DAY, instantOf, isClockChange } from './calendar.ts';
import { COMPLAINTS } from './clinical.ts';
import { like, type Values } from './entity.ts';
import { addStay, type StayPlan } from './inpatients.ts';
import { later, type Patient } from './patient.ts';
import type { Specialty } from './reference.ts';

export interface EmergencyPlan {
  /** Day of arrival. */
  readonly day: number;
  /** Nights in hospital after it; null draws whether and how long; `open` is still in at the extract. */
  readonly nights: number | 'open' | null;
  /** Died on the last day of the stay. */
  readonly died?: boolean;
}

/** An emergency attendance and, when it ends in a bed, the spell that follows from it (RIN-09). */
export function addEmergency(patient: Patient, plan: EmergencyPlan): void {
  if (!patient.hasRoom('ED') || !patient.hasRoom('SPELL')) return;
  const { random } = patient;
  const arrived = arrival(patient, plan.day, plan.nights !== null);
  const assessed = later(arrived, random.int(3, 25));
  const seen = later(assessed, random.int(5, 90));
  const departed = later(seen, random.int(20, 120));
  if (!patient.isFree(arrived, departed)) return;
  const stay = planStay(patient, plan, departed);
  const attendanceId = patient.nextId('ED');
  const spell = stay === null ? null : addStay(patient, stay);
  const specialty = patient.world.reference.specialty('300');
  const values: Values = {
    spell_id: spell?.id,
    site: spell?.values['site'] ?? patient.world.reference.rows('SITE')[0]?.id,
    arrived_at: arrived,
    assessed_at: assessed,
    seen_at: seen,
    departed_at: departed,
    category: patient.code('ae_attendance_category_legacy', ['1', 97], ['3', 3]),
    arrival_mode: random.chance(0.4) ? like('AMB', /ambulance/i) : like('OTH', /other|walk|own|private/i),
    complaint: random.pick(COMPLAINTS),
    triage_category: like(String(random.int(2, 4)), /urgent|standard|[234]/i),
    disposal:
      spell === null
        ? patient.code('ae_attendance_disposal_legacy', ['03', 45], ['02', 35], ['06', 12], ['05', 8])
        : '01',
    source: like('SELF', /self/i),
    clinician: random.pick(patient.world.reference.consultants(specialty)).id,
    incident_location: like('HOME', /home/i),
    diagnosis: random.pick(['38', '05', '02', '14', '27']),
  };
  const row = patient.add('ED', 'attendance_id', values, plan.day, dayAt(departed));
  if (row.id !== attendanceId) throw new Error('An emergency attendance lost its number.');
}

/**
 * Any hour, but never so that the visit meets a change of the clocks or runs past the extract; by day when the nights
 * after it are counted, so that midnight does not add one.
 */
function arrival(patient: Patient, day: number, counted: boolean): number {
  const { random } = patient;
  const quiet = counted || isClockChange(day) || isClockChange(day + 1) || day >= patient.end - 1;
  return instantOf(day, quiet ? random.int(4, 15) : random.int(0, 23), random.int(0, 59));
}

function planStay(patient: Patient, plan: EmergencyPlan, admitted: number): StayPlan | null {
  const { random } = patient;
  const nights = plan.nights ?? (random.chance(0.45) ? random.weighted(LENGTHS) : null);
  if (nights === null) return null;
  const discharged = nights === 'open' ? null : leaving(patient, admitted, nights, plan.died === true);
  const past = discharged !== null && dayAt(discharged) > patient.end;
  if (past && patient.deceased) return null;
  const until = past ? null : discharged;
  if (!patient.isFree(admitted, until)) return null;
  return {
    admitted,
    discharged: until,
    method: patient.code('admission_method', ['21', 1]),
    source: '19',
    classification: '1',
    intended: patient.world.palette.only('intended_management', '8') ?? '1',
    specialty: emergencySpecialty(patient, dayAt(admitted)),
    ...(plan.died === true ? { died: true } : {}),
  };
}

/** Nights of an emergency stay. */
const LENGTHS: readonly (readonly [number, number])[] = [
  [0, 12],
  [1, 25],
  [2, 18],
  [3, 12],
  [4, 9],
  [6, 9],
  [9, 7],
  [14, 5],
  [24, 3],
];

/** By day, after the ward round; a stay without a night ends some hours after it began. */
function leaving(patient: Patient, admitted: number, nights: number, died: boolean): number {
  const day = dayAt(admitted) + nights;
  if (nights === 0) {
    const sameDay = later(admitted, 240);
    return dayAt(sameDay) === day ? Math.max(sameDay, instantOf(day, 6)) : instantOf(day + 1, 11);
  }
  const hour = died ? 20 : patient.random.int(10, 18);
  return instantOf(day, hour, patient.random.int(0, 11) * 5);
}

/** Children go to paediatrics, the old to elderly medicine, the rest to whoever takes emergencies. */
export function emergencySpecialty(patient: Patient, day: number): Specialty {
  const age = patient.ageOn(day);
  const { specialties } = patient.world.reference;
  const fitting = specialties.filter(
    ({ profile }) =>
      profile.emergency &&
      age >= profile.ages[0] &&
      age <= profile.ages[1] &&
      (profile.sex === undefined || profile.sex === patient.identity.sex),
  );
  return fitting.length > 0 ? patient.random.pick(fitting) : patient.world.reference.specialty('300');
}

/** A last stay that ends on the day of death. */
export function addLastStay(patient: Patient): void {
  const nights = patient.random.int(1, 12);
  const day = patient.end - nights;
  if (day <= patient.start || patient.end > EXTRACT_DAY) return;
  addEmergency(patient, { day, nights, died: true });
}
