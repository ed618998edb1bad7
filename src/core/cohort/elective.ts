import { addMonths, EXTRACT_DAY, instantOf, workingDay } from './calendar.ts';
import { type Entity, like, type Values } from './entity.ts';
import { addStay } from './inpatients.ts';
import type { Journey } from './journey.ts';

/** Longest wait from clock start to treatment, so that no open clock passes 52 weeks (RTT-05). */
const LONGEST_WAIT = 345;
/** Admission dates are offered this many days ahead. */
const OFFERED_AHEAD = 42;

/**
 * Puts the patient on the waiting list after a decision to admit, and follows the entry to its end: admission, death,
 * removal, or still waiting at the extract. Gives the day of discharge, or null when the referral's story ends here.
 */
export function addElective(journey: Journey, decided: number): number | null {
  const { patient } = journey;
  const { random } = patient;
  const planned = journey.plan.listWait;
  const wait = planned ?? Math.max(1, Math.min(random.int(20, 110), LONGEST_WAIT - (decided - journey.waitedSince)));
  const dayCase = planned !== undefined || random.chance(0.7);
  const type = patient.code('elective_admission_type', ['11', 80], ['12', 20]);
  const entry = addEntry(journey, decided, { elective_type: type, intended_management: dayCase ? '2' : '1' });
  const tci = workingDay(decided + wait);
  if (tci > patient.end) {
    if (patient.deceased) endByDeath(journey, entry);
    else waitOn(journey, entry, tci);
    return null;
  }
  const nights = dayCase ? 0 : random.int(1, 6);
  const admitted = instantOf(tci, 7, 30);
  const left = tci + nights;
  const discharged = left > patient.end ? null : instantOf(left, 17, random.int(0, 11) * 5);
  if (patient.deceased && discharged === null) {
    endByDeath(journey, entry);
    return null;
  }
  addOffers(journey, entry, decided, tci);
  if (
    (planned === undefined && random.chance(0.05)) ||
    !patient.isFree(admitted, discharged) ||
    !patient.hasRoom('SPELL', 2)
  ) {
    remove(entry, tci, '4');
    journey.stopClock(tci, '35', 'waiting_list', entry);
    journey.close(tci, 'declined');
    return null;
  }
  admit(journey, entry, admitted, discharged, dayCase, type);
  return discharged === null ? null : left;
}

/** Surveillance after the first treatment: type 13, outside the clock, with a planned-by date ahead (WL-04). */
export function addPlanned(journey: Journey, decided: number): void {
  const planned = workingDay(Math.max(addMonths(decided, 12), EXTRACT_DAY + journey.patient.random.int(20, 200)));
  const entry = addEntry(journey, decided, { elective_type: '13', intended_management: '2', planned_by: planned });
  if (journey.patient.deceased) {
    remove(entry, journey.patient.end, '3');
    journey.closeByDeath();
  }
}

function addEntry(journey: Journey, decided: number, values: Values): Entity {
  const { patient, specialty } = journey;
  const { random } = patient;
  const [code = '', ...text] = random.pick(specialty.profile.procedures).split(' ');
  return patient.add(
    'IWL',
    'entry_id',
    {
      referral_id: journey.referral.id,
      pathway_id: journey.pathway.id,
      decided_on: decided,
      original_decided_on: decided,
      added_on: decided,
      list_status: patient.world.palette.only('elective_admission_list_status', '01'),
      priority: journey.priority,
      surgical_priority: like('P3', /p ?[234]|routine|month/i),
      treatment_function: specialty.entity.id,
      consultant: journey.consultant,
      site: journey.referral.values['site'],
      procedure_code: code,
      procedure_text: text.join(' '),
      anaesthetic: random.chance(0.6) ? like('GA', /general/i) : like('LA', /local|regional/i),
      short_notice: random.chance(0.2),
      admin_category: '01',
      ...values,
    },
    decided,
    patient.end,
  );
}

/** Still waiting at the extract; a date within six weeks has been offered. */
function waitOn(journey: Journey, entry: Entity, tci: number): void {
  const { patient } = journey;
  const decided = entry.values['decided_on'] as number;
  if (tci - EXTRACT_DAY <= OFFERED_AHEAD) {
    entry.values['tci_on'] = tci;
    addOffer(
      journey,
      entry,
      Math.max(decided, EXTRACT_DAY - patient.random.int(1, 14)),
      tci,
      like('ACC', /accept|agreed/i),
    );
    return;
  }
  if (EXTRACT_DAY - decided > 35 && patient.random.chance(0.2)) {
    // The hospital cancelled the date; the entry waits for another (WL-03).
    const cancelled = workingDay(EXTRACT_DAY - patient.random.int(5, 14));
    entry.values['tci_on'] = cancelled;
    addOffer(journey, entry, cancelled - 14, cancelled, like('CAN', /cancel/i));
    return;
  }
  const suspended = patient.world.palette.only('elective_admission_list_status', '02');
  if (suspended !== undefined && patient.random.chance(0.06)) {
    const until = EXTRACT_DAY + patient.random.int(10, 40);
    Object.assign(entry.values, {
      list_status: suspended,
      suspended_from: Math.max(decided, EXTRACT_DAY - 20),
      suspended_to: until,
    });
  }
}

function addOffers(journey: Journey, entry: Entity, decided: number, tci: number): void {
  const { random } = journey.patient;
  if (tci - decided > 40 && random.chance(0.15)) {
    const refused = workingDay(tci - random.int(10, 20));
    addOffer(journey, entry, refused - random.int(8, 14), refused, like('REF', /refus|declin|reject/i));
  }
  entry.values['tci_on'] = tci;
  addOffer(journey, entry, Math.max(decided, tci - random.int(8, 28)), tci, like('ACC', /accept|agreed|admit/i));
}

function addOffer(
  journey: Journey,
  entry: Entity,
  offered: number,
  tci: number,
  outcome: ReturnType<typeof like>,
): void {
  const { patient } = journey;
  if (!patient.hasRoom('OFFER')) return;
  const sequence = patient.scene.rows('OFFER').filter((row) => row.values['entry_id'] === entry.id).length + 1;
  const ward = patient.random.pick(patient.world.reference.wards('DAY'));
  const values: Values = {
    entry_id: entry.id,
    sequence,
    offered_on: offered,
    tci_on: tci,
    tci_at: instantOf(tci, 7, 30),
    outcome,
    ward: ward.id,
  };
  if (outcome.text === 'REF') values['reason'] = like('PAT', /patient|holiday|date/i);
  if (outcome.text === 'CAN') values['reason'] = like('HOS', /hospital|provider|bed|staff/i);
  patient.add('OFFER', 'offer_id', values, offered, Math.min(tci, EXTRACT_DAY));
}

/** Removal date and reason come together (WL-01): 1 admitted, 3 died, 4 other. */
function remove(entry: Entity, day: number, reason: string): void {
  Object.assign(entry.values, { removed_on: day, removal_reason: reason });
}

function endByDeath(journey: Journey, entry: Entity): void {
  remove(entry, journey.patient.end, '3');
  journey.closeByDeath();
}

function admit(
  journey: Journey,
  entry: Entity,
  admitted: number,
  discharged: number | null,
  dayCase: boolean,
  type: string,
): void {
  const { patient, specialty } = journey;
  const day = Math.floor(admitted / 86400);
  remove(entry, day, '1');
  const spell = addStay(patient, {
    admitted,
    discharged,
    method: type,
    source: '19',
    classification: dayCase ? '2' : '1',
    intended: dayCase ? '2' : '1',
    specialty,
    consultant: journey.consultant,
    wardKind: dayCase ? 'DAY' : specialty.profile.treatmentFunction,
    procedure: entry.values['procedure_code'] as string,
    links: {
      entry_id: entry.id,
      referral_id: journey.referral.id,
      pathway_id: journey.pathway.id,
      decided_on: entry.values['decided_on'],
    },
  });
  journey.stopClock(day, '30', 'admission', spell);
}
