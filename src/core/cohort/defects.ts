import { DAY_SECONDS, dayAt, EXTRACT_AT, EXTRACT_DAY } from './calendar.ts';
import { type Entity, MAX_RECORDS, type Scene, saltOf } from './entity.ts';
import { ownerOf } from './tableRows.ts';

/** A defect put into one row of the source: what, where, and how to find it again. */
export interface PlantedDefect {
  readonly defect: string;
  readonly family: string;
  readonly row: Entity;
}

/** Patients who carry no defect yet: one each, so that each can be counted alone. */
export interface Undamaged {
  has(patient: number): boolean;
  take(patient: number): void;
}

/** One kind of defect. `plant` changes a scene's rows and gives the row at fault, or null when nobody there is suitable. */
export interface DefectKind {
  readonly defect: string;
  /** The quality rule that must find it. */
  readonly rule: string;
  readonly family: string;
  readonly plant: (scene: Scene, patients: Undamaged, turn: number) => Entity | null;
}

type Suits = (row: Entity, scene: Scene) => boolean;

/** A kind that changes values of the first suitable row of a patient without another defect. */
function change(
  defect: string,
  rule: string,
  family: string,
  suits: Suits,
  apply: (row: Entity, scene: Scene, turn: number) => void,
): DefectKind {
  return {
    defect,
    rule,
    family,
    plant: (scene, patients, turn) => {
      const row = scene.rows(family).find((candidate) => patients.has(ownerOf(candidate)) && suits(candidate, scene));
      if (row === undefined) return null;
      patients.take(ownerOf(row));
      apply(row, scene, turn);
      return row;
    },
  };
}

const person = (row: Entity, scene: Scene): Entity | undefined => scene.find('PMI', ownerOf(row));
const isLive = (row: Entity, scene: Scene): boolean => {
  const values = person(row, scene)?.values;
  return values !== undefined && values['deceased'] === false && values['merged_into'] === undefined;
};
const wrong = (text: string): { readonly verbatim: string } => ({ verbatim: text });

/** Number no patient of any cohort has. */
const NOBODY = MAX_RECORDS + 1;

/** Kinds of `plant: standard`, in the order they are planted: those with few suitable patients first. */
export const STANDARD_DEFECTS: readonly DefectKind[] = [
  change(
    'event_after_death',
    'DEC-07',
    'APPT',
    (row, scene) => canFollowDeath(row, scene),
    (row, scene) => {
      const died = person(row, scene)?.values['date_of_death'] as number;
      row.values['starts_at'] = (died + 1) * DAY_SECONDS + 36_000;
    },
  ),
  change(
    'detention_past_expiry',
    'MH-01',
    'MHA',
    (row) => row.values['ends_at'] === undefined,
    (row) => {
      row.values['expires_at'] = EXTRACT_AT - 2 * DAY_SECONDS;
      row.values['expires_on'] = EXTRACT_DAY - 2;
    },
  ),
  change(
    'removal_without_reason',
    'WL-01',
    'IWL',
    (row) => row.values['removed_on'] !== undefined,
    (row) => {
      row.values['removal_reason'] = undefined;
    },
  ),
  change(
    'discharge_before_admission',
    'TMP-03',
    'SPELL',
    (row) => row.values['discharged_at'] !== undefined,
    (row) => {
      row.values['discharged_at'] = (row.values['admitted_at'] as number) - DAY_SECONDS;
    },
  ),
  change(
    'unknown_admission_method',
    'COD-01',
    'SPELL',
    (row) => row.values['admission_method'] === '21',
    (row) => {
      row.values['admission_method'] = wrong('#');
    },
  ),
  change(
    'attended_in_the_future',
    'TMP-06',
    'APPT',
    (row, scene) => row.values['attendance'] === '0' && isLive(row, scene),
    (row) => {
      row.values['attendance'] = '5';
    },
  ),
  change(
    'orphan_appointment',
    'RIN-01',
    'APPT',
    (row, scene) => isAttended(row) && isLive(row, scene),
    (row) => {
      row.values['patient_id'] = NOBODY;
    },
  ),
  change(
    'nhs_number_check_digit',
    'VAL-01',
    'PMI',
    (row, scene) => row.values['nhs_number'] !== undefined && isLive(row, scene),
    (row) => {
      const number = String(row.values['nhs_number']);
      row.values['nhs_number'] = number.slice(0, 9) + ((Number(number[9]) + 1) % 10);
    },
  ),
  change('unknown_ethnic_code', 'COD-01', 'PMI', isLive, (row) => {
    row.values['ethnic_category'] = wrong('#');
  }),
  change('missing_surname', 'CMP-01', 'PMI', isLive, (row) => {
    row.values['surname'] = wrong('');
  }),
  { defect: 'duplicate_patient', rule: 'DUP-01', family: 'PMI', plant: plantDuplicate },
];

function isAttended(row: Entity): boolean {
  return row.values['attendance'] === '5' || row.values['attendance'] === '6';
}

/** An attended appointment of somebody who died at least two days before the extract. */
function canFollowDeath(row: Entity, scene: Scene): boolean {
  const died = person(row, scene)?.values['date_of_death'];
  return (
    isAttended(row) &&
    typeof died === 'number' &&
    died + 2 < EXTRACT_DAY &&
    dayAt(row.values['starts_at'] as number) < died
  );
}

/** A second live record of the same person with another number, its own address row, and no NHS number. */
function plantDuplicate(scene: Scene, patients: Undamaged, turn: number): Entity | null {
  const original = scene.rows('PMI').find((row) => patients.has(row.id) && isLive(row, scene));
  const address = scene
    .rows('ADDR')
    .find((row) => row.values['patient_id'] === original?.id && row.values['current'] === true);
  if (original === undefined || address === undefined) return null;
  patients.take(original.id);
  const number = NOBODY + 1 + turn;
  const salt = saltOf(turn, 'duplicate', number);
  const copy: Entity = {
    ...original,
    id: number,
    salt,
    values: {
      ...original.values,
      patient_id: number,
      nhs_number: undefined,
      nhs_number_status: '03',
      email: undefined,
    },
  };
  scene.add(copy);
  scene.add({
    ...address,
    id: number * 4,
    salt,
    values: { ...address.values, patient_id: number, address_id: number * 4 },
  });
  return copy;
}
