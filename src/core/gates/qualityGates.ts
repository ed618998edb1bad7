import { ARTEFACTS } from '../project/layout.ts';
import { groupOf } from '../quality/rule.ts';
import { share } from '../shared/counted.ts';
import { atLeast, atMost, fail, type Gate, named, notProven, pass, ratio, said } from './gate.ts';

const REPORT = [ARTEFACTS.qualityReport, ARTEFACTS.qualityIssues];

/** Families where the brief allows no ERROR at all before promotion, beside the SAF rules (section 5). */
const SAFETY_FAMILIES = new Set(['PMI', 'ALERT', 'MHA']);
/** Judged by the patient_data gate, which knows the profile. */
const SYNTHETIC_RULE = 'VAL-03';

/** What tells which gate judges a rule. */
interface Judged {
  readonly id: string;
  readonly family: string;
  readonly severity: string;
}

function isSafety(rule: Judged): boolean {
  return SAFETY_FAMILIES.has(rule.family) || groupOf(rule.id) === 'SAF';
}

/** ERROR rules that one of the two gates judges: those of patients' safety, or the others. */
export function errorRules<R extends Judged>(rules: readonly R[], safety: boolean): R[] {
  return rules.filter((rule) => rule.severity === 'ERROR' && rule.id !== SYNTHETIC_RULE && isSafety(rule) === safety);
}

/** Gates over the data quality report. */
export const QUALITY_GATES: readonly Gate[] = [
  {
    id: 'quality_errors_safety',
    title: 'No ERROR rule fails for patients, alerts, detentions and safety lists',
    ownerRole: 'clinical_safety_reviewer',
    evidence: REPORT,
    judge: ({ quality }, { quality_errors_safety_max: limit }) => {
      if (quality.value === null) return notProven(limit, quality.absent);
      const rules = errorRules(quality.value.rules, true);
      const broken = rules.filter((rule) => rule.status === 'failed' || rule.status === 'error');
      if (!rules.some((rule) => rule.denominator > 0))
        return notProven(limit, 'No such rule found anything to look at.');
      const which =
        broken.length === 0 ? '' : `: ${named(broken.map((rule) => `${rule.id} (${said(rule.numerator)})`))}`;
      return atMost(
        broken.length,
        limit,
        `${broken.length} safety rules fail${which}`,
        'Correct the rows listed in enterprise_pipeline_issues.csv.',
      );
    },
  },
  {
    id: 'quality_errors_other',
    title: 'Other ERROR rules fail on few rows',
    ownerRole: 'data_quality_lead',
    evidence: REPORT,
    judge: ({ quality }, { quality_errors_other_rate_max: limit }) => {
      if (quality.value === null) return notProven(limit, quality.absent);
      const rules = errorRules(quality.value.rules, false).filter((rule) => rule.denominator > 0);
      if (rules.length === 0) return notProven(limit, 'No such rule found anything to look at.');
      const rates = rules.map((rule) => ({
        id: rule.id,
        rate: ratio(rule.numerator, rule.denominator),
        n: rule.numerator,
        of: rule.denominator,
      }));
      const worst = rates.reduce((most, one) => (one.rate > most.rate ? one : most));
      const over = limit === 'any' ? [] : rates.filter((one) => one.rate > limit);
      const what =
        worst.n === 0
          ? `None of ${rules.length} rules fails`
          : `Highest rate: ${worst.id}, ${share(worst.n, worst.of)}`;
      return atMost(
        worst.rate,
        limit,
        what,
        `Over the limit: ${named(over.map((one) => `${one.id} (${said(one.n)})`))}.`,
      );
    },
  },
  {
    id: 'quality_rules_ran',
    title: 'Enough rules had something to look at, and none broke down',
    ownerRole: 'data_quality_lead',
    evidence: REPORT,
    judge: ({ quality }, { quality_rules_ran_min: least }) => {
      if (quality.value === null) return notProven(`>= ${least}`, quality.absent);
      const broken = quality.value.rules.filter((rule) => rule.status === 'error');
      const ran = quality.value.rules.filter((rule) => rule.denominator > 0).length;
      if (ran === 0) return notProven(`>= ${least}`, 'No rule found anything to look at.', 0);
      if (broken.length > 0)
        return fail(ran, `>= ${least}`, `Rules that could not run: ${named(broken.map((rule) => rule.id))}.`);
      return atLeast(
        ran,
        least,
        `${ran} of ${quality.value.rules.length} rules examined rows`,
        'See in the quality report why the others did not apply.',
      );
    },
  },
  {
    id: 'min_patients',
    title: 'Enough patients were loaded',
    ownerRole: 'data_quality_lead',
    evidence: [ARTEFACTS.qualityReport],
    judge: ({ quality }, { min_patients: least }) => {
      if (quality.value === null) return notProven(`>= ${least}`, quality.absent);
      const wanted = Math.max(least, quality.value.min_patients);
      const { patients } = quality.value;
      if (patients === 0) return notProven(`>= ${wanted}`, 'No patient was loaded: nothing was measured.', 0);
      return atLeast(patients, wanted, `${said(patients)} patients loaded`, 'Load the whole cohort.');
    },
  },
  {
    id: 'population_ratio',
    title: 'Target cells are filled from the source',
    ownerRole: 'data_quality_lead',
    evidence: [ARTEFACTS.migrationReport],
    judge: ({ migration }, { population_ratio_min: least }) => {
      if (migration.value === null) return notProven(`>= ${least}`, migration.absent);
      const { cells_total: total, cells_populated: populated, cells_imputed: imputed } = migration.value;
      if (total === 0) return notProven(`>= ${least}`, 'No cell was written: nothing was measured.');
      const what = `${said(populated - imputed)} of ${said(total)} cells filled from the source, ${said(imputed)} imputed apart`;
      return atLeast(ratio(populated - imputed, total), least, what, 'Look for mapped columns that stay empty.');
    },
  },
  {
    id: 'imputed_cells',
    title: 'Few cells are imputed',
    ownerRole: 'data_quality_lead',
    evidence: [ARTEFACTS.migrationReport],
    judge: ({ migration }, { imputed_cells_max: limit }) => {
      if (migration.value === null) return notProven(limit, migration.absent);
      const { cells_total: total, cells_imputed: imputed } = migration.value;
      if (total === 0) return notProven(limit, 'No cell was written: nothing was measured.');
      return atMost(
        imputed,
        limit,
        `${said(imputed)} cells imputed`,
        'Find the values in the source, or make the decision in the contract.',
      );
    },
  },
  {
    id: 'impute_mode_allowed',
    title: 'The migration ran in a mode this profile allows',
    ownerRole: 'etl_engineer',
    evidence: [ARTEFACTS.migrationReport],
    judge: ({ migration }, { impute_modes: modes }) => {
      const expected = modes.join(', ');
      if (migration.value === null) return notProven(expected, migration.absent);
      const { impute_mode: mode } = migration.value;
      return (modes as readonly string[]).includes(mode)
        ? pass(mode, expected, `Run with --impute-mode ${mode}.`)
        : fail(mode, expected, `Run with --impute-mode ${mode}. Run run-contract-migration with one of ${expected}.`);
    },
  },
  {
    id: 'patient_data',
    title: 'The data hold the people this profile allows',
    ownerRole: 'information_governance_lead',
    evidence: [ARTEFACTS.qualityReport, ARTEFACTS.migrationReport, ARTEFACTS.mockManifest],
    judge: ({ quality, manifest, migration }, { patient_data: wanted }) => {
      if (quality.value === null) return notProven(wanted, quality.absent);
      // The extract may hold people whom the contract leaves behind.
      const extract = migration.value?.data_class;
      const wrong = wanted === 'synthetic' ? ['real', 'mixed'] : ['mock', 'mixed'];
      if (extract !== undefined && wrong.includes(extract.class))
        return fail(
          extract.class,
          wanted,
          `The extract is ${extract.class} data: ${said(extract.nhs_numbers_outside)} of ${said(extract.nhs_numbers_in_test_range + extract.nhs_numbers_outside)} NHS numbers lie outside the synthetic range 999, and ${extract.mock_generator_files} files are the mock generator's. ${wanted === 'synthetic' ? 'A rehearsal may hold no real number: stop, and tell information governance.' : 'Invented data prove nothing for cutover.'}`,
        );
      const rule = quality.value.rules.find(({ id }) => id === SYNTHETIC_RULE);
      if (rule === undefined || rule.denominator === 0 || rule.status === 'error') {
        return notProven(wanted, 'No NHS number was there to tell invented people from real ones.');
      }
      const { numerator: outside, denominator: all } = rule;
      const what = `${said(all - outside)} of ${said(all)} NHS numbers lie in the synthetic range 999`;
      if (wanted === 'synthetic') {
        return outside === 0
          ? pass('synthetic', wanted, `${what}.`)
          : fail(
              'not synthetic',
              wanted,
              `${what}. A rehearsal may hold no real number: stop, and tell information governance.`,
            );
      }
      if (outside < all || manifest.value !== null) {
        return fail(
          'synthetic',
          wanted,
          `${what}${manifest.value === null ? '' : ', and a mock data manifest is there'}. Invented data prove nothing for cutover.`,
        );
      }
      return pass('real', wanted, `${what}.`);
    },
  },
];
