import { EXTRACT_DAY, instantOf } from './calendar.ts';
import { addElective, addPlanned } from './elective.ts';
import { type Entity, like, type Values } from './entity.ts';
import { appointmentDay, attendedTimes, Journey, type ReferralPlan, type Step } from './journey.ts';
import type { Patient } from './patient.ts';
import type { Weighted } from './random.ts';

/** A wait this long forces a decision at the next appointment, so that no open clock passes 52 weeks (RTT-05). */
const DECIDE_AFTER = 130;
/** Appointments one referral may run to. */
const MOST_APPOINTMENTS = 7;

/**
 * Lives one referral from receipt to its end, or to the extract, when it stays open with its next appointment or
 * waiting list entry. Needs room for one referral and its appointments.
 */
export function addReferral(patient: Patient, plan: ReferralPlan): Journey {
  const journey = new Journey(patient, plan);
  const script = [...(plan.script ?? [])];
  patient.specialtiesSeen.add(plan.specialty.entity.id);
  let day = plan.received;
  let missed = 0;
  for (let turn = 1; ; turn += 1) {
    const booked = day;
    const held = patient.freeDay(day + nextGap(journey, plan, turn));
    if (patient.deceased && held > patient.end) {
      journey.closeByDeath();
      return journey;
    }
    const appointment = journey.book(held, Math.min(booked + patient.random.int(0, 3), held, patient.end), {
      first_attendance: visitKind(journey),
      mode: like('F2F', /face|person/i),
    });
    if (held > EXTRACT_DAY) {
      // The booking lies ahead: attended code 0, the referral stays open.
      Object.assign(appointment.values, { attendance: '0', rtt_status: journey.statusNow() });
      return journey;
    }
    const step = script.shift() ?? drawStep(journey, turn, missed, held);
    day = takeStep(journey, appointment, step, turn, held);
    if (day < 0) return journey;
    if (step === 'dna' || step === 'patient_cancels' || step === 'hospital_cancels') missed += 1;
  }
}

/** Days to the next appointment. Urgent suspected cancer is seen within two weeks. */
function nextGap(journey: Journey, plan: ReferralPlan, turn: number): number {
  const { random } = journey.patient;
  if (turn === 1 && plan.firstWait !== undefined) return plan.firstWait;
  if (journey.attended > 0) return random.int(35, 100);
  if (journey.priority === '3') return random.int(5, 11);
  return random.int(14, 60);
}

/** 1 or 3 until somebody has been seen, then 2 or 4: the first is the first that took place (CON-09). */
function visitKind(journey: Journey): string {
  const first = journey.attended === 0;
  return journey.patient.code('first_attendance', [first ? '1' : '2', 86], [first ? '3' : '4', 14]);
}

function drawStep(journey: Journey, turn: number, missed: number, day: number): Step {
  const { random } = journey.patient;
  const fate = random.int(1, 1000);
  const decide = journey.clockRuns && day - journey.waitedSince > DECIDE_AFTER;
  if (missed < 2 && turn < MOST_APPOINTMENTS && !decide) {
    if (fate <= 70) return 'dna';
    if (fate <= 150) return 'patient_cancels';
    if (fate <= 240) return 'hospital_cancels';
  }
  if (!journey.clockRuns) return turn >= MOST_APPOINTMENTS || random.chance(0.45) ? 'discharge' : 'continue';
  const steps: Weighted<Step>[] = [
    ['treat', 34],
    ['no_treatment', 14],
    ['monitor', 6],
  ];
  if (journey.specialty.profile.elective && journey.specialty.profile.procedures.length > 0) steps.push(['list', 22]);
  if (!decide && turn < MOST_APPOINTMENTS - 1) steps.push(['continue', 45]);
  return random.weighted(steps);
}

/** What the step writes; the day from which the next appointment is planned, or -1 when the referral's story ends here. */
function takeStep(journey: Journey, appointment: Entity, step: Step, turn: number, day: number): number {
  switch (step) {
    case 'patient_cancels':
    case 'hospital_cancels':
      return cancelAndRebook(journey, appointment, step === 'patient_cancels' ? '2' : '4');
    case 'dna':
      return miss(journey, appointment, day);
    default:
      return attend(journey, appointment, step, turn, day);
  }
}

function cancelAndRebook(journey: Journey, appointment: Entity, code: string): number {
  const booked = appointment.values['booked_on'] as number;
  const on = journey.patient.random.int(booked, appointmentDay(appointment));
  cancel(journey, appointment, code, on);
  journey.rebookLater(appointment);
  return on;
}

function cancel(journey: Journey, appointment: Entity, code: string, on: number): void {
  const { patient } = journey;
  const byPatient = code === '2';
  const reason = byPatient
    ? like('PAT', /patient|unwell|holiday/i)
    : like('HOS', /hospital|clinic|provider|consultant|staff/i);
  Object.assign(appointment.values, {
    attendance: code,
    cancelled_on: on,
    cancel_reason: reason,
    rtt_status: journey.statusNow(),
  });
  patient.add(
    'CANCEL',
    'cancellation_id',
    {
      appointment_id: appointment.id,
      sequence: 1,
      cancelled_on: on,
      cancelled_at: instantOf(on, 8, patient.random.int(0, 11) * 5),
      reason,
      cancelled_by: byPatient ? like('P', /patient/i) : like('H', /hospital|provider|trust/i),
      old_starts_at: appointment.values['starts_at'],
    },
    on,
    on,
  );
}

/** Missing the first appointment may end the pathway (33), but never that of a suspected cancer (RTT-09). */
function miss(journey: Journey, appointment: Entity, day: number): number {
  const { patient } = journey;
  appointment.values['attendance'] = '3';
  const discharge = journey.attended === 0 && journey.priority !== '3' && patient.random.chance(0.3);
  const first =
    patient.scene.rows('APPT').filter((row) => row.values['referral_id'] === journey.referral.id).length === 1;
  if (discharge && first) {
    journey.stopClock(day, '33', 'appointment', appointment);
    appointment.values['rtt_status'] = '33';
    journey.close(day, 'missed');
    return -1;
  }
  appointment.values['rtt_status'] = journey.statusNow();
  journey.rebookLater(appointment);
  return day;
}

function attend(journey: Journey, appointment: Entity, step: Step, turn: number, day: number): number {
  const { patient } = journey;
  journey.attended += 1;
  const startsAt = appointment.values['starts_at'] as number;
  const values: Values = {
    attendance: patient.code('attended_or_did_not_attend', ['5', 92], ['6', 8]),
    ...attendedTimes(startsAt, patient.random),
  };
  Object.assign(appointment.values, values);
  const outcome = decide(journey, appointment, step, turn, day);
  Object.assign(appointment.values, { outcome: outcome.code, rtt_status: outcome.status });
  return outcome.next;
}

interface Outcome {
  /** National outcome of attendance. */
  readonly code: string;
  readonly status: string;
  readonly next: number;
}

function decide(journey: Journey, appointment: Entity, step: Step, turn: number, day: number): Outcome {
  const { random } = journey.patient;
  const another = (status: string): Outcome => ({ code: '2', status, next: day });
  const closed = (status: string): Outcome => {
    journey.close(day, 'discharged');
    return { code: '1', status, next: -1 };
  };
  const stop = (status: string): string => {
    if (!journey.clockRuns) return '90';
    journey.stopClock(day, status, 'appointment', appointment);
    return status;
  };
  if (step === 'no_treatment') return closed(stop('34'));
  if (step === 'discharge') return closed(stop('30'));
  if (step === 'treat') {
    const status = stop('30');
    return turn >= MOST_APPOINTMENTS || random.chance(0.3) ? closed(status) : another(status);
  }
  if (step === 'monitor') return another(stop(random.chance(0.5) ? '31' : '32'));
  if (step === 'list') return toWaitingList(journey, appointment, day);
  if (!journey.clockRuns && monitored(journey) && journey.patient.hasRoom('CLOCK', 6) && random.chance(0.2)) {
    journey.restartClock(day, appointment);
    return another('11');
  }
  journey.tick(day, appointment);
  return another(journey.statusNow());
}

/** The last wait ended in active monitoring, which a new one may follow. */
function monitored(journey: Journey): boolean {
  return ['31', '32'].includes(journey.clock.values['status'] as string);
}

/** A decision to admit: planned surveillance when the first treatment is behind, else a place in the queue. */
function toWaitingList(journey: Journey, appointment: Entity, day: number): Outcome {
  if (!journey.clockRuns) {
    addPlanned(journey, day);
    return { code: '3', status: '90', next: -1 };
  }
  journey.tick(day, appointment);
  const status = journey.statusNow();
  const discharged = addElective(journey, day);
  return { code: '3', status, next: discharged === null ? -1 : Math.min(discharged, EXTRACT_DAY) };
}
