import { EXTRACT_DAY } from './calendar.ts';
import { type Like, like, type Values } from './entity.ts';
import { dramaLandline, dramaMobile, exampleEmail, syntheticNhsNumber } from './identifiers.ts';
import { drawSurname, type PersonPlan } from './identity.ts';
import { FEMALE_FORENAMES, MALE_FORENAMES, OCCUPATIONS, TOWNS } from './names.ts';
import type { Patient } from './patient.ts';
import { addPersonRecords, gpOf } from './personRecords.ts';

const LANGUAGES: readonly (readonly [Like, number])[] = [
  [like('ENG', /^english/i), 92],
  [like('POL', /polish/i), 2],
  [like('PAN', /pun?jabi/i), 2],
  [like('URD', /urdu/i), 2],
  [like('ROM', /romanian/i), 1],
  [like('BFI', /sign/i), 1],
];

const TITLES: Readonly<Record<string, Like>> = {
  '1': like('Mr', /^mr\b|mister/i),
  '2': like('Ms', /^ms\b|^miss|^mrs/i),
};

const ETHNIC: readonly (readonly [string, number])[] = [
  ['A', 62],
  ['B', 2],
  ['C', 7],
  ['D', 1],
  ['E', 1],
  ['F', 1],
  ['G', 1],
  ['H', 4],
  ['J', 4],
  ['K', 2],
  ['L', 2],
  ['M', 2],
  ['N', 4],
  ['P', 1],
  ['R', 1],
  ['S', 2],
  ['Z', 3],
];

/** Writes the patient's own record and what hangs on it directly. */
export function addPerson(patient: Patient, plan: PersonPlan): void {
  const { random } = patient;
  const former = formerNames(patient, plan.formerNames ?? drawFormerNames(patient));
  const practice = random.int(1, patient.world.reference.rows('PRACTICE').length);
  const gp = gpOf(patient, practice);
  const values = identityValues(patient, plan);
  addSocialValues(values, patient, plan);
  values.former_surname = former.map(([surname]) => surname);
  values.former_surname_changed_on = former.map(([, changedOn]) => changedOn);
  values.gp_code = gp;
  values.practice_code = practice;
  const { start, end, number } = patient;
  patient.scene.add({ family: 'PMI', id: number, values, from: start, to: end, salt: patient.random.next() });
  addPersonRecords(patient, plan, gp, practice);
}

function identityValues(patient: Patient, plan: PersonPlan): Values {
  const { identity, random, number, world } = patient;
  const unnumbered = plan.unnumbered === true || random.chance(0.02);
  const nhs = unnumbered ? null : syntheticNhsNumber(world.seed, number);
  const without = plan.unnumbered === true ? '08' : patient.code('nhs_number_status_indicator', ['03', 2], ['07', 1]);
  const title =
    identity.sex === '1' && patient.ageOn(EXTRACT_DAY) < 16 ? like('Master', /master/i) : TITLES[identity.sex];
  return {
    patient_id: number,
    site_prefix: 'N',
    nhs_number: nhs ?? undefined,
    nhs_number_status: nhs === null ? without : patient.code('nhs_number_status_indicator', ['01', 96], ['02', 4]),
    surname: identity.surname,
    forename: identity.forename === '' ? undefined : identity.forename,
    middle_names: random.chance(0.4)
      ? random.pick(identity.sex === '1' ? MALE_FORENAMES : FEMALE_FORENAMES)
      : undefined,
    title: title ?? like('Mx', /^mx\b/i),
    date_of_birth: identity.born,
    birth_time: random.chance(0.1) ? random.int(3, 22) * 3600 : undefined,
    dob_precision: like('D', /^d$|^day|exact|full|verif/i),
    sex: identity.sex,
    deceased: identity.died !== null,
    date_of_death: identity.died ?? undefined,
    death_status: identity.died === null ? undefined : patient.code('death_notification_status', ['2', 8], ['1', 2]),
    restricted: plan.restricted === true,
    withheld_reason:
      plan.restricted === true ? patient.code('withheld_identity_reason', ['03', 1], ['97', 1]) : undefined,
    registered_on: patient.start,
  };
}

/** Adds to the row in place: merging two objects of twenty values costs more than drawing them. */
function addSocialValues(values: Values, patient: Patient, plan: PersonPlan): void {
  const { identity, random } = patient;
  const age = patient.ageOn(patient.end);
  const language = plan.interpreter === true ? like('POL', /polish/i) : random.weighted(LANGUAGES);
  const adult = age >= 16;
  const contactable = adult && !patient.deceased;
  values.gender_identity =
    adult && random.chance(0.3)
      ? patient.code('gender_identity', [identity.sex === '2' ? '2' : '1', 97], ['Z', 3])
      : undefined;
  values.ethnic_category = patient.code('ethnic_category', ...ETHNIC);
  values.marital_status = adult
    ? patient.code('marital_status', ['S', 35], ['M', 45], ['D', 9], ['W', 7], ['P', 2], ['N', 2])
    : patient.code('marital_status', ['S', 1]);
  values.religion = random.chance(0.6) ? like('CE', /./) : undefined;
  values.language = language;
  values.interpreter_required = plan.interpreter ?? (language.text !== 'ENG' && random.chance(0.6));
  values.communication_need = random.chance(0.04) ? like('LP', /large|easy|hear|sign|braille/i) : undefined;
  values.overseas_category = patient.code('overseas_visitor_charging_category', ['A', 98], ['B', 2]);
  values.phone_home = random.chance(0.6) ? dramaLandline(random) : undefined;
  values.phone_mobile = contactable ? dramaMobile(random) : undefined;
  values.phone_work = contactable && random.chance(0.2) ? dramaLandline(random) : undefined;
  values.email =
    contactable && random.chance(0.5) ? exampleEmail(identity.forename, identity.surname, patient.number) : undefined;
  values.occupation = adult && random.chance(0.5) ? random.pick(OCCUPATIONS) : undefined;
  values.place_of_birth = random.chance(0.5) ? random.pick(TOWNS)[0] : undefined;
}

function drawFormerNames(patient: Patient): number {
  const likely = patient.identity.sex === '2' && patient.ageOn(patient.end) > 25 ? 0.3 : 0.02;
  return patient.random.chance(likely)
    ? patient.random.weighted([
        [1, 80],
        [2, 16],
        [3, 4],
      ])
    : 0;
}

/** Former surnames with the day each was given up, newest first; also written as rows of the name history. */
function formerNames(patient: Patient, count: number): (readonly [surname: string, changedOn: number])[] {
  const former: (readonly [string, number])[] = [];
  let day = patient.end - patient.random.int(400, 900);
  for (let turn = 0; turn < count && day > patient.identity.born + 17 * 365; turn += 1) {
    former.push([drawSurname(patient.random), day]);
    day -= patient.random.int(700, 2500);
  }
  for (const [at, [surname, changedOn]] of former.entries()) {
    const forename = patient.identity.forename || undefined;
    const values: Values = { sequence: at + 1, surname, forename, changed_on: changedOn };
    patient.add('FORMER_NAME', 'name_id', values, changedOn, patient.end);
  }
  return former;
}
