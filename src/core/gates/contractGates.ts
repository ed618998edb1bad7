import { faultyLineWords } from '../audit/crosswalkApprovals.ts';
import { type ContractTable, OUT_OF_SCOPE_ROW_SET } from '../contract/contract.ts';
import { dataFiles } from '../migration/dataFiles.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { compareText } from '../shared/order.ts';
import type { Evidence } from './evidence.ts';
import { atLeast, atMost, fail, type Gate, named, notProven, pass, ratio, said } from './gate.ts';

const CONTRACT_FILES = [ARTEFACTS.contract, ARTEFACTS.contractTables];

/** Target tables the contract loads. */
export function loadedTables(tables: readonly ContractTable[]): ContractTable[] {
  return tables.filter((row) => row.targetTable !== '' && row.rowSet !== OUT_OF_SCOPE_ROW_SET);
}

/** Gates over the mapping contract: it decides every mandatory field, and people have approved it. */
export const CONTRACT_GATES: readonly Gate[] = [
  {
    id: 'contract_resolved',
    title: 'No mandatory target field is unresolved',
    ownerRole: 'data_mapping_analyst',
    evidence: [...CONTRACT_FILES, ARTEFACTS.targetCatalog],
    judge: ({ contract, target }, { contract_unresolved_mandatory_max: limit }) => {
      if (contract.value === null) return notProven(`<= ${limit}`, contract.absent);
      if (target.value === null) return notProven(`<= ${limit}`, target.absent);
      const loaded = new Set(loadedTables(contract.value.tables).map((row) => row.targetTable));
      const mandatory = target.value.fields.filter((field) => field.mandatory);
      if (mandatory.length === 0 || contract.value.fields.length === 0) {
        return notProven(`<= ${limit}`, 'The contract or the target catalog is empty: nothing was examined.');
      }
      const decided = new Set(
        contract.value.fields
          .filter((row) => row.mappingClass !== 'unresolved')
          .map((row) => `${row.targetTable}.${row.targetField}`),
      );
      const open = new Set(
        contract.value.fields
          .filter((row) => row.mappingClass === 'unresolved')
          .map((row) => `${row.targetTable}.${row.targetField}`),
      );
      // A field with no row at all is as undecided as one that says so; so is a table nobody loads nor rules out.
      const missing = mandatory
        .map((field) => `${field.table}.${field.field}`)
        .filter((name) => open.has(name) || !decided.has(name));
      const undecided = tablesWithoutDecision(contract.value.tables, loaded, [...target.value.tables.keys()], decided);
      const what = `${said(missing.length)} of ${said(mandatory.length)} mandatory target fields are unresolved`;
      const names = missing.length === 0 ? '' : `: ${named(missing)}`;
      if (undecided.length > 0 && limit !== 'any') {
        return fail(
          missing.length,
          `<= ${limit}`,
          `${what}${names}; target tables without a contract table row: ${named(undecided)}. Decide each in the contract.`,
        );
      }
      return atMost(missing.length, limit, `${what}${names}`, 'Decide each in the contract.');
    },
  },
  {
    id: 'contract_approved',
    title: 'The contract rows are approved',
    ownerRole: 'data_mapping_analyst',
    evidence: [...CONTRACT_FILES, ARTEFACTS.crosswalks],
    judge: (
      { contract, changedSinceApproval: changed = [], approvedWithoutReview: unreviewed = [], faultyLines: lines = [] },
      { contract_approved_min: least },
    ) => {
      if (contract.value === null) return notProven(`>= ${least}`, contract.absent);
      const rows = [...contract.value.fields, ...contract.value.tables];
      if (rows.length === 0) return notProven(`>= ${least}`, 'The contract has no rows; run build-mapping-contract.');
      const approved = rows.filter((row) => row.status === 'APPROVED').length;
      return atLeast(
        ratio(approved, rows.length + lines.length),
        least,
        `${said(approved)} of ${said(rows.length)} contract rows are APPROVED${
          changed.length === 0 ? '' : `, without ${changed.length} changed since their approval (${named(changed)})`
        }${
          unreviewed.length === 0
            ? ''
            : `, without ${unreviewed.length} with no approval on record (${named(unreviewed)})`
        }${lines.length === 0 ? '' : `; ${faultyLineWords(lines)}`}`,
        'Review the others.',
      );
    },
  },
  {
    id: 'source_tables_present',
    title: 'Every driving source table holds rows',
    ownerRole: 'etl_engineer',
    evidence: [ARTEFACTS.contractTables, ARTEFACTS.migrationReport],
    judge: ({ contract, migration }) => {
      const expected = 'every driving table has rows';
      if (contract.value === null) return notProven(expected, contract.absent);
      if (migration.value === null) return notProven(expected, migration.absent);
      const driving = [...new Set(loadedTables(contract.value.tables).map((row) => row.drivingTable))].sort(
        compareText,
      );
      if (driving.length === 0) return notProven(expected, 'The contract names no driving table.');
      const rows = sourceRows(migration.value.inputs);
      const missing = driving.filter((table) => !rows.has(table));
      const empty = driving.filter((table) => rows.get(table) === 0);
      const held = driving.length - missing.length - empty.length;
      if (missing.length > 0) {
        return fail(
          held,
          driving.length,
          `The migration read no file for ${named(missing)}. Add the extract and run run-contract-migration.`,
        );
      }
      if (empty.length > 0) {
        return notProven(
          driving.length,
          `No rows in ${named(empty)}: their mappings were not exercised. Extract them again, or rule them out in the contract.`,
          held,
        );
      }
      return pass(held, driving.length, `All ${held} driving tables hold rows.`);
    },
  },
];

/** Tables of the target that no table row loads and no field row decides. */
function tablesWithoutDecision(
  rows: readonly ContractTable[],
  loaded: ReadonlySet<string>,
  names: readonly string[],
  decided: ReadonlySet<string>,
): string[] {
  const fieldDecided = new Set([...decided].map((name) => name.slice(0, name.lastIndexOf('.'))));
  const ruledOut = new Set(rows.map((row) => row.targetTable));
  return names.filter((name) => !loaded.has(name) && !ruledOut.has(name) && !fieldDecided.has(name));
}

/** Rows read by source table name, from the files the migration recorded as data. */
export function sourceRows(
  inputs: NonNullable<Evidence['migration']['value']>['inputs'],
): Map<string, number | undefined> {
  return new Map(
    dataFiles(inputs).map(({ path, rows }) => [path.slice(path.lastIndexOf('/') + 1, -'.csv'.length), rows]),
  );
}
