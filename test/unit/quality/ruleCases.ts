/**
 * For each quality rule the smallest data that pass it and the smallest that break it. Rows are by view: cells are the text of
 * a file. `key` is what children refer to, `source_key` the key of the source row. X is 2025-06-01 12:00.
 */
export type Cells = Readonly<Record<string, string>>;
export type Data = Readonly<Record<string, readonly Cells[]>>;

export interface RuleCase {
  readonly good: Data;
  readonly bad: Data;
  /** Failing rows in `bad`; 1 unless said. */
  readonly fails?: number;
}

const P = { key: 'p1' };
const OF_P = { patient_id: 'p1' };

/** One row that passes and one that fails, of one view. */
function rows(view: string, good: Cells, bad: Cells, beside: Data = {}): RuleCase {
  return { good: { ...beside, [view]: [good] }, bad: { ...beside, [view]: [bad] } };
}

/** The good row, then the same with some cells changed or taken away. */
function changed(view: string, good: Cells, change: Cells, beside: Data = {}): RuleCase {
  return rows(view, good, { ...good, ...change }, beside);
}

const OPEN_REFERRAL = {
  received_on: '2025-05-01',
  source: '03',
  priority: '1',
  treatment_function: '100',
  consultant: 'C1',
};
const FUTURE_APPT = {
  patient_id: 'p1',
  clinic_code: 'CL1',
  starts_at: '2025-06-10T09:30:00',
  attendance: '0',
  site: 'S1',
};
const OPEN_ENTRY = {
  decided_on: '2025-01-01',
  elective_type: '11',
  intended_management: '2',
  treatment_function: '100',
  priority: '1',
  consultant: 'C1',
};
const SPELL = {
  admitted_at: '2025-05-01T10:00:00',
  discharged_at: '2025-05-03T10:00:00',
  admission_method: '21',
  admission_source: '19',
  classification: '1',
  admin_category: '01',
  site: 'S1',
};
const SECTION = {
  section: '02',
  starts_at: '2025-05-20T14:30:00',
  expires_at: '2025-06-16T23:59:00',
  hospital: 'S1',
};

export const RULE_CASES: Readonly<Record<string, readonly RuleCase[]>> = {
  'CMP-01': [
    changed('pmi', { surname: "O'Brien-Ng" }, { surname: '' }),
    changed('pmi', { surname: 'Testa' }, { surname: ' unknown ' }),
  ],
  'CMP-02': [
    changed('pmi', { date_of_birth: '1980-01-02', dob_precision: 'D' }, { date_of_birth: '' }),
    changed('pmi', { date_of_birth: '1980-01-02', dob_precision: 'D' }, { dob_precision: '' }),
  ],
  'CMP-03': [changed('pmi', { patient_id: '0012345' }, { patient_id: '' })],
  'CMP-04': [
    changed('pmi', { nhs_number: '9990000018', nhs_number_status: '01' }, { nhs_number: '' }),
    changed('pmi', { nhs_number: '', nhs_number_status: '07' }, { nhs_number_status: '' }),
  ],
  'CMP-05': [changed('pmi', { sex: 'X' }, { sex: '' })],
  'CMP-06': [
    { good: { pmi: [P], addr: [{ ...OF_P, line_1: '1 High St', current: 'Y' }] }, bad: { pmi: [P], addr: [] } },
    {
      good: { pmi: [P], addr: [{ ...OF_P, postcode: 'zz993vz' }] },
      bad: {
        pmi: [P],
        addr: [
          { ...OF_P, line_1: 'a', address_type: 'H' },
          { ...OF_P, line_1: 'b', address_type: 'H' },
        ],
      },
    },
  ],
  'CMP-07': [
    {
      good: {
        pmi: [P],
        gpreg: [
          { ...OF_P, practice_code: 'A81001' },
          { ...OF_P, practice_code: 'A81002', valid_to: '2020-01-01' },
        ],
      },
      bad: { pmi: [P], gpreg: [{ ...OF_P, practice_code: 'A81002', valid_to: '2020-01-01' }] },
    },
  ],
  'CMP-08': [changed('ref', OPEN_REFERRAL, { consultant: '' })],
  'CMP-09': [
    changed('appt', FUTURE_APPT, { clinic_code: '' }),
    changed('appt', FUTURE_APPT, { starts_at: '2025-06-10T00:00:00' }),
    changed('appt', FUTURE_APPT, { site: '' }),
  ],
  'CMP-10': [
    changed('appt', { starts_at: '2025-05-01T09:00:00', attendance: '5' }, { attendance: '' }),
    changed('appt', { starts_at: '2025-05-01T09:00:00', attendance: '2' }, { attendance: '0' }),
  ],
  'CMP-11': [changed('iwl', OPEN_ENTRY, { intended_management: '' })],
  'CMP-12': [changed('spell', SPELL, { admission_method: '' }), changed('spell', SPELL, { admin_category: '' })],
  'CMP-13': [
    changed(
      'spell',
      { discharged_at: '2025-05-03T10:00:00', discharge_method: '1', discharge_destination: '19' },
      { discharge_destination: '' },
    ),
  ],
  'CMP-14': [
    changed(
      'epi',
      { starts_at: '2025-05-01T10:00:00', consultant: 'C1', main_specialty: '100', treatment_function: '100' },
      { consultant: '' },
    ),
  ],
  'CMP-15': [
    {
      good: { epi: [{ key: 'e1', ends_at: '2025-04-01T10:00:00' }], dx: [{ episode_id: 'e1', sequence: '1' }] },
      bad: { epi: [{ key: 'e1', ends_at: '2025-04-01T10:00:00' }], dx: [{ episode_id: 'e1', sequence: '2' }] },
    },
  ],
  'CMP-16': [
    changed('mha', SECTION, { starts_at: '' }),
    changed('mha', SECTION, { expires_at: '' }),
    changed('mha', SECTION, { hospital: '' }),
    changed('mha', SECTION, { section: '' }),
  ],
  'CMP-17': [
    {
      good: { pmi: [{ ethnic_category: 'A' }], src_pmi: [{ ethnic_category: 'A' }] },
      bad: { pmi: [{ ethnic_category: '99' }], src_pmi: [{ ethnic_category: 'A' }] },
    },
  ],
  'VAL-01': [
    changed('pmi', { nhs_number: '9434765919' }, { nhs_number: '9434765918' }),
    changed('pmi', { nhs_number: '9990000042' }, { nhs_number: '999000004' }),
    changed('pmi', { nhs_number: '9990000018' }, { nhs_number: '9990000000' }),
    changed('pmi', { nhs_number: '9990000018' }, { nhs_number: '999 000 0018' }),
  ],
  'VAL-02': [
    changed('pmi', { nhs_number: '9990000018' }, { nhs_number: '9999999999' }),
    changed('pmi', { nhs_number: '9990000018' }, { nhs_number: '9876543210' }),
  ],
  'VAL-03': [changed('pmi', { nhs_number: '9990000018' }, { nhs_number: '9434765919' })],
  'VAL-04': [
    changed('addr', { postcode: 'AL3  8QE' }, { postcode: 'VL3 8QE' }),
    changed('addr', { postcode: 'ZZ99 3VZ' }, { postcode: 'UNKNOWN' }),
    changed('addr', { postcode: 'ec1a1bb' }, { postcode: 'EC1A 1B' }),
  ],
  'VAL-05': [
    changed('dx', { icd10_code: 'I10X' }, { icd10_code: '10X' }),
    changed('dx', { icd10_code: 'E10.3D' }, { icd10_code: '' }),
  ],
  'VAL-06': [changed('px', { opcs4_code: 'W37.1' }, { opcs4_code: 'I371' })],
  'VAL-07': [
    changed('dx', { icd10_code: 'I10X', sequence: '1' }, { icd10_code: 'W190' }),
    changed('dx', { icd10_code: 'Y990', sequence: '1' }, { icd10_code: 'H36.0A' }),
  ],
  'VAL-08': [changed('px', { opcs4_code: 'W371', sequence: '1' }, { opcs4_code: 'Z942' })],
  'VAL-09': [changed('staff', { national_code: 'C0000001' }, { national_code: 'SMITHJ' })],
  'VAL-14': [
    changed('pmi', { date_of_birth: '1900-01-01', dob_precision: 'UNKNOWN' }, { dob_precision: 'D' }),
    changed('pmi', { date_of_birth: '1980-05-05', dob_precision: 'D' }, { date_of_birth: '1901-01-01' }),
  ],
  'VAL-20': [
    changed('contact', { contact_value: '07700 900123' }, { contact_value: '12345' }),
    changed('contact', { contact_value: 'a.b@example.com' }, { contact_value: 'a@b' }),
  ],
  'COD-02': [
    {
      good: { '@xw': [{ crosswalk: 'SEX', source_code: 'M', target_code: '1', status: 'APPROVED', line: '2' }] },
      bad: { '@xw': [{ crosswalk: 'SEX', source_code: 'M', target_code: '1', status: 'PROPOSED', line: '2' }] },
    },
    {
      good: {
        '@xw': [
          {
            crosswalk: 'SEX',
            source_code: 'M',
            target_code: '1',
            status: 'APPROVED',
            line: '2',
            valid_to: '2019-12-31',
          },
          {
            crosswalk: 'SEX',
            source_code: 'M',
            target_code: '9',
            status: 'APPROVED',
            line: '3',
            valid_from: '2020-01-01',
          },
        ],
      },
      bad: {
        '@xw': [
          { crosswalk: 'SEX', source_code: 'M', target_code: '1', status: 'APPROVED', line: '2' },
          {
            crosswalk: 'SEX',
            source_code: 'M',
            target_code: '9',
            status: 'APPROVED',
            line: '3',
            valid_from: '2020-01-01',
          },
        ],
      },
      fails: 2,
    },
  ],
  'COD-05': [
    {
      good: {
        spell: [{ admission_method: '28', admitted_at: '2010-01-01T10:00:00' }],
        '@codes': [{ code_set: 'admission_method', code: '28', valid_to: '2013-03-31' }],
      },
      bad: {
        spell: [{ admission_method: '28', admitted_at: '2014-01-01T10:00:00' }],
        '@codes': [{ code_set: 'admission_method', code: '28', valid_to: '2013-03-31' }],
      },
    },
  ],
  'COD-06': [
    {
      good: {
        appt: [{ treatment_function: '424', starts_at: '2021-01-01T10:00:00' }],
        '@codes': [{ code_set: 'treatment_function', code: '424', valid_from: '2020-04-02' }],
      },
      bad: {
        appt: [{ treatment_function: '424', starts_at: '2019-01-01T10:00:00' }],
        '@codes': [{ code_set: 'treatment_function', code: '424', valid_from: '2020-04-02' }],
      },
    },
  ],
  'COD-03': [
    changed(
      '@xw_index',
      { crosswalk: 'MHA', source_system: 'PAS', site: 'all', country: 'England', code_set_version: '1' },
      { country: '' },
      { '@xw': [{ crosswalk: 'MHA', source_code: '35', target_code: '35', status: 'APPROVED' }] },
    ),
  ],
  'COD-07': [
    changed(
      '@xw_index',
      { crosswalk: 'PRI', approved_by: 'Clinical Safety Officer' },
      { approved_by: '' },
      {
        '@xw': [
          { crosswalk: 'PRI', source_code: 'S', target_code: '2', status: 'APPROVED', safety_critical: 'Y' },
          { crosswalk: 'PRI', source_code: 'U', target_code: '2', status: 'APPROVED', safety_critical: 'Y' },
        ],
      },
    ),
  ].map((one) => ({ ...one, fails: 2 })),
  'UNQ-01': [
    {
      good: {
        pmi: [
          { site_prefix: 'A', patient_id: '1' },
          { site_prefix: 'B', patient_id: '1' },
        ],
      },
      bad: {
        pmi: [
          { site_prefix: 'A', patient_id: '1' },
          { site_prefix: 'A', patient_id: '1' },
        ],
      },
      fails: 2,
    },
  ],
  'UNQ-02': [
    {
      good: {
        pmi: [
          { nhs_number: '9990000018', nhs_number_status: '01' },
          { nhs_number: '9990000018', nhs_number_status: '01', merged_into: 'p1' },
        ],
      },
      bad: {
        pmi: [
          { nhs_number: '9990000018', nhs_number_status: '01' },
          { nhs_number: '9990000018', nhs_number_status: '01' },
        ],
      },
      fails: 2,
    },
  ],
  'UNQ-03': [
    {
      good: { appt: [FUTURE_APPT, { ...FUTURE_APPT, attendance: '2' }] },
      bad: { appt: [FUTURE_APPT, FUTURE_APPT] },
      fails: 2,
    },
  ],
  'UNQ-04': [
    {
      good: { spell: [OF_P, { ...OF_P, discharged_at: '2025-01-01T10:00:00' }] },
      bad: { spell: [OF_P, OF_P] },
      fails: 2,
    },
  ],
  'UNQ-05': [
    {
      good: {
        epi: [
          { spell_id: 's1', sequence: '1' },
          { spell_id: 's1', sequence: '2' },
        ],
      },
      bad: {
        epi: [
          { spell_id: 's1', sequence: '1' },
          { spell_id: 's1', sequence: '3' },
        ],
      },
      fails: 2,
    },
  ],
  'UNQ-06': [
    {
      good: {
        dx: [
          { episode_id: 'e1', sequence: '1' },
          { episode_id: 'e1', sequence: '2' },
        ],
        px: [],
      },
      bad: {
        dx: [
          { episode_id: 'e1', sequence: '1' },
          { episode_id: 'e1', sequence: '1' },
        ],
        px: [],
      },
      fails: 2,
    },
    {
      good: { dx: [], px: [{ episode_id: 'e1', sequence: '1' }] },
      bad: { dx: [], px: [{ episode_id: 'e1', sequence: '2' }] },
    },
  ],
  'UNQ-07': [
    {
      good: { clock: [{ pathway_id: 'w1' }, { pathway_id: 'w1', stopped_on: '2025-01-01' }] },
      bad: { clock: [{ pathway_id: 'w1' }, { pathway_id: 'w1' }] },
      fails: 2,
    },
  ],
  'UNQ-08': [
    {
      good: { ref: [{ source_key: '1' }, { source_key: '2' }] },
      bad: { ref: [{ source_key: '1' }, { source_key: '1' }] },
      fails: 2,
    },
  ],
  'RIN-01': [
    changed('addr', OF_P, { patient_id: 'p9' }, { pmi: [P] }),
    changed('spell', OF_P, { patient_id: '' }, { pmi: [P] }),
    changed('birth', { mother_patient_id: 'p1' }, { mother_patient_id: 'p9' }, { pmi: [P] }),
  ],
  'RIN-02': [changed('appt', { ...OF_P, referral_id: 'r1' }, { patient_id: 'p2' }, { ref: [{ key: 'r1', ...OF_P }] })],
  'RIN-03': [
    changed('rtt', { ...OF_P, referral_id: 'r1', key: 'w1' }, { referral_id: 'r2' }, { ref: [{ key: 'r1', ...OF_P }] }),
    {
      good: {
        rtt: [{ ...OF_P, referral_id: 'r1', key: 'w1' }],
        ref: [{ key: 'r1', ...OF_P }],
        clock: [{ pathway_id: 'w1' }],
      },
      bad: {
        rtt: [{ ...OF_P, referral_id: 'r1', key: 'w1' }],
        ref: [{ key: 'r1', ...OF_P }],
        clock: [{ pathway_id: 'w2' }],
      },
    },
  ],
  'RIN-04': [changed('iwl', { ...OF_P, referral_id: 'r1' }, { referral_id: '' }, { ref: [{ key: 'r1', ...OF_P }] })],
  'RIN-05': [
    changed(
      'spell',
      { ...OF_P, admission_method: '11', entry_id: 'w1' },
      { entry_id: '' },
      { iwl: [{ key: 'w1', ...OF_P, removed_on: '2025-05-01' }] },
    ),
  ],
  'RIN-06': [changed('epi', { ...OF_P, spell_id: 's1' }, { patient_id: 'p2' }, { spell: [{ key: 's1', ...OF_P }] })],
  'RIN-07': [
    changed(
      'ward',
      { ...OF_P, spell_id: 's1', ward: 'W1' },
      { ward: 'W2' },
      { spell: [{ key: 's1', ...OF_P }], ward_ref: [{ key: 'W1' }] },
    ),
  ],
  'RIN-08': [
    changed('dx', { ...OF_P, episode_id: 'e1' }, { episode_id: 'e2' }, { epi: [{ key: 'e1', ...OF_P }] }),
    changed('px', { ...OF_P, episode_id: 'e1' }, { patient_id: 'p2' }, { epi: [{ key: 'e1', ...OF_P }] }),
  ],
  'RIN-09': [
    changed(
      'ed',
      { ...OF_P, disposal: '01', departed_at: '2025-05-01T12:00:00' },
      { departed_at: '2025-04-01T12:00:00' },
      { spell: [{ ...OF_P, admitted_at: '2025-05-01T11:00:00' }] },
    ),
  ],
  'RIN-10': [
    changed(
      'mha',
      { ...OF_P, spell_id: 's1', starts_at: '2025-05-02T10:00:00' },
      { starts_at: '2025-05-09T10:00:00' },
      { spell: [{ key: 's1', ...OF_P, admitted_at: '2025-05-01T10:00:00', discharged_at: '2025-05-05T10:00:00' }] },
    ),
  ],
  'RIN-12': [
    changed(
      'spell',
      { key: 'b1', admission_method: '82', admitted_at: '2025-05-01T10:00:00', discharged_at: '2025-05-02T10:00:00' },
      { key: 'b2' },
      { birth: [{ baby_spell_id: 'b1', mother_spell_id: 'b1' }] },
    ),
  ],
  'RIN-13': [
    changed(
      'merge',
      { merge_id: 'p8', surviving_patient_id: 'p1' },
      { surviving_patient_id: 'p8' },
      { pmi: [P, { key: 'p8' }] },
    ),
    {
      good: { pmi: [{ key: 'a', merged_into: 'b' }, { key: 'b', merged_into: 'c' }, { key: 'c' }] },
      bad: {
        pmi: [
          { key: 'a', merged_into: 'b' },
          { key: 'b', merged_into: 'a' },
        ],
      },
      fails: 2,
    },
  ],
  'RIN-14': [
    changed('epi', { ...OF_P, spell_id: 's1' }, { patient_id: 'p2' }, { spell: [{ key: 's1', ...OF_P }] }),
    changed('appt', { ...OF_P, referral_id: 'r1' }, { patient_id: '' }, { ref: [{ key: 'r1', ...OF_P }] }),
  ],
  'TMP-01': [
    changed('pmi', { key: 'p1', date_of_birth: '1980-01-01' }, { date_of_birth: '2026-01-01' }),
    changed('pmi', { key: 'p1', date_of_birth: '1910-01-01' }, { date_of_birth: '1880-01-01' }),
    changed(
      'appt',
      { ...OF_P, starts_at: '2020-01-01T09:00:00' },
      { starts_at: '1979-01-01T09:00:00' },
      { pmi: [{ key: 'p1', date_of_birth: '1980-01-01' }] },
    ),
  ],
  'TMP-02': [changed('ref', { decided_on: '2025-05-01', received_on: '2025-05-02' }, { decided_on: '2025-05-03' })],
  'TMP-03': [changed('spell', SPELL, { discharged_at: '2025-04-30T10:00:00' })],
  'TMP-04': [
    {
      good: {
        spell: [{ key: 's1', admitted_at: '2025-05-01T10:00:00', discharged_at: '2025-05-03T10:00:00' }],
        epi: [
          { spell_id: 's1', starts_at: '2025-05-01T10:00:00', ends_at: '2025-05-02T10:00:00' },
          { spell_id: 's1', starts_at: '2025-05-02T10:00:00', ends_at: '2025-05-03T10:00:00' },
        ],
      },
      bad: {
        spell: [{ key: 's1', admitted_at: '2025-05-01T10:00:00', discharged_at: '2025-05-03T10:00:00' }],
        epi: [
          { spell_id: 's1', starts_at: '2025-05-01T10:00:00', ends_at: '2025-05-02T10:00:00' },
          { spell_id: 's1', starts_at: '2025-05-02T11:00:00', ends_at: '2025-05-03T10:00:00' },
        ],
      },
    },
    {
      good: {
        spell: [{ key: 's1', admitted_at: '2025-05-01T10:00:00' }],
        epi: [{ spell_id: 's1', starts_at: '2025-05-01T10:00:00' }],
      },
      bad: {
        spell: [{ key: 's1', admitted_at: '2025-05-01T10:00:00' }],
        epi: [{ spell_id: 's1', starts_at: '2025-05-01T10:00:00', ends_at: '2025-05-02T10:00:00' }],
      },
    },
  ],
  'TMP-05': [
    changed(
      'ward',
      { spell_id: 's1', starts_at: '2025-05-01T10:00:00', ends_at: '2025-05-03T10:00:00' },
      { ends_at: '2025-05-04T10:00:00' },
      { spell: [{ key: 's1', admitted_at: '2025-05-01T10:00:00', discharged_at: '2025-05-03T10:00:00' }] },
    ),
    {
      good: {
        spell: [{ key: 's1', admitted_at: '2025-05-01T10:00:00' }],
        ward: [
          { spell_id: 's1', starts_at: '2025-05-01T10:00:00', ends_at: '2025-05-02T10:00:00' },
          { spell_id: 's1', starts_at: '2025-05-02T10:05:00' },
        ],
      },
      bad: {
        spell: [{ key: 's1', admitted_at: '2025-05-01T10:00:00' }],
        ward: [
          { spell_id: 's1', starts_at: '2025-05-01T10:00:00', ends_at: '2025-05-02T10:00:00' },
          { spell_id: 's1', starts_at: '2025-05-02T10:06:00' },
        ],
      },
    },
  ],
  'TMP-06': [
    changed('spell', SPELL, { admitted_at: '2025-06-02T10:00:00' }),
    changed('appt', { starts_at: '2025-05-01T10:00:00', attendance: '5' }, { starts_at: '2025-06-02T10:00:00' }),
  ],
  'TMP-07': [changed('appt', { starts_at: '2026-06-01T10:00:00' }, { starts_at: '2052-06-01T10:00:00' })],
  'TMP-08': [
    changed(
      'px',
      { episode_id: 'e1', performed_on: '2025-05-03' },
      { performed_on: '2025-05-05' },
      { epi: [{ key: 'e1', starts_at: '2025-05-01T10:00:00', ends_at: '2025-05-03T10:00:00' }] },
    ),
  ],
  'TMP-09': [
    changed('iwl', { key: 'w1', decided_on: '2025-01-01', tci_on: '2025-02-01' }, { decided_on: '2025-02-02' }),
    changed(
      'iwl',
      { key: 'w1', decided_on: '2025-01-01' },
      { decided_on: '2025-05-02' },
      { spell: [{ entry_id: 'w1', admitted_at: '2025-05-01T10:00:00' }] },
    ),
  ],
  'TMP-10': [changed('spell', { admitted_at: '2025-05-01T10:00:00' }, { admitted_at: '2023-05-01T10:00:00' })],
  'TMP-11': [
    changed(
      'ed',
      { arrived_at: '2025-05-01T10:00:00', assessed_at: '2025-05-01T10:05:00', departed_at: '2025-05-01T12:00:00' },
      { departed_at: '2025-05-01T09:00:00' },
    ),
  ].map((one) => ({ ...one, fails: 1 })),
  'TMP-12': [
    {
      good: {
        spell: [
          { ...OF_P, admitted_at: '2025-05-01T10:00:00', discharged_at: '2025-05-03T10:00:00' },
          { ...OF_P, admitted_at: '2025-05-03T10:00:00' },
        ],
      },
      bad: {
        spell: [
          { ...OF_P, admitted_at: '2025-05-01T10:00:00', discharged_at: '2025-05-30T10:00:00' },
          { ...OF_P, admitted_at: '2025-05-02T10:00:00', discharged_at: '2025-05-03T10:00:00' },
          { ...OF_P, admitted_at: '2025-05-10T10:00:00', discharged_at: '2025-05-12T10:00:00' },
        ],
      },
      fails: 2,
    },
  ],
  'TMP-13': [
    changed('mha', { ...OF_P, starts_at: '2025-05-01T10:00:00' }, { starts_at: '2025-06-02T10:00:00' }),
    changed('mha', { ...OF_P, starts_at: '2025-05-01T10:00:00' }, { ends_at: '2025-04-01T10:00:00' }),
    changed(
      'mha',
      { ...OF_P, starts_at: '2025-05-01T10:00:00' },
      { starts_at: '1970-05-01T10:00:00' },
      { pmi: [{ key: 'p1', date_of_birth: '1980-01-01' }] },
    ),
  ],
  'CON-01': [
    changed(
      'spell',
      {
        classification: '2',
        admission_method: '11',
        intended_management: '2',
        admitted_at: '2025-05-01T08:00:00',
        discharged_at: '2025-05-01T16:00:00',
      },
      { discharged_at: '2025-05-02T16:00:00' },
    ),
  ],
  'CON-02': [changed('spell', { classification: '3', intended_management: '4' }, { intended_management: '5' })],
  'CON-03': [
    changed('spell', { discharge_method: '4', discharge_destination: '79' }, { discharge_destination: '19' }),
    changed('spell', { discharge_method: '1', discharge_destination: '19' }, { discharge_destination: '79' }),
  ],
  'CON-04': [changed('spell', { discharge_method: '8', discharge_destination: '' }, { discharge_method: '1' })],
  'CON-05': [
    changed(
      'spell',
      { ...OF_P, admission_method: '82', admission_source: '79', admitted_at: '2025-05-01T08:00:00' },
      { admission_source: '19' },
      { pmi: [{ key: 'p1', date_of_birth: '2025-05-01' }] },
    ),
  ],
  'CON-06': [
    {
      good: { spell: [{ ...OF_P, admission_method: '31' }], pmi: [{ key: 'p1', sex: '2' }] },
      bad: { spell: [{ ...OF_P, admission_method: '31' }], pmi: [{ key: 'p1', sex: '1' }] },
    },
  ],
  'CON-07': [changed('appt', { starts_at: '2025-06-10T10:00:00', attendance: '0' }, { attendance: '5' })],
  'CON-08': [changed('appt', { attendance: '5', outcome: '1' }, { outcome: '' })],
  'CON-09': [
    {
      good: {
        appt: [
          { referral_id: 'r1', attendance: '5', first_attendance: '1' },
          { referral_id: 'r1', attendance: '3', first_attendance: '1' },
        ],
      },
      bad: {
        appt: [
          { referral_id: 'r1', attendance: '5', first_attendance: '1' },
          { referral_id: 'r1', attendance: '6', first_attendance: '3' },
        ],
      },
      fails: 2,
    },
  ],
  'CON-10': [
    {
      good: { spell: [{ key: 's1' }], epi: [{ spell_id: 's1' }], ward: [{ spell_id: 's1' }] },
      bad: { spell: [{ key: 's1' }], epi: [{ spell_id: 's1' }], ward: [] },
    },
  ],
  'CON-11': [
    {
      good: {
        ward: [
          { ward: 'W1', bed: '1' },
          { ward: 'W1', bed: '2' },
        ],
      },
      bad: {
        ward: [
          { ward: 'W1', bed: '1' },
          { ward: 'W1', bed: '1' },
        ],
      },
      fails: 2,
    },
  ],
  'CON-12': [
    {
      good: {
        ref: [{ key: 'r1', closed_on: '2025-05-01' }],
        appt: [],
        iwl: [{ referral_id: 'r1', removed_on: '2025-04-01' }],
      },
      bad: { ref: [{ key: 'r1', closed_on: '2025-05-01' }], appt: [], iwl: [{ referral_id: 'r1' }] },
    },
    {
      good: {
        ref: [{ key: 'r1', closed_on: '2025-05-01' }],
        iwl: [],
        appt: [{ referral_id: 'r1', starts_at: '2025-06-10T09:00:00', attendance: '4' }],
      },
      bad: {
        ref: [{ key: 'r1', closed_on: '2025-05-01' }],
        iwl: [],
        appt: [{ referral_id: 'r1', starts_at: '2025-06-10T09:00:00', attendance: '0' }],
      },
    },
  ],
  'CON-13': [
    changed(
      'ref',
      { key: 'r1', closed_on: '2025-05-01' },
      { closed_on: '' },
      {
        appt: [{ referral_id: 'r1', starts_at: '2025-04-01T09:00:00', attendance: '5', outcome: '1' }],
      },
    ),
  ],
  'DUP-01': [
    {
      good: {
        pmi: [
          { key: 'a', surname: 'Smith', forename: 'Ann', date_of_birth: '1980-01-01' },
          { key: 'b', surname: 'Smith', forename: 'Anne', date_of_birth: '1980-01-01' },
        ],
      },
      bad: {
        pmi: [
          { key: 'a', surname: "O'Brien", forename: 'Siân', date_of_birth: '1980-01-01' },
          { key: 'b', surname: 'O BRIEN', forename: 'Sian', date_of_birth: '1980-01-01' },
        ],
      },
      fails: 2,
    },
  ],
  'DUP-02': [
    {
      good: {
        pmi: [
          { nhs_number: '9990000018', surname: 'Smith', date_of_birth: '1980-01-01' },
          { nhs_number: '9990000018', surname: 'SMITH', date_of_birth: '1980-01-01' },
        ],
      },
      bad: {
        pmi: [
          { nhs_number: '9990000018', surname: 'Smith', date_of_birth: '1980-01-01' },
          { nhs_number: '9990000018', surname: 'Smith', date_of_birth: '1990-01-01' },
        ],
      },
      fails: 2,
    },
  ],
  'DUP-03': [
    {
      good: {
        pmi: [
          { surname: 'Smith', forename: 'Ann', date_of_birth: '1980-01-01' },
          { surname: 'Smith', forename: 'Ben', date_of_birth: '1980-01-01' },
        ],
      },
      bad: {
        pmi: [
          { surname: 'Smith', forename: 'Ann', date_of_birth: '1980-01-01' },
          { surname: 'Smithe', forename: 'A', date_of_birth: '1980-01-01' },
        ],
      },
      fails: 2,
    },
  ],
  'DUP-05': [
    changed('src_alias', { alias_value: '0012' }, { alias_value: '12' }, { alias: [{ alias_value: '0012' }] }),
  ],
  'WL-01': [changed('iwl', { removed_on: '2025-05-01', removal_reason: '1' }, { removal_reason: '' })],
  'WL-02': [
    changed(
      'iwl',
      { ...OF_P, removed_on: '2025-05-01', removal_reason: '1' },
      { removed_on: '2025-05-05' },
      { spell: [{ ...OF_P, admitted_at: '2025-05-02T08:00:00' }] },
    ),
  ],
  'WL-03': [changed('iwl', { key: 'w1', tci_on: '2025-05-01' }, { key: 'w2' }, { spell: [{ entry_id: 'w1' }] })],
  'WL-04': [
    changed('iwl', { elective_type: '13', planned_by: '2025-07-01' }, { planned_by: '' }),
    changed('iwl', { elective_type: '13', planned_by: '2025-07-01' }, { planned_by: '2025-05-31' }),
  ],
  'WL-05': [
    changed(
      'iwl',
      { source_key: '1', decided_on: '2025-01-01' },
      { decided_on: '2025-06-01' },
      { src_iwl: [{ key: '1', decided_on: '2025-01-01' }] },
    ),
  ],
  'WL-06': [changed('iwl', { procedure_code: '', procedure_text: 'Hip' }, { procedure_text: '' })],
  'WL-07': [
    {
      good: {
        iwl: [
          { ...OF_P, treatment_function: '110', procedure_code: 'W371' },
          { ...OF_P, treatment_function: '110', procedure_code: 'W381' },
        ],
      },
      bad: {
        iwl: [
          { ...OF_P, treatment_function: '110', procedure_code: 'W371' },
          { ...OF_P, treatment_function: '110', procedure_code: 'W371' },
        ],
      },
      fails: 2,
    },
  ],
  'RTT-01': [
    changed('clock', { started_on: '2025-05-01' }, { started_on: '' }),
    changed('clock', { started_on: '2025-05-01' }, { started_on: '2025-06-02' }),
    changed(
      'clock',
      { started_on: '2025-05-01', referral_id: 'r1' },
      { started_on: '2025-04-01' },
      { ref: [{ key: 'r1', received_on: '2025-05-01' }] },
    ),
  ],
  'RTT-02': [changed('clock', { status: '20' }, { status: '30' }), changed('clock', { status: '10' }, { status: '' })],
  'RTT-03': [
    changed('clock', { key: 'c1', status: '30', stopped_on: '2025-05-01' }, { stopped_on: '' }),
    changed(
      'clock',
      { key: 'c1', status: '30', stopped_on: '2025-05-01' },
      { stopped_on: '2025-05-02' },
      { rtt_event: [{ clock_id: 'c1', status: '30', occurred_on: '2025-05-01' }] },
    ),
  ],
  'RTT-04': [
    changed(
      'clock',
      { source_key: '1', started_on: '2025-01-01' },
      { started_on: '2025-01-02' },
      { src_clock: [{ key: '1', started_on: '2025-01-01' }] },
    ),
  ],
  'RTT-05': [changed('clock', { started_on: '2024-06-02' }, { started_on: '2024-06-01' })],
  'RTT-06': [
    changed(
      'clock',
      { pathway_id: 'w1' },
      { pathway_id: 'w2' },
      {
        appt: [{ pathway_id: 'w1', starts_at: '2025-06-10T09:00:00' }],
        iwl: [],
      },
    ),
  ],
  'RTT-07': [changed('clock', { status: '90', stopped_on: '2025-01-01' }, { stopped_on: '' })],
  'RTT-08': [
    changed('rtt', { source_key: '1', issuer: 'RXX' }, { issuer: 'RYY' }, { src_rtt: [{ key: '1', issuer: 'RXX' }] }),
  ],
  'RTT-09': [
    {
      good: { rtt_event: [{ pathway_id: 'w1', status: '33', occurred_on: '2025-01-01' }], ref: [] },
      bad: {
        rtt_event: [{ pathway_id: 'w1', status: '33', occurred_on: '2025-01-01' }],
        ref: [{ pathway_id: 'w1', priority: '3' }],
      },
    },
    {
      good: { rtt_event: [{ pathway_id: 'w1', status: '33', occurred_on: '2025-01-01' }] },
      bad: {
        rtt_event: [
          { pathway_id: 'w1', status: '33', occurred_on: '2025-01-01' },
          { pathway_id: 'w1', status: '20', occurred_on: '2024-12-01' },
        ],
      },
    },
  ],
  'RTT-10': [
    changed(
      'clock',
      { pathway_id: 'w1' },
      { pathway_id: 'w2' },
      {
        ref: [{ pathway_id: 'w1' }, { pathway_id: 'w2', closed_on: '2025-01-01' }],
      },
    ),
  ],
  'MH-01': [
    changed('mha', SECTION, { expires_at: '2025-05-31T23:59:00' }),
    // An expiry given as a day lasts to its end: 2025-06-01 is not past at noon of that day.
    {
      good: { mha: [{ section: '02', expires_on: '2025-06-01' }] },
      bad: { mha: [{ section: '02', expires_on: '2025-05-31' }] },
    },
  ],
  'MH-02': [
    {
      good: {
        mha: [
          { ...OF_P, section: '02', starts_at: '2025-01-01T10:00:00', ends_at: '2025-01-20T10:00:00' },
          { ...OF_P, section: '03', starts_at: '2025-01-20T10:00:00' },
        ],
      },
      bad: {
        mha: [
          { ...OF_P, section: '02', starts_at: '2025-01-01T10:00:00', ends_at: '2025-01-20T10:00:00' },
          { ...OF_P, section: '03', starts_at: '2025-01-19T10:00:00' },
        ],
      },
    },
  ],
  'MH-03': [changed('mha', SECTION, { expires_at: '2025-06-19T23:59:00' })],
  'MH-04': [changed('mha', { section: '09', restricted: 'Y' }, { restricted: 'N' })],
  'MH-05': [
    changed('mha', { ...OF_P, section: '03' }, { patient_id: 'p2' }, { spell: [OF_P] }),
    {
      good: { mha: [{ ...OF_P, section: '03' }], leave: [OF_P], spell: [] },
      bad: { mha: [{ ...OF_P, section: '03' }], leave: [], spell: [] },
    },
  ],
  'MH-06': [
    changed(
      'epi',
      { ...OF_P, legal_status: '02', starts_at: '2025-05-21T10:00:00' },
      { legal_status: '03' },
      { mha: [{ ...OF_P, section: '02', starts_at: '2025-05-20T10:00:00' }] },
    ),
  ],
  'MH-07': [changed('cto', { section_id: 'm1' }, { section_id: 'm2' }, { mha: [{ key: 'm1' }] })],
  'MH-08': [changed('mha', { section: '05', starts_at: '2025-05-20T14:30:00' }, { starts_at: '2025-05-20T00:00:00' })],
  'MH-09': [
    changed(
      'mha',
      { source_key: '1', renewal_due_on: '2025-07-01' },
      { renewal_due_on: '2025-07-02' },
      { src_mha: [{ key: '1', renewal_due_on: '2025-07-01' }] },
    ),
  ],
  'DEC-01': [
    changed('pmi', { date_of_birth: '1940-01-01', date_of_death: '2024-01-01' }, { date_of_death: '2025-07-01' }),
    changed('pmi', { date_of_birth: '1940-01-01', date_of_death: '2024-01-01' }, { date_of_death: '1939-01-01' }),
  ],
  'DEC-02': [
    {
      good: { pmi: [{ key: 'p1', deceased: 'N' }], appt: [FUTURE_APPT] },
      bad: { pmi: [{ key: 'p1', deceased: 'Y' }], appt: [FUTURE_APPT] },
    },
    {
      good: { pmi: [P], iwl: [OF_P] },
      bad: { pmi: [{ key: 'p1', date_of_death: '2025-01-01' }], iwl: [OF_P] },
    },
  ],
  'DEC-03': [
    { good: { pmi: [P], ref: [OF_P] }, bad: { pmi: [{ key: 'p1', date_of_death: '2025-01-01' }], ref: [OF_P] } },
    { good: { pmi: [P], clock: [OF_P] }, bad: { pmi: [{ key: 'p1', date_of_death: '2025-01-01' }], clock: [OF_P] } },
  ],
  'DEC-04': [
    changed(
      'spell',
      { ...OF_P, discharge_method: '4', discharged_at: '2025-01-01T10:00:00' },
      { discharged_at: '2025-01-02T10:00:00' },
      { pmi: [{ key: 'p1', date_of_death: '2025-01-01' }] },
    ),
  ],
  'DEC-05': [changed('pmi', { deceased: 'Y', date_of_death: '2025-01-01' }, { date_of_death: '' })],
  'DEC-06': [changed('pmi', { death_status: 'U', deceased: 'N' }, { deceased: 'Y' })],
  'DEC-07': [
    changed(
      'appt',
      { ...OF_P, starts_at: '2024-01-01T10:00:00', attendance: '5' },
      { starts_at: '2025-01-02T10:00:00' },
      { pmi: [{ key: 'p1', date_of_death: '2025-01-01' }] },
    ),
  ],
  'REC-01': [
    {
      good: {
        '@table_stats': [
          {
            target_table: 'T',
            source_table: 'S',
            rows_read: '2',
            rows_written: '1',
            rows_rejected: '1',
            rows_excluded: '0',
            rows_merged: '0',
            rows_unexplained: '0',
          },
        ],
      },
      bad: {
        '@table_stats': [
          {
            target_table: 'T',
            source_table: 'S',
            rows_read: '2',
            rows_written: '1',
            rows_rejected: '0',
            rows_excluded: '0',
            rows_merged: '0',
            rows_unexplained: '1',
          },
        ],
      },
    },
    {
      good: {
        '@table_stats': [
          {
            target_table: 'T',
            source_table: 'S',
            rows_read: '0',
            rows_written: '0',
            rows_rejected: '0',
            rows_excluded: '0',
            rows_merged: '0',
            rows_unexplained: '0',
          },
        ],
      },
      bad: {
        '@table_stats': [
          {
            target_table: 'T',
            source_table: 'S',
            rows_read: '2',
            rows_written: '',
            rows_rejected: '0',
            rows_excluded: '0',
            rows_merged: '0',
            rows_unexplained: '0',
          },
        ],
      },
    },
  ],
  'REC-02': [changed('ref', { source_key: '1' }, { source_key: '2' }, { src_ref: [{ key: '1' }] })],
  'REC-03': [
    changed(
      'pmi',
      { source_key: '1', date_of_birth: '1980-02-01' },
      { date_of_birth: '1980-01-02' },
      { src_pmi: [{ key: '1', date_of_birth: '1980-02-01' }] },
    ),
    changed(
      'appt',
      { source_key: '1', starts_at: '2025-06-10T09:30:00' },
      { starts_at: '' },
      { src_appt: [{ key: '1', starts_at: '2025-06-10T09:30:00' }] },
    ),
  ],
  'REC-05': [
    {
      good: {
        '@rejects': [{ target_table: 'T', source_table: 'S', source_row: '4', row_key: '7', reason: 'TOO_LONG' }],
      },
      bad: { '@rejects': [{ target_table: 'T', source_table: 'S', source_row: '4', row_key: '7', reason: '' }] },
    },
  ],
  'SAF-01': [
    {
      good: {
        pmi: [{ key: 'p1', source_key: '1' }],
        src_pmi: [{ key: '1' }],
        alert: [{ ...OF_P, source_key: 'a' }],
        src_alert: [{ key: 'a', patient_id: '1' }],
      },
      bad: {
        pmi: [
          { key: 'p1', source_key: '1' },
          { key: 'p2', source_key: '2' },
        ],
        src_pmi: [{ key: '1' }, { key: '2' }],
        alert: [{ patient_id: 'p2', source_key: 'a' }],
        src_alert: [{ key: 'a', patient_id: '1' }],
      },
    },
  ],
  'SAF-02': [
    // The restriction of a merged patient must stand on the one who is left.
    changed(
      'pmi',
      { source_key: '3', restricted: 'Y' },
      { restricted: 'N' },
      {
        src_pmi: [{ key: '1', restricted: 'Y' }, { key: '3' }],
        src_merge: [
          { old_patient_id: '1', surviving_patient_id: '2' },
          { old_patient_id: '2', surviving_patient_id: '3' },
        ],
      },
    ),
    changed(
      'pmi',
      { source_key: '1', restricted: 'Y' },
      { restricted: 'N' },
      { src_pmi: [{ key: '1', restricted: 'Y' }] },
    ),
  ],
  'SAF-05': [
    changed('ref', { source_key: '1', priority: '3' }, { priority: '2' }, { src_ref: [{ key: '1', priority: '3' }] }),
  ],
  'SAF-06': [
    changed(
      'spell',
      { ...OF_P, source_key: '9', admitted_at: '2025-05-30T10:00:00' },
      { discharged_at: '2025-05-31T10:00:00' },
      {
        pmi: [{ key: 'p1', source_key: '1' }],
        src_pmi: [{ key: '1' }],
        src_spell: [{ key: '9', patient_id: '1', admitted_at: '2025-05-30T10:00:00' }],
      },
    ),
  ],
  'SAF-07': [
    changed(
      'appt',
      { ...OF_P, source_key: '9', starts_at: '2025-06-10T09:30:00' },
      { starts_at: '2025-06-10T10:30:00' },
      {
        pmi: [{ key: 'p1', source_key: '1' }],
        src_pmi: [{ key: '1' }],
        src_appt: [{ key: '9', patient_id: '1', starts_at: '2025-06-10T09:30:00' }],
      },
    ),
  ],
  'SAF-08': [
    changed(
      'pmi',
      { source_key: '1', interpreter_required: 'Y' },
      { interpreter_required: '' },
      { src_pmi: [{ key: '1', interpreter_required: 'Y' }] },
    ),
  ],
};

/** A rule that looks at columns: the catalog field, a cell that passes and cells that do not. */
export interface ColumnCase {
  readonly side: 'target' | 'source';
  readonly dataType: 'VARCHAR' | 'DATE' | 'DATETIME' | 'TIME' | 'INTEGER';
  readonly format?: string;
  readonly length?: number;
  readonly codeSet?: string;
  readonly references?: true;
  readonly good: readonly string[];
  readonly bad: readonly string[];
}

export const COLUMN_CASES: Readonly<Record<string, readonly ColumnCase[]>> = {
  'VAL-11': [
    {
      side: 'target',
      dataType: 'DATE',
      good: ['2024-02-29'],
      bad: ['2023-02-29', '29/02/2024', '2024-2-9', '20240229'],
    },
    {
      side: 'target',
      dataType: 'DATETIME',
      good: ['2024-02-29T23:59:59', '2024-02-29T23:59'],
      bad: ['2024-02-29', '2024-02-29T24:00:00'],
    },
    { side: 'target', dataType: 'TIME', good: ['00:00:00', '09:30'], bad: ['24:00:00', '9:30'] },
  ],
  'VAL-12': [
    {
      side: 'source',
      dataType: 'DATE',
      format: 'HOROLOG',
      good: ['1', '66000', '70937'],
      bad: ['0', '-1', '80000', 'x', '66000,1.5x'].slice(0, 4),
    },
    { side: 'source', dataType: 'DATETIME', format: 'HOROLOG_STAMP', good: ['66000,34200'], bad: ['0,34200'] },
  ],
  'VAL-13': [
    {
      side: 'source',
      dataType: 'TIME',
      format: 'HOROLOG_SECONDS',
      good: ['0', '86399'],
      bad: ['86400', '-1', '09:30'],
    },
    { side: 'source', dataType: 'DATETIME', format: 'HOROLOG_STAMP', good: ['66000,0'], bad: ['66000,86400', '66000'] },
  ],
  'VAL-15': [
    {
      side: 'target',
      dataType: 'VARCHAR',
      good: ['Siân O’Brien', 'Müller', 'Łukasz'],
      bad: ['SiÃ¢n', 'Oâ€™Brien', 'M\uFFFDller', 'a\u0085b'],
    },
  ],
  'VAL-16': [{ side: 'target', dataType: 'VARCHAR', length: 5, good: ['Siân5'], bad: ['123456'] }],
  'VAL-18': [
    { side: 'target', dataType: 'VARCHAR', good: ['Müller, A.', 'two\nlines'], bad: ['A^B', 'A|B', 'A\u0001B'] },
  ],
  'VAL-19': [
    {
      side: 'target',
      dataType: 'DATETIME',
      good: ['2025-03-30T00:59:00', '2025-03-23T01:30:00', '2025-03-30T02:00:00'],
      bad: ['2025-03-30T01:30:00'],
    },
  ],
  'COD-01': [{ side: 'target', dataType: 'VARCHAR', codeSet: 'sex', good: ['1', 'X'], bad: ['3', 'x', '1 '] }],
  'RIN-11': [{ side: 'target', dataType: 'VARCHAR', references: true, good: ['W1'], bad: ['W2'] }],
};
