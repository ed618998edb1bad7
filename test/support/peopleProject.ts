import { runStage } from '../../src/core/lifecycle/runStage.ts';
import type { StageDefinition } from '../../src/core/lifecycle/stage.ts';
import { runContractMigration } from '../../src/core/migration/runContractMigration.ts';
import type { TestProject } from './project.ts';
import { catalogText, contractText, TABLES_HEADER } from './smallProject.ts';

/** A project of patients with NHS numbers and their visits: what the policy, the loads and the reconciliation look at. */
export const PEOPLE_SOURCE = catalogText(`
  PAT.NO VARCHAR(10) M PK is=PMI/patient_id
  PAT.NHSNO VARCHAR(12) is=PMI/nhs_number
  PAT.SNM VARCHAR(40) M is=PMI/surname
  PAT.DOB DATE as=HOROLOG is=PMI/birth_date
  VIS.VID VARCHAR(10) M PK
  VIS.NO VARCHAR(10) M FK=PAT.NO
  VIS.MINS INTEGER
  OLDPAT.ID VARCHAR(10) M PK
  OLDPAT.NHS_NUMBER VARCHAR(12)
`);

export const PEOPLE_TARGET = catalogText(`
  LOAD_PATIENT.PATIENT_ID VARCHAR(10) M PK is=PMI/patient_id
  LOAD_PATIENT.NHS_NUMBER VARCHAR(10) is=PMI/nhs_number
  LOAD_PATIENT.SURNAME VARCHAR(40) M is=PMI/surname
  LOAD_PATIENT.BORN DATE is=PMI/birth_date
  LOAD_VISIT.ID VARCHAR(10) M PK
  LOAD_VISIT.PATIENT_ID VARCHAR(10) M FK=LOAD_PATIENT.PATIENT_ID
  LOAD_VISIT.MINUTES INTEGER
`);

const CONTRACT = contractText(`
  LOAD_PATIENT.PATIENT_ID|direct|PAT.NO
  LOAD_PATIENT.NHS_NUMBER|derived||nhs_number(PAT.NHSNO)
  LOAD_PATIENT.SURNAME|direct|PAT.SNM
  LOAD_PATIENT.BORN|direct|PAT.DOB
  LOAD_VISIT.ID|direct|VIS.VID
  LOAD_VISIT.PATIENT_ID|direct|VIS.NO
  LOAD_VISIT.MINUTES|direct|VIS.MINS
`);

const TABLES = `${TABLES_HEADER}
LOAD_PATIENT,main,PAT,,,PATIENT_ID,,1,APPROVED,
LOAD_VISIT,main,VIS,,,ID,,2,APPROVED,
,out_of_scope,OLDPAT,,,,,0,APPROVED,Left behind
`;

/** @param numbers NHS numbers of the patients P1, P2, … */
export function peopleProject(numbers: readonly string[] = ['9990000018', '999 000 0026']): Record<string, string> {
  const patients = numbers.map((number, index) => `P${index + 1},${number},Name${index + 1},${58074 + index}`);
  const visits = numbers.map((_, index) => `V${index + 1},P${index + 1},${(index + 1) * 10}`);
  return {
    'schemas/source_schema_catalog.csv': PEOPLE_SOURCE,
    'schemas/target_schema_catalog.csv': PEOPLE_TARGET,
    'schemas/crosswalks/sex.csv':
      'source_code,target_code,description,safety_critical,valid_from,valid_to,status\nM,1,Male,Y,,,APPROVED\n',
    'schemas/crosswalk_index.csv': 'crosswalk,row_policy,safety_critical\n',
    'reports/mapping_contract.csv': CONTRACT,
    'reports/mapping_contract_tables.csv': TABLES,
    'mock_data/source/PAT.csv': `NO,NHSNO,SNM,DOB\n${patients.join('\n')}\n`,
    'mock_data/source/VIS.csv': `VID,NO,MINS\n${visits.join('\n')}\n`,
    'mock_data/source/OLDPAT.csv': 'ID,NHS_NUMBER\n',
  };
}

/** Runs the contract migration in a people project. */
export function migratePeople(project: TestProject, options: Record<string, unknown> = {}) {
  return runStage(project.context(), runContractMigration as unknown as StageDefinition, options);
}
