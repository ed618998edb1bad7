/** A small migration that holds one of everything: join, lookup, surrogate, row sets, filter, dedupe, formats. */

const CATALOG_HEADER =
  'table_name,field_name,ordinal,data_type,length,precision,scale,mandatory,primary_key,foreign_key,code_set,description,spec_file,spec_location,parse_confidence,declared_type,format,family,concept';

/** One catalog line: `TABLE.FIELD TYPE[(length)] [M] [PK] [FK=TABLE.FIELD] [format] [family/concept]`. */
function catalogLine(text: string, ordinal: number): string {
  const [name = '', type = '', ...flags] = text.trim().split(/\s+/);
  const [table = '', field = ''] = name.split('.');
  const [, dataType = '', length = ''] = /^([A-Z]+)(?:\((\d+)\))?$/.exec(type) ?? [];
  const value = (prefix: string): string => flags.find((flag) => flag.startsWith(prefix))?.slice(prefix.length) ?? '';
  const [family = '', concept = ''] = value('is=').split('/');
  const cells = [
    table,
    field,
    ordinal,
    dataType,
    length,
    '',
    '',
    flags.includes('M') ? 'Y' : 'N',
    flags.includes('PK') ? 'Y' : 'N',
    value('FK='),
    value('set='),
    '',
    'spec.csv',
    `line ${ordinal}`,
    '1',
    type,
    value('as='),
    family,
    concept,
  ];
  return cells.join(',');
}

export function catalogText(fields: string): string {
  const lines = fields.split('\n').filter((line) => line.trim() !== '');
  const ordinals = new Map<string, number>();
  const rows = lines.map((line) => {
    const table = line.trim().split('.')[0] ?? '';
    const ordinal = (ordinals.get(table) ?? 0) + 1;
    ordinals.set(table, ordinal);
    return catalogLine(line, ordinal);
  });
  return `${[CATALOG_HEADER, ...rows].join('\n')}\n`;
}

export const SOURCE_CATALOG = catalogText(`
  PAT.NO VARCHAR(10) M PK is=PMI/patient_id
  PAT.SNM VARCHAR(40) M
  PAT.FSN1 VARCHAR(40)
  PAT.FSN2 VARCHAR(40)
  PAT.DOB DATE as=HOROLOG
  PAT.SEX VARCHAR(2) set=sex
  PAT.REL VARCHAR(2) set=religion
  MRG.OLD VARCHAR(10) M PK
  MRG.FINAL VARCHAR(10) M
  REF.RNO VARCHAR(10) M PK
  REF.NO VARCHAR(10) M FK=PAT.NO
  REF.RCV DATE as=YYYYMMDD
  APP.ANO VARCHAR(10) M PK
  APP.RNO VARCHAR(10) FK=REF.RNO
  APP.NO VARCHAR(10) M FK=PAT.NO
  APP.AT DATETIME as=YYYYMMDDHHMM
  USR.ID VARCHAR(10) M PK
`);

export const TARGET_CATALOG = catalogText(`
  LOAD_PATIENT.PATIENT_ID VARCHAR(10) M PK is=PMI/patient_id
  LOAD_PATIENT.SURNAME VARCHAR(10) M
  LOAD_PATIENT.BORN DATE
  LOAD_PATIENT.SEX VARCHAR(1) M
  LOAD_PATIENT.RELIGION VARCHAR(4)
  LOAD_PATIENT.LOADED_BY VARCHAR(10)
  LOAD_NAME.PATIENT_ID VARCHAR(10) M PK FK=LOAD_PATIENT.PATIENT_ID
  LOAD_NAME.SEQ INTEGER M PK
  LOAD_NAME.SURNAME VARCHAR(40) M
  LOAD_REFERRAL.KEY INTEGER M PK
  LOAD_REFERRAL.LEGACY_NO VARCHAR(10) M
  LOAD_REFERRAL.PATIENT_ID VARCHAR(10) M FK=LOAD_PATIENT.PATIENT_ID
  LOAD_REFERRAL.RECEIVED DATE
  LOAD_APPOINTMENT.ID VARCHAR(10) M PK
  LOAD_APPOINTMENT.REFERRAL_KEY INTEGER FK=LOAD_REFERRAL.KEY
  LOAD_APPOINTMENT.PATIENT_ID VARCHAR(10) M FK=LOAD_PATIENT.PATIENT_ID
  LOAD_APPOINTMENT.STARTS DATETIME M
`);

export const CONTRACT_HEADER =
  'target_table,target_field,data_type,mandatory,mapping_class,source_table,source_field,rule,crosswalk,default_value,confidence,status,owner,notes,row_set';
export const TABLES_HEADER = 'target_table,row_set,driving_table,joins,filter,grain,dedupe,load_order,status,notes';

/** `LOAD_X.FIELD|class|TABLE.COLUMN|rule|crosswalk|default|row set` a line. */
export function contractText(rows: string): string {
  const lines = rows
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [target = '', mappingClass = '', source = '', rule = '', crosswalk = '', standard = '', rowSet = ''] = line
        .trim()
        .split('|');
      const [table = '', field = ''] = target.split('.');
      const [sourceTable = '', sourceField = ''] = source.split('.');
      const quoted = `"${rule.replaceAll('"', '""')}"`;
      return [
        table,
        field,
        '',
        'Y',
        mappingClass,
        sourceTable,
        sourceField,
        rule === '' ? '' : quoted,
        crosswalk,
        standard,
        '1.00',
        'APPROVED',
        'Mapping Analyst',
        '',
        rowSet,
      ].join(',');
    });
  return `${[CONTRACT_HEADER, ...lines].join('\n')}\n`;
}

export const CONTRACT = contractText(`
  LOAD_PATIENT.PATIENT_ID|direct|PAT.NO
  LOAD_PATIENT.SURNAME|direct|PAT.SNM
  LOAD_PATIENT.BORN|direct|PAT.DOB
  LOAD_PATIENT.SEX|lookup|PAT.SEX||sex|X
  LOAD_PATIENT.RELIGION|lookup|PAT.REL||religion
  LOAD_PATIENT.LOADED_BY|constant||||PAS
  LOAD_NAME.PATIENT_ID|derived||coalesce(MRG.FINAL, PAT.NO)
  LOAD_NAME.SEQ|constant||||1|former_1
  LOAD_NAME.SEQ|constant||||2|former_2
  LOAD_NAME.SURNAME|direct|PAT.FSN1||||former_1
  LOAD_NAME.SURNAME|direct|PAT.FSN2||||former_2
  LOAD_REFERRAL.KEY|surrogate||RNO
  LOAD_REFERRAL.LEGACY_NO|direct|REF.RNO
  LOAD_REFERRAL.PATIENT_ID|derived||coalesce(MRG.FINAL, REF.NO)
  LOAD_REFERRAL.RECEIVED|direct|REF.RCV
  LOAD_APPOINTMENT.ID|direct|APP.ANO
  LOAD_APPOINTMENT.REFERRAL_KEY|surrogate||APP.RNO
  LOAD_APPOINTMENT.PATIENT_ID|derived||coalesce(MRG.FINAL, APP.NO)
  LOAD_APPOINTMENT.STARTS|direct|APP.AT
`);

export const CONTRACT_TABLES = `${TABLES_HEADER}
LOAD_PATIENT,main,PAT,MRG ON MRG.OLD = PAT.NO,MRG.OLD IS NULL,PATIENT_ID,,1,APPROVED,
LOAD_NAME,former_1,PAT,MRG ON MRG.OLD = PAT.NO,FSN1 IS NOT NULL,"PATIENT_ID,SEQ",,2,APPROVED,
LOAD_NAME,former_2,PAT,MRG ON MRG.OLD = PAT.NO,FSN2 IS NOT NULL,"PATIENT_ID,SEQ",,2,APPROVED,
LOAD_REFERRAL,main,REF,MRG ON MRG.OLD = REF.NO,,KEY,RNO KEEP LAST BY RCV,3,APPROVED,
LOAD_APPOINTMENT,main,APP,MRG ON MRG.OLD = APP.NO,,ID,,4,APPROVED,
,out_of_scope,USR,,,,,0,APPROVED,Accounts of the old system
`;

const CROSSWALK_HEADER = 'source_code,target_code,description,safety_critical,valid_from,valid_to,status';

/** A clean project: every row loads, is merged or is excluded for a reason. */
export function smallProject(): Record<string, string> {
  return {
    'schemas/source_schema_catalog.csv': SOURCE_CATALOG,
    'schemas/target_schema_catalog.csv': TARGET_CATALOG,
    'schemas/crosswalks/sex.csv': `${CROSSWALK_HEADER}\nM,1,Male,Y,,,APPROVED\nF,2,Female,Y,,,APPROVED\n`,
    'schemas/crosswalks/religion.csv': `${CROSSWALK_HEADER}\nC,CHR,Christian,N,,,APPROVED\nN,,None recorded,N,,,APPROVED\n`,
    'schemas/crosswalk_index.csv': 'crosswalk,row_policy,safety_critical\nsex,hold,Y\nreligion,load_null,N\n',
    'reports/mapping_contract.csv': CONTRACT,
    'reports/mapping_contract_tables.csv': CONTRACT_TABLES,
    'mock_data/source/PAT.csv':
      "NO,SNM,FSN1,FSN2,DOB,SEX,REL\nP1,O'Brien,Smith,Jones,58074,M,C\nP2,Née,,,47117,F,\nP3,Old,Ex,,58074,M,N\n",
    'mock_data/source/MRG.csv': 'OLD,FINAL\nP3,P1\n',
    'mock_data/source/REF.csv': 'RNO,NO,RCV\nR1,P1,20250102\nR2,P3,20250103\nR2,P3,20250104\n',
    'mock_data/source/APP.csv': 'ANO,RNO,NO,AT\nA1,R1,P1,202503011030\nA2,R2,P3,202503012400\nA3,,P2,202503020900\n',
    'mock_data/source/USR.csv': 'ID\nU1\n',
  };
}
