import { FAMILIES } from '../concepts/vocabulary.ts';
import type { TableStat } from '../migration/tableStats.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { CHAIN_RULES } from '../quality/rules/referential.ts';
import { share } from '../shared/counted.ts';
import { groupBy } from '../shared/order.ts';
import { sourceRows } from './contractGates.ts';
import { atMost, fail, type Gate, named, notProven, pass, ratio, said } from './gate.ts';

const REPORT = [ARTEFACTS.migrationReport];
const NO_ROWS =
  'The migration read no rows: nothing was measured. Put an extract there and run run-contract-migration.';

/** Gates over the migration run: every row accounted for, nothing stale, rejects within what the profile allows. */
export const MIGRATION_GATES: readonly Gate[] = [
  {
    id: 'row_balance',
    title: 'Every source row is loaded, rejected, excluded or merged',
    ownerRole: 'etl_engineer',
    evidence: [...REPORT, ARTEFACTS.migrationTableStats],
    judge: ({ migration }, { rows_unexplained_max: limit }) => {
      if (migration.value === null) return notProven(limit, migration.absent);
      const { rows_read: read, rows_written: written, rows_unexplained: unexplained } = migration.value;
      if (read === 0) return notProven(limit, NO_ROWS);
      const off = Math.abs(unexplained);
      if (off > limit)
        return fail(
          unexplained,
          limit,
          `${said(unexplained)} of ${said(read)} rows are unexplained. See the table statistics.`,
        );
      if (migration.value.status !== 'passed') {
        return fail(unexplained, limit, 'The migration itself failed; see contract_migration_issues.csv.');
      }
      if (written === 0) return fail(0, limit, `None of ${said(read)} rows was loaded. See the rejects.`);
      return pass(unexplained, limit, `${said(read)} rows read, ${said(written)} loaded, none unexplained.`);
    },
  },
  {
    id: 'source_manifest',
    title: 'The extract is complete against its manifest',
    ownerRole: 'etl_engineer',
    evidence: [ARTEFACTS.mockManifest, ARTEFACTS.migrationReport],
    switchedBy: 'source_manifest',
    judge: ({ manifest, migration, freshness }, { source_manifest: how }) => {
      const expected = how === 'sha256' ? 'the very files of the manifest' : 'no fewer rows than the manifest';
      if (manifest.value === null) return notProven(expected, manifest.absent);
      if (migration.value === null) return notProven(expected, migration.absent);
      const stale = freshness.stale.find((sentence) => sentence.includes(`${ARTEFACTS.mockSource}/`));
      if (stale !== undefined)
        return notProven(expected, `The migration read other files than those there are now. ${stale}`);
      const rows = sourceRows(migration.value.inputs);
      const hashes = new Map(
        migration.value.inputs.map(({ path, sha256 }) => [path.slice(path.lastIndexOf('/') + 1), sha256]),
      );
      const compared = [...manifest.value.files].filter(([file]) => rows.has(file.slice(0, -'.csv'.length)));
      if (compared.length === 0) return notProven(expected, 'The migration read none of the files the manifest lists.');
      const short = compared
        .filter(([file, entry]) => (rows.get(file.slice(0, -'.csv'.length)) ?? -1) < entry.rows)
        .map(([file]) => file);
      const other =
        how !== 'sha256'
          ? []
          : compared.filter(([file, entry]) => entry.sha256 !== hashes.get(file)).map(([file]) => file);
      if (short.length > 0) {
        return fail(
          compared.length - short.length,
          compared.length,
          `Fewer rows than extracted in ${named(short)}: a file was cut short. Extract again.`,
        );
      }
      if (other.length > 0) {
        return fail(
          compared.length - other.length,
          compared.length,
          `Not the extracted file: ${named(other)}. Extract again.`,
        );
      }
      return pass(compared.length, compared.length, `${compared.length} files hold what the manifest says.`);
    },
  },
  {
    id: 'evidence_current',
    title: 'Reports speak of the files that are there now',
    ownerRole: 'etl_engineer',
    evidence: [...REPORT, ARTEFACTS.qualityReport],
    judge: ({ migration, quality, freshness }) => {
      if (freshness.stale.length > 0) {
        const more = freshness.stale.length - 3;
        const tail = more > 0 ? ` And ${more} more.` : '';
        return fail(freshness.stale.length, 0, `${freshness.stale.slice(0, 3).join(' ')}${tail}`);
      }
      if (migration.value === null) return notProven(0, migration.absent);
      if (quality.value === null) return notProven(0, quality.absent);
      if (migration.value.outputs.length === 0 || freshness.checked === 0)
        return notProven(0, 'The reports name no files to compare.');
      return pass(0, 0, `${freshness.checked} files are those the reports speak of.`);
    },
  },
  {
    id: 'migration_errors',
    title: 'The migration met no error',
    ownerRole: 'etl_engineer',
    evidence: [...REPORT, ARTEFACTS.migrationIssues],
    judge: ({ migration }, { migration_errors_max: limit }) => {
      if (migration.value === null) return notProven(limit, migration.absent);
      if (migration.value.rows_read === 0) return notProven(limit, NO_ROWS);
      const errors = migration.value.issue_counts.ERROR;
      return atMost(errors, limit, `${said(errors)} ERROR issues`, 'See contract_migration_issues.csv.');
    },
  },
  {
    id: 'safety_critical_rejects',
    title: 'No reject in a safety-critical column',
    ownerRole: 'clinical_safety_reviewer',
    evidence: [...REPORT, ARTEFACTS.migrationRejects, ARTEFACTS.triage],
    judge: ({ migration, safetyRejects }, { safety_critical_rejects_max: limit }) => {
      if (migration.value === null) return notProven(limit, migration.absent);
      if (migration.value.rows_read === 0) return notProven(limit, NO_ROWS);
      const all = migration.value.safety_critical_rejects;
      if (all === 0) return atMost(0, limit, '0 safety-critical rejects', '');
      if (safetyRejects.value === null) return notProven(limit, safetyRejects.absent, all);
      const { open, accepted, excluded, hazards, doubts } = safetyRejects.value;
      const counted = open + accepted + excluded + hazards;
      if (counted !== all)
        return fail(
          all,
          limit,
          `The report counts ${said(all)} safety-critical rejects, the rejects file holds ${said(counted)}; run run-contract-migration again.`,
        );
      const settled = `${said(accepted)} accepted, ${said(excluded)} excluded, ${said(hazards)} under a hazard`;
      const doubt = doubts.length === 0 ? '' : ` ${doubts.join(' ')}`;
      return atMost(
        open,
        limit,
        `${said(all)} safety-critical rejects: ${said(open)} open, ${settled}`,
        `Triage each with a clinician (triage list), then extend the crosswalk or correct the source.${doubt}`,
      );
    },
  },
  {
    id: 'crosswalk_reject_rate',
    title: 'Unknown codes are rare',
    ownerRole: 'data_mapping_analyst',
    evidence: [...REPORT, ARTEFACTS.migrationRejects],
    judge: ({ migration }, { crosswalk_reject_rate_max: limit }) => {
      if (migration.value === null) return notProven(limit, migration.absent);
      const { crosswalk_rejects: rejects, rows_read: read } = migration.value;
      if (read === 0) return notProven(limit, NO_ROWS);
      return atMost(
        ratio(rejects, read),
        limit,
        `${said(rejects)} unknown codes in ${said(read)} rows read`,
        'Extend the crosswalks.',
      );
    },
  },
  {
    id: 'row_reject_rate',
    title: 'Few rows of each table are rejected',
    ownerRole: 'data_quality_lead',
    evidence: [ARTEFACTS.migrationTableStats, ARTEFACTS.migrationRejects],
    judge: ({ tableStats }, { row_reject_rate_max: limit }) => {
      if (tableStats.value === null) return notProven(limit, tableStats.absent);
      const rates = tableRates(tableStats.value);
      if (rates.length === 0) return notProven(limit, NO_ROWS);
      const worst = rates.reduce((most, one) => (one.rate > most.rate ? one : most));
      const over = limit === 'any' ? [] : rates.filter((one) => one.rate > limit).map((one) => one.table);
      const what =
        worst.rejected === 0
          ? `No row of ${rates.length} tables was rejected`
          : `Highest rate: ${worst.table}, ${share(worst.rejected, worst.read, 'row')} rejected`;
      return atMost(worst.rate, limit, what, `Over the limit: ${named(over)}. Explain each reject.`);
    },
  },
  {
    id: 'patient_chain',
    title: 'No referential break in the patient chain',
    ownerRole: 'clinical_safety_reviewer',
    evidence: [ARTEFACTS.qualityReport, ARTEFACTS.migrationRejects],
    judge: ({ quality, rejects, target }, { patient_chain_breaks_max: limit }) => {
      if (quality.value === null) return notProven(limit, quality.absent);
      if (rejects.value === null) return notProven(limit, rejects.absent);
      if (target.value === null) return notProven(limit, target.absent);
      const rules = quality.value.rules.filter((rule) => CHAIN_RULES.includes(rule.id));
      const broken = rules.filter((rule) => rule.status === 'failed');
      const chain = new Set(patientChain([...target.value.tables.values()]));
      const orphans = rejects.value
        .filter((row) => row.reason === 'PARENT_MISSING' && chain.has(row.targetTable))
        .reduce((sum, row) => sum + row.rows, 0);
      const breaks = broken.reduce((sum, rule) => sum + rule.numerator, 0) + orphans;
      if (breaks > limit) {
        const where = broken.length > 0 ? `failing ${named(broken.map((rule) => rule.id))}` : 'no rule failing';
        return fail(
          breaks,
          limit,
          `${said(breaks)} breaks: ${where}, ${said(orphans)} rows whose parent is missing. Load or correct the parents.`,
        );
      }
      const judged = new Set(rules.filter((rule) => rule.denominator > 0).map((rule) => rule.id));
      const unproven = REQUIRED_CHAIN_RULES.filter((id) => !judged.has(id));
      if (unproven.length > 0) {
        return notProven(limit, `Not judged: ${named(unproven)}. See why in the quality report.`, breaks);
      }
      return pass(
        breaks,
        limit,
        `${rules.filter((rule) => rule.status === 'passed').length} rules hold over the chain.`,
      );
    },
  },
];

/** Names of the tables that hang on a patient. */
export function patientChain(tables: readonly { readonly name: string; readonly family: string }[]): string[] {
  return tables.filter(({ family }) => FAMILIES.get(family)?.patientChain).map(({ name }) => name);
}

/** Rejected of read rows of each target table that read any. */
export function tableRates(stats: readonly TableStat[]) {
  const loads = stats.filter((stat) => stat.targetTable !== '');
  return [...groupBy(loads, (stat) => stat.targetTable)].flatMap(([table, own]) => {
    const read = own.reduce((sum, stat) => sum + stat.rowsRead, 0);
    const rejected = own.reduce((sum, stat) => sum + stat.rowsRejected, 0);
    return read === 0 ? [] : [{ table, read, rejected, rate: ratio(rejected, read) }];
  });
}

/** Without these nothing is known about the chain: patients, referrals, waiting list, spells, one patient all along. */
const REQUIRED_CHAIN_RULES = ['RIN-01', 'RIN-02', 'RIN-04', 'RIN-06', 'RIN-14'];
