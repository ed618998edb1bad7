import { instantOf, timeAt } from './calendar.ts';
import { type Entity, like, type Values } from './entity.ts';
import { DAY, later, type Patient } from './patient.ts';
import type { Specialty } from './reference.ts';

/** What happens at an appointment. */
export type Step =
  /** Did not attend; cancelled by the patient; cancelled by the hospital. */
  | 'dna'
  | 'patient_cancels'
  | 'hospital_cancels'
  /** Attended, and then: treated there; no treatment needed; watched; put on the waiting list; seen again; discharged. */
  | 'treat'
  | 'no_treatment'
  | 'monitor'
  | 'list'
  | 'continue'
  | 'discharge';

export interface ReferralPlan {
  readonly specialty: Specialty;
  readonly received: number;
  readonly priority?: string;
  /** What happens at the first appointments; the rest is drawn. */
  readonly script?: readonly Step[];
  /** Days from referral to the first appointment. */
  readonly firstWait?: number;
  /** Waiting list entry: days from decision to admission. */
  readonly listWait?: number;
}

/** A referral while it is being lived through: its rows, its clock and the last thing that happened. */
export class Journey {
  readonly patient: Patient;
  readonly specialty: Specialty;
  readonly referral: Entity;
  readonly pathway: Entity;
  readonly priority: string;
  readonly consultant: number;
  readonly plan: ReferralPlan;
  /** The running or last clock. */
  clock: Entity;
  attended = 0;
  /** A cancelled or missed appointment waiting for its replacement. */
  #toRebook: Entity | null = null;
  #events = 0;

  constructor(patient: Patient, plan: ReferralPlan) {
    const { random, world } = patient;
    const { received, specialty } = plan;
    this.patient = patient;
    this.plan = plan;
    this.specialty = specialty;
    this.priority = plan.priority ?? patient.code('priority_type', ['1', 76], ['2', 16], ['3', 8]);
    const consultant = random.pick(world.reference.consultants(specialty));
    this.consultant = consultant.id;
    const registered = patient.scene.rows('PMI').find((row) => row.id === patient.number)?.values ?? {};
    const decided = Math.max(patient.identity.born, received - random.int(0, 6));
    const pathwayId = patient.nextId('RTT');
    const site = random.pick(world.reference.clinics(specialty)).values['site'];
    this.referral = patient.add(
      'REF',
      'referral_id',
      {
        treatment_function: specialty.entity.id,
        pathway_id: pathwayId,
        ubrn: String(100_000_000_000 + patient.nextId('REF') * 13).slice(0, 12),
        decided_on: decided,
        received_on: received,
        received_at: instantOf(received, random.int(8, 17), random.int(0, 11) * 5),
        source: patient.code(
          'source_of_referral_outpatients',
          ['03', 70],
          ['05', 12],
          ['04', 8],
          ['10', 5],
          ['15', 3],
          ['14', 2],
        ),
        priority: this.priority,
        reason: specialty.profile.reason,
        referral_type: like('NEW', /new|consult|outpatient|advice/i),
        consultant: consultant.id,
        referring_gp: registered['gp_code'],
        referring_practice: registered['practice_code'],
        site,
        status: like('O', /open|active|accept/i),
        triaged_on: Math.min(received + random.int(0, 4), patient.end),
        two_week_wait_type: this.priority === '3' ? like('SKIN', /./) : undefined,
      },
      decided,
      patient.end,
    );
    this.pathway = patient.add(
      'RTT',
      'pathway_id',
      {
        treatment_function: specialty.entity.id,
        issuer: 'RZZ',
        referral_id: this.referral.id,
        started_on: received,
        status: like('O', /open|active/i),
      },
      received,
      patient.end,
    );
    this.clock = this.#startClock(received, '10', 'referral', this.referral);
  }

  get clockRuns(): boolean {
    return this.clock.values['stopped_on'] === undefined;
  }

  get waitedSince(): number {
    return this.clock.values['started_on'] as number;
  }

  /** A new wait after active monitoring (status 11): not before the referral, and only when none runs. */
  restartClock(day: number, appointment: Entity): void {
    this.clock = this.#startClock(day, '11', 'appointment', appointment);
  }

  #startClock(day: number, status: string, activity: Activity, source: Entity): Entity {
    const { patient } = this;
    const clock = patient.add(
      'CLOCK',
      'clock_id',
      {
        pathway_id: this.pathway.id,
        referral_id: this.referral.id,
        sequence: patient.scene.rows('CLOCK').filter((row) => row.values['pathway_id'] === this.pathway.id).length + 1,
        started_on: day,
        status,
        start_status: status,
        open: true,
        breach_on: day + 126,
        adjusted_days: 0,
      },
      day,
      patient.end,
    );
    this.#event(clock, day, status, activity, source);
    return clock;
  }

  /** The clock goes on: status 20 at a later activity. */
  tick(day: number, source: Entity): void {
    if (!this.clockRuns || (this.clock.values['start_status'] === '11' && this.waitedSince === day)) return;
    this.clock.values['status'] = '20';
    this.#event(this.clock, day, '20', 'appointment', source);
  }

  stopClock(day: number, status: string, activity: Activity, source: Entity): void {
    if (!this.clockRuns) return;
    Object.assign(this.clock.values, { stopped_on: day, status, open: false });
    this.#event(this.clock, day, status, activity, source);
  }

  #event(clock: Entity, day: number, status: string, activity: Activity, source: Entity): void {
    const { patient } = this;
    this.#events += 1;
    patient.add(
      'RTT_EVENT',
      'event_id',
      {
        pathway_id: this.pathway.id,
        clock_id: clock.id,
        sequence: this.#events,
        occurred_on: day,
        status,
        activity_type: ACTIVITIES[activity],
        activity_id: { keyOf: source.family, id: source.id },
        recorded_by: 'OP CLERK',
      },
      day,
      day,
    );
  }

  /** Status of the pathway as an appointment on that day records it. */
  statusNow(): string {
    return this.clockRuns ? (this.clock.values['status'] as string) : '90';
  }

  /** Ends the referral and its pathway; nothing may be booked on it after. */
  close(day: number, why: 'discharged' | 'missed' | 'died' | 'declined'): void {
    const reason = CLOSURES[why];
    Object.assign(this.referral.values, {
      closed_on: day,
      closure_reason: reason,
      outcome: reason,
      status: like('C', /clos|discharg|complete/i),
    });
    Object.assign(this.pathway.values, { ended_on: day, status: like('C', /clos|complete|stop/i) });
  }

  /** Death ends everything that was open, on the day of death (DEC-02, DEC-03; status 36). */
  closeByDeath(): void {
    const day = this.patient.end;
    this.stopClock(day, '36', 'referral', this.referral);
    this.close(day, 'died');
  }

  /** Books an appointment on a free day; `attendance` and what follows from it are the caller's. */
  book(day: number, booked: number, values: Values): Entity {
    const { patient } = this;
    const clinic = patient.random.pick(patient.world.reference.clinics(this.specialty));
    patient.holdDay(day);
    const startsAt = instantOf(day, 9, patient.random.int(0, 44) * 10);
    const appointment = patient.add(
      'APPT',
      'appointment_id',
      {
        referral_id: this.referral.id,
        pathway_id: this.pathway.id,
        clinic_code: clinic.id,
        consultant: clinic.values['consultant'] ?? this.consultant,
        treatment_function: this.specialty.entity.id,
        site: clinic.values['site'],
        starts_at: startsAt,
        duration_minutes: 20,
        booked_on: booked,
        priority: this.priority,
        admin_category: patient.code('administrative_category', ['01', 99], ['02', 1]),
        transport: patient.random.chance(0.04),
        ...values,
      },
      booked,
      day,
    );
    if (this.#toRebook !== null) this.#toRebook.values['rebooked_to'] = appointment.id;
    this.#toRebook = null;
    return appointment;
  }

  /** The next booking replaces this one. */
  rebookLater(appointment: Entity): void {
    this.#toRebook = appointment;
  }
}

/** Appointments come and go on working days, one a day. */
export function appointmentDay(appointment: Entity): number {
  return Math.floor((appointment.values['starts_at'] as number) / DAY);
}

/** Times of an attended appointment: arrived, seen, left. */
export function attendedTimes(startsAt: number, random: { int(low: number, high: number): number }): Values {
  const arrived = later(startsAt, -random.int(0, 15));
  const seen = later(startsAt, random.int(0, 30));
  return { arrived_at: timeAt(arrived), seen_at: timeAt(seen), left_at: timeAt(later(seen, random.int(10, 30))) };
}

const ACTIVITIES = {
  referral: like('REF', /referr/i),
  appointment: like('OPA', /appoint|outpatient|clinic|attend/i),
  admission: like('ADM', /admission|spell|inpatient/i),
  waiting_list: like('WL', /waiting|list/i),
} as const;
type Activity = keyof typeof ACTIVITIES;

const CLOSURES = {
  discharged: like('DIS', /discharg|complete|treated/i),
  missed: like('DNA', /dna|not attend/i),
  died: like('DIED', /die|dea|deceas/i),
  declined: like('DEC', /declin|patient|refus|other/i),
} as const;
