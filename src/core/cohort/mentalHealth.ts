import { addMonths, dayAt, EXTRACT_AT, EXTRACT_DAY, instantOf } from './calendar.ts';
import { type Entity, like, type Values } from './entity.ts';
import { addStay } from './inpatients.ts';
import { HOUR, later, type Patient } from './patient.ts';

/** What a detained patient's record shows at the extract. */
export type DetentionKind =
  /** Section 2 then 3, still in hospital, has been on leave. */
  | 'detained'
  /** Held under 5(2), then section 2, discharged. */
  | 'ended'
  /** Section 3, then a community treatment order in force. */
  | 'community'
  /** Hospital order with restrictions (37/41), still in hospital. */
  | 'restricted';

interface Section {
  readonly code: string;
  readonly from: number;
  /** Null while it is in force. */
  readonly to: number | null;
  readonly expires: number;
  readonly endReason?: RegExp;
}

const DAY = 24 * HOUR;

/** National codes of legal status; the code is not the section's number (brief, section 2). */
const INFORMAL = '01';
const SECTION_2 = '02';
const SECTION_3 = '03';
const SECTION_5_2 = '05';
const SECTION_37_41 = '09';

/**
 * A mental health spell with its sections (MH-01 to MH-08): they follow each other, none is open past its expiry, the
 * episode's status is that of the section covering its start. Nothing is written when the patient's diary is not free.
 */
export function addDetention(patient: Patient, kind: DetentionKind): void {
  const sections = plan(kind);
  const admitted = instantOf(dayAt(sections.admitted), 15, 20);
  if (!patient.isFree(admitted, sections.discharged) || !patient.hasRoom('SPELL')) return;
  const possible = sections.list.filter(({ code }) => patient.world.palette.allows(LEGAL_STATUS, code));
  if (possible.length < sections.list.length) return;
  const specialty = patient.world.reference.specialty('710');
  const spell = addStay(patient, {
    admitted,
    discharged: sections.discharged,
    method: patient.code('admission_method', ['21', 1], ['2D', 1]),
    source: '19',
    classification: '1',
    intended: patient.world.palette.only('intended_management', '8') ?? '1',
    specialty,
    wardKind: '710',
    legalStatus: (instant) =>
      possible.find(({ from, to }) => from <= instant && (to === null || instant < to))?.code ?? informal(patient),
  });
  const rows = possible.map((section, at) => addSection(patient, spell, section, at + 1));
  const last = rows.at(-1);
  if (last === undefined) return;
  if (kind === 'detained' || kind === 'restricted') addLeave(patient, spell, last);
  if (kind === 'community' && sections.discharged !== null) addOrder(patient, last, dayAt(sections.discharged));
}

const LEGAL_STATUS = 'mha_legal_status_classification';

function informal(patient: Patient): string | undefined {
  return patient.world.palette.only(LEGAL_STATUS, INFORMAL);
}

function plan(kind: DetentionKind): { admitted: number; discharged: number | null; list: Section[] } {
  const start = (daysAgo: number): number => instantOf(EXTRACT_DAY - daysAgo, 15, 20);
  if (kind === 'detained') {
    const admitted = start(60);
    const renewed = instantOf(EXTRACT_DAY - 35, 11, 30);
    const second: Section = {
      code: SECTION_2,
      from: admitted,
      to: renewed,
      expires: lastMinute(EXTRACT_DAY - 60 + 27),
      endReason: /section 3|another|replac|supersed/i,
    };
    return {
      admitted,
      discharged: null,
      list: [second, { code: SECTION_3, from: renewed, to: null, expires: months(renewed, 6) }],
    };
  }
  if (kind === 'restricted') {
    // Renewal falls due within the two months that are matched one by one (MH-09).
    const admitted = start(120);
    return {
      admitted,
      discharged: null,
      list: [{ code: SECTION_37_41, from: admitted, to: null, expires: months(admitted, 6) }],
    };
  }
  if (kind === 'community') {
    const admitted = start(130);
    const left = instantOf(EXTRACT_DAY - 60, 14);
    return {
      admitted,
      discharged: left,
      list: [
        {
          code: SECTION_3,
          from: admitted,
          to: left,
          expires: months(admitted, 6),
          endReason: /community|cto|discharg/i,
        },
      ],
    };
  }
  const admitted = start(300);
  const held = instantOf(EXTRACT_DAY - 298, 16, 40);
  const assessed = instantOf(EXTRACT_DAY - 296, 11, 15);
  const ended = instantOf(EXTRACT_DAY - 280, 10);
  const holding: Section = {
    code: SECTION_5_2,
    from: held,
    to: assessed,
    expires: held + 3 * DAY,
    endReason: /section 2|another|replac|supersed/i,
  };
  const second: Section = {
    code: SECTION_2,
    from: assessed,
    to: ended,
    expires: lastMinute(EXTRACT_DAY - 296 + 27),
    endReason: /regrad|informal|discharg|rescind/i,
  };
  return { admitted, discharged: instantOf(EXTRACT_DAY - 276, 13, 30), list: [holding, second] };
}

/** A section given in days ends with its last day. */
function lastMinute(day: number): number {
  return instantOf(day, 23, 59);
}

/** A section given in months ends on the day before the same date. */
function months(from: number, count: number): number {
  return lastMinute(addMonths(dayAt(from), count) - 1);
}

function addSection(patient: Patient, spell: Entity, section: Section, sequence: number): Entity {
  const { from, to, code } = section;
  const first = dayAt(from);
  const long = code === SECTION_3 || code === SECTION_37_41;
  const due: Values =
    to !== null
      ? {}
      : {
          renewal_due_on: long ? dayAt(section.expires) - 14 : undefined,
          tribunal_due_on: long ? addMonths(first, 6) : first + 14,
          consent_due_on: addMonths(first, 3),
        };
  return patient.add(
    'MHA',
    'section_id',
    {
      spell_id: spell.id,
      sequence,
      section: code,
      starts_at: from,
      expires_at: section.expires,
      expires_on: dayAt(section.expires),
      ends_at: to ?? undefined,
      end_reason: to === null ? undefined : like('END', section.endReason ?? /./),
      hospital: spell.values['site'],
      responsible_clinician: spell.values['consultant'],
      restricted: code === SECTION_37_41,
      ...due,
    },
    first,
    to === null ? EXTRACT_DAY : dayAt(to),
  );
}

/** Two past leaves under section 17, one by day and one overnight. */
function addLeave(patient: Patient, spell: Entity, section: Entity): void {
  const leaves = [
    [instantOf(EXTRACT_DAY - 20, 10), 6 * HOUR, like('DAY', /day|escort/i)],
    [instantOf(EXTRACT_DAY - 10, 17), 20 * HOUR, like('NIGHT', /night|home/i)],
  ] as const;
  for (const [from, length, type] of leaves) {
    const to = later(from, length / 60);
    if (from < (section.values['starts_at'] as number) || to > EXTRACT_AT) continue;
    patient.add(
      'LEAVE',
      'leave_id',
      {
        section_id: section.id,
        spell_id: spell.id,
        leave_type: type,
        starts_at: from,
        ends_at: to,
        approved_by: spell.values['consultant'],
        conditions: 'Stays with family',
      },
      dayAt(from),
      dayAt(to),
    );
  }
}

/** A community treatment order stands on the section it followed, and is no detention (MH-07). */
function addOrder(patient: Patient, section: Entity, day: number): void {
  patient.add(
    'CTO',
    'cto_id',
    {
      section_id: section.id,
      starts_on: day,
      expires_on: addMonths(day, 6) - 1,
      responsible_clinician: section.values['responsible_clinician'],
    },
    day,
    EXTRACT_DAY,
  );
}
