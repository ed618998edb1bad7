import { dayAt, EXTRACT_AT, EXTRACT_DAY, instantOf, isClockChange, timeAt } from './calendar.ts';
import { COMORBIDITIES, SECONDARY_PROCEDURES } from './clinical.ts';
import { type Entity, like, type Values } from './entity.ts';
import { HOUR, later, nights, type Patient } from './patient.ts';
import type { Specialty } from './reference.ts';

/** One stay from admission to discharge, or to the extract when it is still going on. */
export interface StayPlan {
  readonly admitted: number;
  /** Null: still in hospital at the extract. */
  readonly discharged: number | null;
  /** National codes. */
  readonly method: string;
  readonly source: string;
  readonly classification: string;
  readonly intended: string;
  readonly specialty: Specialty;
  readonly consultant?: number;
  readonly wardKind?: string;
  /** Main procedure, OPCS-4. */
  readonly procedure?: string;
  readonly diagnosis?: string;
  /** Died at the end of it. */
  readonly died?: boolean;
  /** More concepts of the spell row. */
  readonly links?: Values;
  /** Legal status at an instant, for mental health. */
  readonly legalStatus?: (instant: number) => string | undefined;
}

/** Writes a spell with its episodes, ward stays, diagnoses and procedures. The caller has made sure that the time is free. */
export function addStay(patient: Patient, plan: StayPlan): Entity {
  const { reference } = patient.world;
  const consultant = plan.consultant ?? patient.random.pick(reference.consultants(plan.specialty)).id;
  const wards = drawWards(patient, plan);
  const last = wards.at(-1) as WardStay;
  const spell = patient.add(
    'SPELL',
    'spell_id',
    spellValues(patient, plan, consultant, last),
    dayAt(plan.admitted),
    endDay(plan),
  );
  patient.holdStay(plan.admitted, plan.discharged);
  for (const [at, stay] of wards.entries()) addWardStay(patient, plan, spell, stay, at + 1);
  addEpisodes(patient, plan, spell, consultant);
  return spell;
}

/** Moves an instant out of the hour that does not exist, or comes twice, when clocks change. */
export function clearOfClockChange(instant: number): number {
  const time = timeAt(instant);
  return time >= HOUR && time < 2 * HOUR && isClockChange(dayAt(instant)) ? instant + 2 * HOUR : instant;
}

function endDay(plan: StayPlan): number {
  return plan.discharged === null ? EXTRACT_DAY : dayAt(plan.discharged);
}

function spellValues(patient: Patient, plan: StayPlan, consultant: number, ward: WardStay): Values {
  const { admitted, discharged, specialty } = plan;
  const left: Values =
    discharged === null
      ? {}
      : {
          discharged_at: discharged,
          discharge_method: plan.died === true ? '4' : patient.code('discharge_method', ['1', 97], ['6', 3]),
          discharge_destination: plan.died === true ? '79' : destination(patient, plan),
          ready_for_discharge_on: dayAt(discharged),
        };
  return {
    admitted_at: admitted,
    admission_method: plan.method,
    admission_source: plan.source,
    classification: plan.classification,
    intended_management: plan.intended,
    admin_category: '01',
    consultant,
    treatment_function: specialty.entity.id,
    site: ward.site,
    ward: ward.ward,
    bed: ward.bed,
    expected_discharge_on:
      dayAt(admitted) + (discharged === null ? nights(admitted, EXTRACT_AT) + 3 : nights(admitted, discharged)),
    legal_status: plan.legalStatus?.(admitted),
    ...left,
    ...plan.links,
  };
}

/** Home for nearly everyone; older people sometimes to a care home. */
function destination(patient: Patient, plan: StayPlan): string {
  const old = patient.ageOn(dayAt(plan.admitted)) > 75 && plan.classification === '1';
  return old ? patient.code('discharge_destination', ['19', 90], ['54', 4], ['85', 6]) : '19';
}

interface WardStay {
  readonly from: number;
  readonly to: number | null;
  readonly ward: number;
  readonly site: number | undefined;
  readonly bay: string;
  readonly bed: string;
}

/** Ward stays follow each other without a gap and fill the spell (TMP-05). */
function drawWards(patient: Patient, plan: StayPlan): WardStay[] {
  const { random, world } = patient;
  const { admitted } = plan;
  const until = plan.discharged ?? EXTRACT_AT;
  const moves: number[] = [];
  const emergency = plan.method.startsWith('2');
  if (emergency && random.chance(0.7)) moves.push(clearOfClockChange(later(admitted, random.int(4, 20) * 30)));
  if (nights(admitted, until) > 3 && random.chance(0.5))
    moves.push(instantOf(dayAt(admitted) + 2, 14, random.int(0, 11) * 5));
  const starts = [admitted, ...moves.filter((at) => at > admitted && at < until - HOUR)];
  const kind = plan.wardKind ?? plan.specialty.profile.treatmentFunction;
  return starts.map((from, at) => {
    const first = emergency && at === 0 && starts.length > 1;
    const ward = random.pick(world.reference.wards(first ? '300' : kind));
    const to = starts[at + 1] ?? plan.discharged;
    // A bed that is taken at the extract is one patient's alone (CON-11): the number comes from the patient's own.
    const bed =
      to === null
        ? patient.number.toString(36).toUpperCase().padStart(2, '0')
        : String(random.int(1, 28)).padStart(2, '0');
    return {
      from,
      to,
      ward: ward.id,
      site: ward.values['site'] as number | undefined,
      bay: random.pick(['A', 'B', 'C', 'D']),
      bed,
    };
  });
}

function addWardStay(patient: Patient, plan: StayPlan, spell: Entity, stay: WardStay, sequence: number): void {
  const to = stay.to === null ? EXTRACT_DAY : dayAt(stay.to);
  patient.add(
    'WARD',
    'stay_id',
    {
      spell_id: spell.id,
      sequence,
      ward: stay.ward,
      site: stay.site,
      bay: stay.bay,
      bed: stay.bed,
      starts_at: stay.from,
      ends_at: stay.to ?? undefined,
      reason:
        sequence === 1
          ? like('ADM', /admi/i)
          : like(plan.died === true ? 'CLI' : 'BED', /clinic|bed|transfer|care|step/i),
    },
    dayAt(stay.from),
    to,
  );
}

/** Episodes run 1..n, each starting as the one before ends (TMP-04, UNQ-05). */
function addEpisodes(patient: Patient, plan: StayPlan, spell: Entity, consultant: number): void {
  const { random } = patient;
  const until = plan.discharged ?? EXTRACT_AT;
  const length = nights(plan.admitted, until);
  const wanted =
    length >= 6
      ? random.weighted([
          [1, 55],
          [2, 33],
          [3, 12],
        ])
      : length >= 2
        ? random.weighted([
            [1, 80],
            [2, 20],
          ])
        : 1;
  const starts = [plan.admitted];
  for (let at = 1; at < wanted; at += 1)
    starts.push(instantOf(dayAt(plan.admitted) + Math.floor((length * at) / wanted), 10, 15));
  const kept = starts.filter((from, at) => at === 0 || (from > plan.admitted && from < until - HOUR));
  let responsible = consultant;
  for (const [at, from] of kept.entries()) {
    const to = kept[at + 1] ?? plan.discharged;
    if (at > 0) responsible = random.pick(patient.world.reference.consultants(plan.specialty)).id;
    addEpisode(patient, plan, spell, { from, to, sequence: at + 1, consultant: responsible });
  }
}

interface EpisodeTime {
  readonly from: number;
  readonly to: number | null;
  readonly sequence: number;
  readonly consultant: number;
}

function addEpisode(patient: Patient, plan: StayPlan, spell: Entity, time: EpisodeTime): void {
  const { random } = patient;
  const lastDay = time.to === null ? EXTRACT_DAY : dayAt(time.to);
  // Finished episodes are coded within a month (CMP-15); younger ones may still wait.
  const coded = time.to !== null && (EXTRACT_DAY - lastDay > 28 || random.chance(0.5));
  const episode = patient.add(
    'EPI',
    'episode_id',
    {
      spell_id: spell.id,
      sequence: time.sequence,
      starts_at: time.from,
      ends_at: time.to ?? undefined,
      consultant: time.consultant,
      main_specialty: plan.specialty.profile.mainSpecialty,
      treatment_function: plan.specialty.entity.id,
      legal_status: plan.legalStatus?.(time.from),
      coded,
      site: spell.values['site'],
      end_reason:
        time.to === null
          ? undefined
          : like('END', time.to === plan.discharged ? /discharg|end/i : /consultant|transfer/i),
    },
    dayAt(time.from),
    lastDay,
  );
  if (!coded) return;
  const codedOn = Math.min(lastDay + random.int(3, 25), patient.end);
  addDiagnoses(patient, plan, episode, codedOn);
  if (time.sequence === 1) addProcedures(patient, plan, episode, codedOn);
}

function addDiagnoses(patient: Patient, plan: StayPlan, episode: Entity, codedOn: number): void {
  const { random } = patient;
  const adult = patient.ageOn(dayAt(plan.admitted)) >= 18;
  const codes = [plan.diagnosis ?? random.pick(plan.specialty.profile.diagnoses)];
  const more = adult
    ? random.weighted([
        [0, 10],
        [1, 15],
        [2, 20],
        [3, 20],
        [4, 15],
        [5, 12],
        [6, 8],
      ])
    : random.int(0, 1);
  for (let at = 0; at < more; at += 1) {
    const code = random.pick(COMORBIDITIES);
    if (!codes.includes(code)) codes.push(code);
  }
  const started = dayAt(episode.values['starts_at'] as number);
  const { spell_id: spellId, sequence: episodeSequence } = episode.values;
  for (const [at, code] of codes.entries()) {
    patient.add(
      'DX',
      'diagnosis_id',
      {
        episode_id: episode.id,
        spell_id: spellId,
        episode_sequence: episodeSequence,
        sequence: at + 1,
        icd10_code: code,
        icd10_version: '5',
        diagnosed_on: started,
        present_on_admission: at > 0 || random.chance(0.8),
        coded_by: 'Coder 4',
        coded_on: codedOn,
      },
      started,
      codedOn,
    );
  }
}

function addProcedures(patient: Patient, plan: StayPlan, episode: Entity, codedOn: number): void {
  const { random } = patient;
  const drawn = random.chance(0.25) ? plan.specialty.profile.procedures[0]?.split(' ')[0] : undefined;
  const main = plan.procedure ?? drawn;
  if (main === undefined) return;
  const day = dayAt(plan.admitted);
  const { spell_id: spellId, sequence: episodeSequence } = episode.values;
  const codes = [main, ...(random.chance(0.5) ? [random.pick(SECONDARY_PROCEDURES)] : [])];
  for (const [at, code] of codes.entries()) {
    patient.add(
      'PX',
      'procedure_id',
      {
        episode_id: episode.id,
        spell_id: spellId,
        episode_sequence: episodeSequence,
        sequence: at + 1,
        opcs4_code: code,
        // OPCS-4.10 replaced 4.9 on 1 April 2023 (day 66564). UNCERTAIN: confirm with the coding department.
        opcs4_version: day >= 66564 ? '4.10' : '4.9',
        performed_on: day,
        laterality: code === 'Z942' ? like('R', /right/i) : code === 'Z943' ? like('L', /left/i) : undefined,
        surgeon: episode.values['consultant'],
        anaesthetic: like('GA', /general/i),
        coded_on: codedOn,
      },
      day,
      codedOn,
    );
  }
}
